// Points in the plane of a picture: {x, y} in pixels of the natural picture, origin top left, y down. Angles are in
// degrees, clockwise from the x axis. Pure.

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
export const round = (value) => Math.round(value * 100) / 100 + 0; // to two decimals; never -0
export const into = ({ x, y }, size) => ({ x: clamp(x, 0, size.width), y: clamp(y, 0, size.height) });
export const isInto = ({ x, y }, size) => x >= 0 && y >= 0 && x <= size.width && y <= size.height;
export const apart = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
export const between = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
export const halfTurn = (angle) => round(((angle % 180) + 180) % 180) % 180;

export function rotated({ x, y }, degrees, about = { x: 0, y: 0 }) {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [dx, dy] = [x - about.x, y - about.y];
  return { x: about.x + dx * cos - dy * sin, y: about.y + dx * sin + dy * cos };
}

// The angle of the way from a to b.
export const direction = (a, b) => (Math.atan2(b.y - a.y, b.x - a.x) * 180) / Math.PI;

export function toSegment(p, a, b) {
  const long = (b.x - a.x) ** 2 + (b.y - a.y) ** 2;
  const along = long === 0 ? 0 : clamp(((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / long, 0, 1);
  return apart(p, { x: a.x + along * (b.x - a.x), y: a.y + along * (b.y - a.y) });
}

// How far p is from the line through the points, closed or open.
export function toPath(p, points, closed) {
  const ends = closed ? [...points, points[0]] : points;
  if (ends.length === 1) return apart(p, ends[0]);
  return Math.min(...ends.slice(1).map((end, at) => toSegment(p, ends[at], end)));
}

// Whether p lies in the closed line, by the even-odd rule.
export function isWithin(p, points) {
  let within = false;
  points.forEach((a, at) => {
    const b = points[(at + 1) % points.length];
    if (a.y > p.y !== b.y > p.y && p.x < ((b.x - a.x) * (p.y - a.y)) / (b.y - a.y) + a.x) within = !within;
  });
  return within;
}

// As much of the way {x, y} as the points can go together without one leaving the picture.
export function stride(points, way, size) {
  const room = (values, most, by) => clamp(by, -Math.min(...values), most - Math.max(...values));
  return { x: room(points.map((p) => p.x), size.width, way.x), y: room(points.map((p) => p.y), size.height, way.y) };
}

// The points without those nearer than `tolerance` to the line that is left (Ramer, Douglas and Peucker); the ends stay.
export function simplified(points, tolerance) {
  if (points.length < 3) return points;
  const kept = new Set([0, points.length - 1]);
  const todo = [[0, points.length - 1]];
  while (todo.length > 0) {
    const [first, last] = todo.pop();
    let [far, at] = [tolerance, -1];
    for (let n = first + 1; n < last; n += 1) {
      const off = toSegment(points[n], points[first], points[last]);
      if (off > far) [far, at] = [off, n];
    }
    if (at < 0) continue;
    kept.add(at);
    todo.push([first, at], [at, last]);
  }
  return points.filter((_, at) => kept.has(at));
}

export const path = (points, closed) =>
  `M${points.map((p) => `${p.x} ${p.y}`).join("L")}${closed ? "Z" : ""}`;
