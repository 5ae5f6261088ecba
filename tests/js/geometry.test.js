import assert from "node:assert/strict";
import test from "node:test";

import { isWithin, simplified } from "../../static/classify/geometry/plane.js";
import { grasped, hit, isEnough, moved, placed, SHAPES, stored } from "../../static/classify/geometry/shapes.js";

const SIZE = { width: 200, height: 100 };
const P = (x, y) => ({ x, y });

// Of each shape one, drawn from (20, 30) to (60, 50), or through those and (30, 80).
const DRAWN = {
  point: P(60, 50),
  line: { x1: 20, y1: 30, x2: 60, y2: 50 },
  rectangle: { x: 20, y: 30, width: 40, height: 20 },
  rotated_rectangle: { x_center: 40, y_center: 40, width: 40, height: 20, angle: 0 },
  circle: { x_center: 20, y_center: 30, r: 44.72 },
  ellipse: { x_center: 20, y_center: 30, rx: 40, ry: 20, angle: 0 },
  polygon: { points: [[20, 30], [60, 50], [30, 80]] },
  segmented_line: { points: [[20, 30], [60, 50], [30, 80]] },
  freehand: { points: [[20, 30], [60, 50], [30, 80]] },
};
const CORNERS = [P(20, 30), P(60, 50), P(30, 80)];

function draw(name, points = CORNERS) {
  const shape = SHAPES[name];
  if (shape.gesture === "taps") return stored(shape.from(points, SIZE));
  if (shape.gesture === "stroke") return stored(shape.from(points, 1, SIZE));
  return stored(shape.from(points[0], points[1], SIZE));
}

test("each shape has exactly its numbers, whichever way it is drawn", () => {
  for (const name of Object.keys(SHAPES)) assert.deepEqual(draw(name), DRAWN[name], name);
  assert.deepEqual(stored(SHAPES.rectangle.from(P(60, 50), P(20, 30), SIZE)), DRAWN.rectangle);
  assert.deepEqual(stored(SHAPES.rectangle.from(P(20, 50), P(60, 30), SIZE)), DRAWN.rectangle);
});

test("what is drawn beyond the picture ends at its edge", () => {
  const [a, b, c] = [P(-5, 90), P(250, 130), P(100, -1)];
  assert.deepEqual(draw("point", [a, b]), P(200, 100));
  assert.deepEqual(draw("line", [a, b]), { x1: 0, y1: 90, x2: 200, y2: 100 });
  assert.deepEqual(draw("rectangle", [a, b]), { x: 0, y: 90, width: 200, height: 10 });
  assert.deepEqual(draw("circle", [a, b]), { x_center: 0, y_center: 90, r: 223.61 }, "no larger than the picture's diagonal");
  for (const name of ["polygon", "segmented_line", "freehand"]) {
    assert.deepEqual(draw(name, [a, b, c]), { points: [[0, 90], [200, 100], [100, 0]] }, name);
  }
});

test("a side is never without a length, not even in a corner of the picture", () => {
  assert.deepEqual(draw("rectangle", [P(200, 100), P(300, 300)]), { x: 199.5, y: 99.5, width: 0.5, height: 0.5 });
  assert.equal(draw("circle", [P(3, 3), P(3, 3)]).r, 0.5);
  assert.deepEqual(draw("ellipse", [P(3, 3), P(3, 9)]), { x_center: 3, y_center: 3, rx: 0.5, ry: 6, angle: 0 });
});

test("moving keeps the shape and stops at the edge of the picture", () => {
  for (const name of Object.keys(SHAPES)) {
    const there = stored(moved(name, DRAWN[name], P(7, -3), SIZE));
    assert.deepEqual(stored(moved(name, there, P(-7, 3), SIZE)), DRAWN[name], name);
    const far = moved(name, DRAWN[name], P(1e6, -1e6), SIZE);
    const [before, after] = [DRAWN[name], far].map((g) => SHAPES[name].places(g));
    assert.equal(Math.max(...after.map((p) => p.x)), 200, name);
    assert.equal(Math.min(...after.map((p) => p.y)), 0, name);
    before.forEach((p, at) => assert.ok(Math.abs(p.x - before[0].x - (after[at].x - after[0].x)) < 1e-9, name));
  }
});

