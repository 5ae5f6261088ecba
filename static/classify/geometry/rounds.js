// circle and ellipse. Their centres lie in the picture; their edges may reach out of it, as those of half a crater do.

import { apart, direction, halfTurn, into, isInto, path, rotated, toPath } from "./plane.js";

const LEAST = 0.5; // px of a radius

const centreOf = (g) => ({ x: g.x_center, y: g.y_center });
const radius = (r, size) => Math.min(Math.max(LEAST, r), Math.hypot(size.width, size.height));

// The end of a radius that lies in the picture, of those in these directions; the first where none does.
function end(g, r, directions, size) {
  const ends = directions.map((degrees) => {
    const way = rotated({ x: r, y: 0 }, degrees);
    return { x: g.x_center + way.x, y: g.y_center + way.y };
  });
  return ends.find((each) => isInto(each, size)) ?? ends[0];
}

export const circle = {
  gesture: "drag",
  from(a, b, size) {
    const { x, y } = into(a, size);
    return { x_center: x, y_center: y, r: radius(apart({ x, y }, b), size) };
  },
  places: (g) => [centreOf(g)],
  replaced: (g, [{ x, y }]) => ({ ...g, x_center: x, y_center: y }),
  handles: (g, unit, size) => [end(g, g.r, [0, 180, 90, 270], size)],
  dragged: (g, at, p, size) => ({ ...g, r: radius(apart(centreOf(g), p), size) }),
  grown: (g, by, size) => ({ ...g, r: radius(g.r + by, size) }),
  turned: (g) => g,
  distance: (g, p) => Math.abs(apart(centreOf(g), p) - g.r),
  isIn: (g, p) => apart(centreOf(g), p) <= g.r,
  middle: centreOf,
  path: ({ x_center: x, y_center: y, r }) => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0Z`,
  added: ({ x, y }, half) => ({ x_center: x, y_center: y, r: half }),
};

// Its edge as a line through 72 points: near enough to be hit, and to be drawn beside the pointer.
const edge = (g) => Array.from({ length: 72 }, (_, at) => {
  const turn = (at / 36) * Math.PI;
  const way = rotated({ x: g.rx * Math.cos(turn), y: g.ry * Math.sin(turn) }, g.angle);
  return { x: g.x_center + way.x, y: g.y_center + way.y };
});

export const ellipse = {
  gesture: "drag",
  from(a, b, size) {
    const { x, y } = into(a, size);
    return { x_center: x, y_center: y, rx: radius(Math.abs(b.x - x), size), ry: radius(Math.abs(b.y - y), size), angle: 0 };
  },
  places: (g) => [centreOf(g)],
  replaced: (g, [{ x, y }]) => ({ ...g, x_center: x, y_center: y }),
  // One handle a radius. The first one turns it too.
  handles: (g, unit, size) => [
    { ...end(g, g.rx, [g.angle, g.angle + 180], size), turns: true },
    end(g, g.ry, [g.angle + 90, g.angle + 270], size),
  ],
  dragged(g, at, p, size) {
    const centre = centreOf(g);
    if (at === 0) return { ...g, rx: radius(apart(centre, p), size), angle: halfTurn(direction(centre, p)) };
    return { ...g, ry: radius(Math.abs(rotated({ x: p.x - centre.x, y: p.y - centre.y }, -g.angle).y), size) };
  },
  grown: (g, by, size) => ({ ...g, rx: radius(g.rx + by, size), ry: radius(g.ry + by, size) }),
  turned: (g, degrees) => ({ ...g, angle: halfTurn(g.angle + degrees) }),
  distance: (g, p) => toPath(p, edge(g), true),
  isIn(g, p) {
    const { x, y } = rotated({ x: p.x - g.x_center, y: p.y - g.y_center }, -g.angle);
    return (x / g.rx) ** 2 + (y / g.ry) ** 2 <= 1;
  },
  middle: centreOf,
  path: (g) => path(edge(g), true),
  added: ({ x, y }, half) => ({ x_center: x, y_center: y, rx: half, ry: half * 0.6, angle: 0 }),
};
