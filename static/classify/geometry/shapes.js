// The shapes of marks, by name: what the hand does to draw one, and what can be done to it then. Pure; the twin of
// projects/tasks/shapes.py. Lengths are pixels of the natural picture; `size` is the picture's {width, height}, and
// `unit` how many of its pixels a CSS pixel is just now.
//
// A shape has
//   gesture             tap, drag (from a to b), taps (corner by corner), stroke (a line drawn by hand)
//   from                the geometry that the gesture makes: (a, b, size); of taps (points, size); of a stroke (points, unit, size)
//   places(g)           what may not leave the picture: corners and ends; of what is round or turned the centre
//   replaced(g, points) the same with its places there, moved all alike
//   handles(g, unit, size)  [{x, y, turns?, adds?}]; dragged(g, at, p, size, unit): what is left when one is dragged to p
//   grown(g, by, size), turned(g, degrees, size)    as it was where it would leave the picture, or cannot
//   distance(g, p), isIn(g, p)                      to its line; whether p is inside of it
//   middle(g), path(g, unit)                        a place to name it at; the line as SVG
//   added(centre, half)                             one to begin with, about so large, for who uses no pointer
//   fewest, closed, cornerOf, without               of shapes with corners

import { rectangle, rotated_rectangle } from "./boxes.js";
import { line, point } from "./lines.js";
import { freehand, polygon, segmented_line } from "./paths.js";
import { apart, halfTurn, into, rotated, round, stride } from "./plane.js";
import { circle, ellipse } from "./rounds.js";

export const SHAPES = { point, line, rectangle, rotated_rectangle, circle, ellipse, polygon, segmented_line, freehand };

// Moved by {x, y}, as far as the picture goes.
export function moved(name, g, way, size) {
  const shape = SHAPES[name];
  const by = stride(shape.places(g), way, size);
  return shape.replaced(g, shape.places(g).map((p) => ({ x: p.x + by.x, y: p.y + by.y })));
}

// As it is stored: numbers to two decimals, half a turn less where the angle comes to that.
export function stored(g) {
  if (g.points) return { points: g.points.map((p) => p.map(round)) };
  const made = Object.fromEntries(Object.entries(g).map(([name, value]) => [name, round(value)]));
  return "angle" in made ? { ...made, angle: halfTurn(made.angle) } : made;
}

// Whether there is enough of it: as many different points as the shape needs, a line with a length.
export function isEnough(name, g) {
  const made = stored(g);
  if (made.points) return new Set(made.points.map(String)).size >= SHAPES[name].fewest;
  return name !== "line" || made.x1 !== made.x2 || made.y1 !== made.y2;
}

// One in the middle of what is seen, a little off where a mark stands there already.
export function placed(name, centre, half, taken, size) {
  let at = into(centre, size);
  const isFree = () => taken.every((each) => apart(each, at) >= half / 4);
  for (let n = 1; n < 300 && !isFree(); n += 1) {
    const way = rotated({ x: half * 0.5 * Math.sqrt(n), y: 0 }, n * 137.5); // as the seeds of a sunflower lie
    at = into({ x: centre.x + way.x, y: centre.y + way.y }, size);
  }
  return stored(moved(name, SHAPES[name].added(at, half), { x: 0, y: 0 }, size));
}

// The mark that is meant by a point: the nearest line within `reach`; where `inside`, else the smallest that holds it.
// Of equals the last drawn. `marks` is [{shape, g}]; -1 for none.
export function hit(marks, p, reach, inside) {
  let [found, best] = [-1, reach];
  marks.forEach(({ shape, g }, at) => {
    const off = SHAPES[shape].distance(g, p);
    if (off <= best) [found, best] = [at, off];
  });
  if (found >= 0 || !inside) return found;
  best = Infinity;
  marks.forEach(({ shape, g }, at) => {
    const extent = SHAPES[shape].isIn(g, p) ? extentOf(shape, g) : Infinity;
    if (extent < Infinity && extent <= best) [found, best] = [at, extent];
  });
  return found;
}

function extentOf(name, g) {
  if ("r" in g) return g.r ** 2 * 4;
  if ("rx" in g) return g.rx * g.ry * 4;
  if ("width" in g) return g.width * g.height;
  const points = SHAPES[name].places(g);
  const span = (values) => Math.max(...values) - Math.min(...values);
  return span(points.map((p) => p.x)) * span(points.map((p) => p.y));
}

// The handle that is meant by a point, or -1: corners before those that only add one.
export function grasped(handles, p, reach) {
  let [found, best] = [-1, Infinity];
  handles.forEach((handle, at) => {
    const off = apart(handle, p) / (handle.adds ? 0.6 : 1);
    if (off <= reach && off < best) [found, best] = [at, off];
  });
  return found;
}
