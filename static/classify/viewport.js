// Where the picture lies in the viewer's stage: pure geometry.
//
// A view is {zoom, x, y, turns, tilt?}: zoom 1 shows the full picture as large as the stage allows; x and y move the picture's
// centre away from the stage's, in CSS pixels; turns counts quarter turns clockwise, tilt is degrees more.

export const FIT = Object.freeze({ zoom: 1, x: 0, y: 0, turns: 0 });
export const STEP = 1.35;
const MOST = 16;

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

export const degreesOf = ({ turns, tilt = 0 }) => turns * 90 + tilt;

// Cosine and sine of the picture's turn; whole for quarters.
function axes(view) {
  const degrees = degreesOf(view);
  if (degrees % 90 === 0) return [[1, 0], [0, 1], [-1, 0], [0, -1]][(((degrees / 90) % 4) + 4) % 4];
  return [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
}

// The upright box around a picture of this size when it is turned.
function around({ width, height }, view) {
  const [cos, sin] = axes(view).map(Math.abs);
  return { width: width * cos + height * sin, height: width * sin + height * cos };
}

// The picture's size on the stage at zoom 1, before it is turned. `stage` and `picture` are {width, height}.
export function fittedSize(stage, picture, view) {
  const box = around(picture, view);
  const scale = Math.min(stage.width / box.width, stage.height / box.height);
  return { width: picture.width * scale, height: picture.height * scale };
}

// Keeps the picture's edge from coming further in than the stage's edge; a side that fits stays centred.
export function clampView(view, stage, picture) {
  const box = around(fittedSize(stage, picture, view), view);
  const spareX = Math.max(0, (box.width * view.zoom - stage.width) / 2);
  const spareY = Math.max(0, (box.height * view.zoom - stage.height) / 2);
  return { ...view, x: clamp(view.x, -spareX, spareX) + 0, y: clamp(view.y, -spareY, spareY) + 0 };
}

export function panned(view, dx, dy, stage, picture) {
  return clampView({ ...view, x: view.x + dx, y: view.y + dy }, stage, picture);
}

// Zooms by `factor` so that what lies at `point` (from the stage's centre, in CSS pixels) stays there.
export function zoomed(view, factor, point, stage, picture) {
  const zoom = clamp(view.zoom * factor, 1, MOST);
  const ratio = zoom / view.zoom;
  const x = point.x - (point.x - view.x) * ratio;
  const y = point.y - (point.y - view.y) * ratio;
  return clampView({ ...view, zoom, x, y }, stage, picture);
}

export function turned(view, stage, picture) {
  return clampView({ ...view, turns: (view.turns + 1) % 4, x: -view.y, y: view.x }, stage, picture);
}

// Turned to `tilt` degrees from the quarter, around the stage's centre.
export function tilted(view, tilt, stage, picture) {
  const by = ((tilt - (view.tilt ?? 0)) * Math.PI) / 180;
  const [x, y] = [view.x * Math.cos(by) - view.y * Math.sin(by), view.x * Math.sin(by) + view.y * Math.cos(by)];
  return clampView({ ...view, tilt, x, y }, stage, picture);
}

// How many of the picture's pixels one CSS pixel of the stage is.
export function unitOf(view, stage, picture) {
  return picture.width / (fittedSize(stage, picture, view).width * view.zoom);
}

// From the picture's pixels to the stage's, whose origin is its top left: [a, b, c, d, e, f] as SVG's matrix() has them.
export function matrixOf(view, stage, picture) {
  const scale = 1 / unitOf(view, stage, picture);
  const [cos, sin] = axes(view);
  const [a, b] = [cos * scale + 0, sin * scale + 0];
  const [x, y] = [picture.width / 2, picture.height / 2];
  return [a, b, -b + 0, a, stage.width / 2 + view.x - a * x + b * y, stage.height / 2 + view.y - b * x - a * y];
}

// The pixel of the picture that lies at `point` of the stage, from the stage's centre.
export function pixelAt(point, view, stage, picture) {
  const unit = unitOf(view, stage, picture);
  const [x, y] = [(point.x - view.x) * unit, (point.y - view.y) * unit];
  const [cos, sin] = axes(view);
  return { x: picture.width / 2 + x * cos + y * sin, y: picture.height / 2 - x * sin + y * cos };
}

// The middle of what is seen of the picture, and half of the shorter side of that, in the picture's pixels.
export function seen(view, stage, picture) {
  const unit = unitOf(view, stage, picture);
  const box = around(fittedSize(stage, picture, view), view);
  return {
    centre: pixelAt({ x: 0, y: 0 }, view, stage, picture),
    half: (Math.min(stage.width, box.width * view.zoom, stage.height, box.height * view.zoom) * unit) / 2,
  };
}
