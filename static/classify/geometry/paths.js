// polygon, segmented line and freehand outline: {points: [[x, y], ...]}.

import { apart, between, into, isInto, isWithin, path, rotated, simplified, toPath } from "./plane.js";

export const MOST_POINTS = 500; // of one mark; projects/tasks/shapes.py refuses more

const read = (g) => g.points.map(([x, y]) => ({ x, y }));
const write = (points) => ({ points: points.map(({ x, y }) => [x, y]) });

function middle(g) {
  const points = read(g);
  const sum = points.reduce((a, b) => ({ x: a.x + b.x, y: a.y + b.y }));
  return { x: sum.x / points.length, y: sum.y / points.length };
}

// Where a point would leave the picture the mark stays as it is: it would become another shape.
const kept = (g, points, size) => (points.every((p) => isInto(p, size)) ? write(points) : g);

function grown(g, by, size) {
  const centre = middle(g);
  const reach = Math.max(...read(g).map((p) => apart(p, centre)));
  const factor = (reach + by) / reach;
  if (!(reach + by >= 1)) return g;
  return kept(g, read(g).map((p) => ({ x: centre.x + (p.x - centre.x) * factor, y: centre.y + (p.y - centre.y) * factor })), size);
}

const ring = (corners, { x, y }, half) => write(Array.from({ length: corners }, (_, at) => {
  const way = rotated({ x: 0, y: -half }, (360 * at) / corners);
  return { x: x + way.x, y: y + way.y };
}));

const common = (closed) => ({
  places: read,
  replaced: (g, points) => write(points),
  grown,
  turned: (g, degrees, size) => kept(g, read(g).map((p) => rotated(p, degrees, middle(g))), size),
  distance: (g, p) => toPath(p, read(g), closed),
  isIn: (g, p) => closed && isWithin(p, read(g)),
  middle,
  path: (g) => path(read(g), closed),
});

// The corners, then, between each two, one that makes a new corner when it is dragged.
function withBetween(points, closed) {
  const ends = closed ? [...points, points[0]] : points;
  const made = ends.slice(1).map((end, at) => ({ ...between(ends[at], end), adds: true }));
  return points.length < MOST_POINTS ? [...points, ...made] : points;
}

const cornered = (closed, fewest) => ({
  ...common(closed),
  gesture: "taps",
  closed,
  fewest,
  from: (points, size) => write(points.map((p) => into(p, size))),
  handles: (g) => withBetween(read(g), closed),
  dragged(g, at, p, size) {
    const points = read(g);
    const isNew = at >= points.length;
    points.splice(isNew ? at - points.length + 1 : at, isNew ? 0 : 1, into(p, size));
    return write(points);
  },
  // Which corner a handle is once it has been dragged.
  cornerOf: (g, at) => (at >= g.points.length ? at - g.points.length + 1 : at),
  without: (g, at) => (at < g.points.length && g.points.length > fewest ? { points: g.points.filter((_, n) => n !== at) } : g),
});

export const polygon = { ...cornered(true, 3), added: (centre, half) => ring(5, centre, half) };

export const segmented_line = {
  ...cornered(false, 2),
  added: ({ x, y }, half) => write([{ x: x - half, y: y + half / 2 }, { x, y: y - half / 2 }, { x: x + half, y: y + half / 2 }]),
};

// What the hand drew, without the points that nobody would miss; in any case with so few that it can be stored.
function outline(drawn, unit, size) {
  let tolerance = unit / 2;
  let points = simplified(drawn.map((p) => into(p, size)), tolerance);
  while (points.length > MOST_POINTS) {
    tolerance *= 2;
    points = simplified(points, tolerance);
  }
  return write(points);
}

export const freehand = {
  ...common(true),
  gesture: "stroke",
  closed: true,
  fewest: 3,
  from: outline,
  handles: () => [],
  dragged: (g) => g,
  added: (centre, half) => ring(16, centre, half),
};
