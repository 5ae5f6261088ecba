import assert from "node:assert/strict";
import test from "node:test";

import { FIT, clampView, fittedSize, matrixOf, panned, pixelAt, seen, tilted, turned, unitOf, zoomed } from "../../static/classify/viewport.js";

const STAGE = { width: 800, height: 600 };
const PICTURE = { width: 200, height: 100 };
const CENTRE = { x: 0, y: 0 };

test("the full picture fits, as large as the stage allows, also when turned", () => {
  assert.deepEqual(fittedSize(STAGE, PICTURE, FIT), { width: 800, height: 400 });
  assert.deepEqual(fittedSize(STAGE, PICTURE, { turns: 1 }), { width: 600, height: 300 });
});

test("what fits can't be moved", () => {
  assert.deepEqual(panned(FIT, 50, -50, STAGE, PICTURE), FIT);
});

test("a zoomed picture moves until its edge meets the stage's", () => {
  const view = zoomed(FIT, 2, CENTRE, STAGE, PICTURE); // 1600 x 800 on 800 x 600
  assert.deepEqual(panned(view, 9999, 9999, STAGE, PICTURE), { zoom: 2, x: 400, y: 100, turns: 0 });
  assert.deepEqual(panned(view, -30, 20, STAGE, PICTURE), { zoom: 2, x: -30, y: 20, turns: 0 });
});

test("zooming keeps what lies under the pointer there", () => {
  const point = { x: 100, y: 40 };
  const before = zoomed(FIT, 4, CENTRE, STAGE, PICTURE);
  const after = zoomed(before, 1.5, point, STAGE, PICTURE);
  const under = (view) => [(point.x - view.x) / view.zoom, (point.y - view.y) / view.zoom];
  const [x, y] = under(after);
  assert.ok(Math.abs(x - under(before)[0]) < 1e-9 && Math.abs(y - under(before)[1]) < 1e-9);
});

test("zoom stays between the full picture and 16 times", () => {
  assert.equal(zoomed(FIT, 0.1, CENTRE, STAGE, PICTURE).zoom, 1);
  assert.equal(zoomed(FIT, 1000, CENTRE, STAGE, PICTURE).zoom, 16);
});

test("four quarter turns lead back, and the place looked at goes along", () => {
  let view = clampView({ zoom: 6, x: 120, y: -80, turns: 0 }, STAGE, PICTURE);
  const once = turned(view, STAGE, PICTURE);
  assert.deepEqual(once, { zoom: 6, x: 80, y: 120, turns: 1 });
  for (let turn = 0; turn < 4; turn += 1) view = turned(view, STAGE, PICTURE);
  assert.deepEqual(view, { zoom: 6, x: 120, y: -80, turns: 0 });
});

test("a pixel of the picture and its place on the stage lead to each other, however it is turned and enlarged", () => {
  assert.deepEqual(matrixOf(FIT, STAGE, PICTURE), [4, 0, -0 + 0, 4, 0, 100]);
  let view = zoomed(FIT, 2.5, { x: 60, y: -20 }, STAGE, PICTURE);
  for (let turns = 0; turns < 4; turns += 1) {
    const [a, b, c, d, e, f] = matrixOf(view, STAGE, PICTURE);
    const [x, y] = [137.5, 20.25];
    const back = pixelAt({ x: a * x + c * y + e - 400, y: b * x + d * y + f - 300 }, view, STAGE, PICTURE);
    assert.ok(Math.hypot(back.x - x, back.y - y) < 1e-9);
    assert.ok(Math.abs(Math.hypot(a, b) * unitOf(view, STAGE, PICTURE) - 1) < 1e-12);
    view = tilted(turned(view, STAGE, PICTURE), turns * 20, STAGE, PICTURE);
  }
});

test("what is seen: its middle, and half of its shorter side", () => {
  assert.deepEqual(seen(FIT, STAGE, PICTURE), { centre: { x: 100, y: 50 }, half: 50 });
  const near = panned(zoomed(FIT, 4, CENTRE, STAGE, PICTURE), 160, 0, STAGE, PICTURE); // 16 CSS pixels a pixel: 50 by 37.5
  assert.deepEqual(seen(near, STAGE, PICTURE), { centre: { x: 90, y: 50 }, half: 18.75 });
});

test("a picture that is turned freely still fits, and comes back as it was", () => {
  const { width, height } = fittedSize(STAGE, PICTURE, { turns: 0, tilt: 30 });
  const [cos, sin] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
  assert.ok(Math.abs(width * sin + height * cos - 600) < 1e-9, "as high as the stage");
  assert.ok(width * cos + height * sin < 800);
  const view = panned(zoomed(FIT, 4, CENTRE, STAGE, PICTURE), 300, 100, STAGE, PICTURE);
  const back = tilted(tilted(view, 30, STAGE, PICTURE), 0, STAGE, PICTURE);
  assert.ok(Math.hypot(back.x - view.x, back.y - view.y) < 1e-9);
  assert.deepEqual([back.zoom, back.turns, back.tilt], [4, 0, 0]);
});
