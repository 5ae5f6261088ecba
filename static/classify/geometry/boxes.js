// rectangle and rotated rectangle.

import { between, direction, halfTurn, into, isInto, isWithin, path, rotated, toPath } from "./plane.js";

const LEAST = 0.5; // px of a side

const centreOf = (g) => ({ x: g.x_center, y: g.y_center });

const cornersOf = ({ x, y, width, height }) =>
  [{ x, y }, { x: x + width, y }, { x: x + width, y: y + height }, { x, y: y + height }];

// From one corner to the one across; a side is never without a length.
function spanned(a, b, size) {
  const [p, q] = [into(a, size), into(b, size)];
  const side = (from, to, most) => {
    const long = Math.max(LEAST, Math.abs(to - from));
    return [Math.min(Math.min(from, to), most - long), long];
  };
  const [x, width] = side(p.x, q.x, size.width);
  const [y, height] = side(p.y, q.y, size.height);
  return { x, y, width, height };
}

export const rectangle = {
  gesture: "drag",
  from: spanned,
  places: cornersOf,
  replaced: (g, [{ x, y }]) => ({ ...g, x, y }),
  handles: cornersOf,
  dragged: (g, at, p, size) => spanned(cornersOf(g)[(at + 2) % 4], p, size),
  grown(g, by, size) {
    const width = g.width + 2 * by;
    const height = g.height + 2 * by;
    const made = { x: g.x - by, y: g.y - by, width, height };
    return width >= LEAST && height >= LEAST && cornersOf(made).every((each) => isInto(each, size)) ? made : g;
  },
  turned: (g) => g,
  distance: (g, p) => toPath(p, cornersOf(g), true),
  isIn: (g, p) => isWithin(p, cornersOf(g)),
  middle: (g) => ({ x: g.x + g.width / 2, y: g.y + g.height / 2 }),
  path: (g) => path(cornersOf(g), true),
  added: ({ x, y }, half) => ({ x: x - half, y: y - half * 0.75, width: 2 * half, height: 1.5 * half }),
};

const turnedCorners = (g) => {
  const { x, y } = centreOf(g);
  return cornersOf({ x: x - g.width / 2, y: y - g.height / 2, width: g.width, height: g.height })
    .map((corner) => rotated(corner, g.angle, { x, y }));
};

// The last handle turns it; it stands over the middle of one side, the first of those whose handle is in the picture.
function turner(g, unit, size) {
  const off = 26 * unit;
  const ways = [[0, -g.height / 2 - off, 90], [g.width / 2 + off, 0, 0], [0, g.height / 2 + off, -90], [-g.width / 2 - off, 0, 180]];
  const made = ways.map(([x, y, from]) => {
    const at = rotated({ x, y }, g.angle);
    return { x: g.x_center + at.x, y: g.y_center + at.y, from, turns: true };
  });
  return made.find((each) => isInto(each, size)) ?? made[0];
}

export const rotated_rectangle = {
  gesture: "drag",
  from(a, b, size) {
    const box = spanned(a, b, size);
    return { x_center: box.x + box.width / 2, y_center: box.y + box.height / 2, width: box.width, height: box.height, angle: 0 };
  },
  places: (g) => [centreOf(g)],
  replaced: (g, [{ x, y }]) => ({ ...g, x_center: x, y_center: y }),
  handles: (g, unit, size) => [...turnedCorners(g), turner(g, unit, size)],
  dragged(g, at, p, size, unit) {
    if (at === 4) return { ...g, angle: halfTurn(direction(centreOf(g), p) + turner(g, unit, size).from) };
    const across = turnedCorners(g)[(at + 2) % 4];
    const corner = into(p, size);
    const diagonal = rotated({ x: corner.x - across.x, y: corner.y - across.y }, -g.angle);
    const { x, y } = into(between(across, corner), size);
    return { ...g, x_center: x, y_center: y, width: Math.max(LEAST, Math.abs(diagonal.x)), height: Math.max(LEAST, Math.abs(diagonal.y)) };
  },
  grown(g, by) {
    const [width, height] = [g.width + 2 * by, g.height + 2 * by];
    return width >= LEAST && height >= LEAST ? { ...g, width, height } : g;
  },
  turned: (g, degrees) => ({ ...g, angle: halfTurn(g.angle + degrees) }),
  distance: (g, p) => toPath(p, turnedCorners(g), true),
  isIn: (g, p) => isWithin(p, turnedCorners(g)),
  middle: centreOf,
  path: (g) => path(turnedCorners(g), true),
  added: ({ x, y }, half) => ({ x_center: x, y_center: y, width: 2 * half, height: 1.2 * half, angle: 0 }),
};