test("a handle that is dragged nowhere changes nothing", () => {
  for (const [name, shape] of Object.entries(SHAPES)) {
    const g = "angle" in DRAWN[name] ? { ...DRAWN[name], x_center: 100, y_center: 50, angle: 25 } : DRAWN[name];
    shape.handles(g, 1, SIZE).forEach((handle, at) => {
      if (!handle.adds) assert.deepEqual(stored(shape.dragged(g, at, handle, SIZE, 1)), stored(g), `${name} ${at}`);
    });
  }
});

test("handles resize and turn", () => {
  assert.deepEqual(stored(SHAPES.line.dragged(DRAWN.line, 1, P(300, 40), SIZE)), { x1: 20, y1: 30, x2: 200, y2: 40 });
  assert.deepEqual(SHAPES.rectangle.dragged(DRAWN.rectangle, 0, P(70, 60), SIZE), { x: 60, y: 50, width: 10, height: 10 }, "over the corner across");
  assert.deepEqual(stored(SHAPES.circle.dragged(DRAWN.circle, 0, P(23, 34), SIZE)), { x_center: 20, y_center: 30, r: 5 });
  const box = { x_center: 100, y_center: 50, width: 40, height: 20, angle: 90 };
  assert.deepEqual(
    stored(SHAPES.rotated_rectangle.dragged(box, 2, P(80, 80), SIZE, 1)), // the corner at 90, 70; across 110, 30
    { x_center: 95, y_center: 55, width: 50, height: 30, angle: 90 },
  );
  const [turner] = SHAPES.rotated_rectangle.handles(box, 1, SIZE).slice(-1);
  assert.deepEqual([turner.x, turner.y], [136, 50]);
  assert.equal(SHAPES.rotated_rectangle.dragged(box, 4, P(150, 100), SIZE, 1).angle, 135);
  assert.equal(SHAPES.rotated_rectangle.dragged(box, 4, P(50, 50), SIZE, 1).angle, 90, "half a turn is the same");
  const oval = { x_center: 100, y_center: 50, rx: 40, ry: 20, angle: 0 };
  assert.deepEqual(stored(SHAPES.ellipse.dragged(oval, 0, P(70, 20), SIZE)), { ...oval, rx: 42.43, angle: 45 });
  assert.deepEqual(stored(SHAPES.ellipse.dragged({ ...oval, angle: 90 }, 1, P(88, 99), SIZE)), { ...oval, ry: 12, angle: 90 });
});

test("corners move, come and go", () => {
  const { polygon, segmented_line: line } = SHAPES;
  assert.deepEqual(polygon.dragged(DRAWN.polygon, 1, P(999, 40), SIZE).points, [[20, 30], [200, 40], [30, 80]]);
  assert.deepEqual(polygon.handles(DRAWN.polygon).slice(3).map(({ x, y, adds }) => [x, y, adds]), [[40, 40, true], [45, 65, true], [25, 55, true]]);
  assert.deepEqual(polygon.dragged(DRAWN.polygon, 5, P(10, 55), SIZE).points, [[20, 30], [60, 50], [30, 80], [10, 55]]);
  assert.equal(polygon.cornerOf(DRAWN.polygon, 3), 1);
  assert.equal(line.handles(DRAWN.segmented_line).length, 5);
  assert.deepEqual(line.without(DRAWN.segmented_line, 1).points, [[20, 30], [30, 80]]);
  assert.equal(polygon.without(DRAWN.polygon, 1), DRAWN.polygon, "a polygon has three");
});

test("growing and turning, but never out of the picture and never to nothing", () => {
  assert.deepEqual(stored(SHAPES.line.grown({ x1: 20, y1: 50, x2: 60, y2: 50 }, 10, SIZE)), { x1: 10, y1: 50, x2: 70, y2: 50 });
  assert.deepEqual(stored(SHAPES.line.turned({ x1: 20, y1: 50, x2: 60, y2: 50 }, 90, SIZE)), { x1: 40, y1: 30, x2: 40, y2: 70 });
  assert.deepEqual(SHAPES.rectangle.grown(DRAWN.rectangle, 5, SIZE), { x: 15, y: 25, width: 50, height: 30 });
  assert.equal(SHAPES.rectangle.grown(DRAWN.rectangle, 25, SIZE), DRAWN.rectangle);
  assert.equal(SHAPES.rectangle.grown(DRAWN.rectangle, -10, SIZE), DRAWN.rectangle);
  assert.equal(SHAPES.circle.grown(DRAWN.circle, -100, SIZE).r, 0.5);
  assert.deepEqual(stored(SHAPES.ellipse.turned(DRAWN.ellipse, -15)), { ...DRAWN.ellipse, angle: 165 });
  assert.equal(stored({ ...DRAWN.ellipse, angle: 179.999 }).angle, 0);
  const square = { points: [[40, 40], [60, 40], [60, 60], [40, 60]] };
  assert.deepEqual(stored(SHAPES.polygon.turned(square, 45, SIZE)).points, [[50, 35.86], [64.14, 50], [50, 64.14], [35.86, 50]]);
  assert.deepEqual(stored(SHAPES.polygon.grown(square, Math.hypot(10, 10), SIZE)).points, [[30, 30], [70, 30], [70, 70], [30, 70]]);
  assert.equal(SHAPES.polygon.grown(square, 60, SIZE), square);
});

