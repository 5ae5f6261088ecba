// point and line. What a shape can do is told in shapes.js.

import { apart, between, direction, into, isInto, path, rotated, toSegment } from "./plane.js";

export const point = {
  gesture: "tap",
  from: (a, b, size) => into(b, size),
  places: (g) => [{ x: g.x, y: g.y }],
  replaced: (g, [p]) => p,
  handles: () => [],
  dragged: (g) => g,
  grown: (g) => g,
  turned: (g) => g,
  distance: (g, p) => apart(g, p),
  isIn: () => false,
  middle: (g) => g,
  // A ring that stays as large on the screen, with its middle free to be seen.
  path: ({ x, y }, unit) => {
    const [r, gap] = [9 * unit, 3 * unit];
    const ring = `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`;
    return `${ring}M${x - r} ${y}H${x - gap}M${x + gap} ${y}H${x + r}M${x} ${y - r}V${y - gap}M${x} ${y + gap}V${y + r}`;
  },
  added: (centre) => centre,
};

const ends = (g) => [{ x: g.x1, y: g.y1 }, { x: g.x2, y: g.y2 }];
const of = (a, b) => ({ x1: a.x, y1: a.y, x2: b.x, y2: b.y });
const middle = (g) => between(...ends(g));
// Where an end would leave the picture, the line stays as it is: moving that end alone would make another line.
const kept = (g, made, size) => (ends(made).every((end) => isInto(end, size)) ? made : g);

export const line = {
  gesture: "drag",
  from: (a, b, size) => of(into(a, size), into(b, size)),
  places: ends,
  replaced: (g, [a, b]) => of(a, b),
  handles: ends,
  dragged(g, at, p, size) {
    const [a, b] = ends(g);
    return at === 0 ? of(into(p, size), b) : of(a, into(p, size));
  },
  grown(g, by, size) {
    const [a, b] = ends(g);
    const half = apart(a, b) / 2;
    if (half + by < 0.5) return g;
    const way = direction(a, b);
    const out = rotated({ x: half + by, y: 0 }, way);
    const { x, y } = middle(g);
    return kept(g, of({ x: x - out.x, y: y - out.y }, { x: x + out.x, y: y + out.y }), size);
  },
  turned: (g, degrees, size) => kept(g, of(...ends(g).map((end) => rotated(end, degrees, middle(g)))), size),
  distance: (g, p) => toSegment(p, ...ends(g)),
  isIn: () => false,
  middle,
  path: (g) => path(ends(g), false),
  added: (centre, half) => of({ x: centre.x - half, y: centre.y }, { x: centre.x + half, y: centre.y }),
};