test("what lies under a point: the nearest line, else the smallest that holds it, where asked", () => {
  const marks = [
    { shape: "circle", g: { x_center: 100, y_center: 50, r: 40 } },
    { shape: "rectangle", g: { x: 90, y: 40, width: 20, height: 20 } },
    { shape: "point", g: P(80, 50) },
  ];
  assert.equal(hit(marks, P(138, 50), 5, false), 0);
  assert.equal(hit(marks, P(109, 50), 5, false), 1);
  assert.equal(hit(marks, P(83, 50), 5, false), 2);
  assert.equal(hit(marks, P(100, 50), 5, false), -1);
  assert.equal(hit(marks, P(100, 50), 5, true), 1, "the smaller of two");
  assert.equal(hit(marks, P(70, 30), 5, true), 0);
  assert.equal(hit(marks, P(5, 5), 5, true), -1);
  const oval = { x_center: 100, y_center: 50, rx: 40, ry: 10, angle: 90 };
  assert.equal(SHAPES.ellipse.isIn(oval, P(100, 88)), true);
  assert.equal(SHAPES.ellipse.isIn(oval, P(112, 50)), false);
  assert.ok(SHAPES.ellipse.distance(oval, P(100, 92)) < 2.1);
  const handles = [P(10, 10), { ...P(14, 10), adds: true }];
  assert.equal(grasped(handles, P(11, 10), 5), 0);
  assert.equal(grasped(handles, P(15, 10), 5), 1);
  assert.equal(grasped(handles, P(40, 10), 5), -1);
});

test("what is too little is no mark", () => {
  assert.equal(isEnough("line", { x1: 4, y1: 4, x2: 4.004, y2: 4 }), false);
  assert.equal(isEnough("line", { x1: 4, y1: 4, x2: 4.01, y2: 4 }), true);
  assert.equal(isEnough("polygon", { points: [[1, 1], [2, 2], [1.001, 1], [2, 2]] }), false);
  assert.equal(isEnough("segmented_line", { points: [[1, 1], [2, 2]] }), true);
});

test("a hand's line keeps its corners and its ends, in at most 500 points", () => {
  const zigzag = Array.from({ length: 400 }, (_, at) => P(at / 2, at % 100 < 50 ? at % 100 : 100 - (at % 100)));
  const kept = simplified(zigzag, 0.5);
  assert.deepEqual(kept.map((p) => p.y), [0, 50, 0, 50, 0, 50, 0, 50, 1]);
  const rough = Array.from({ length: 3000 }, (_, at) => P(20 + (at % 150), 20 + ((at * 37) % 61)));
  const { points } = SHAPES.freehand.from(rough, 0.01, SIZE);
  assert.ok(points.length > 3 && points.length <= 500);
  assert.deepEqual(points[0], [20, 20]);
});

test("even-odd: a line that crosses itself holds what it goes round once", () => {
  const bow = [P(0, 0), P(10, 10), P(10, 0), P(0, 10)];
  assert.equal(isWithin(P(1, 5), bow), true);
  assert.equal(isWithin(P(5, 1), bow), false);
});

test("one that is put in the middle lies in the picture, and beside the one before", () => {
  const taken = [];
  for (let n = 0; n < 12; n += 1) {
    for (const name of Object.keys(SHAPES)) {
      const g = placed(name, P(100, 50), 10, name === "circle" ? taken : [], SIZE);
      assert.ok(isEnough(name, g), name);
      for (const p of SHAPES[name].places(g)) assert.ok(p.x >= 0 && p.y >= 0 && p.x <= 200 && p.y <= 100, name);
      if (name === "circle") taken.push(P(g.x_center, g.y_center));
    }
  }
  assert.equal(new Set(taken.map(({ x, y }) => `${x} ${y}`)).size, 12);
});
