import assert from "node:assert/strict";
import test from "node:test";

import { createPictures } from "../../static/classify/pictures.js";

function setUp() {
  const begun = [];
  class FakeImage extends EventTarget {
    set src(url) {
      begun.push(url);
      this.url = url;
    }
    settle(event) {
      this.dispatchEvent(new Event(event));
    }
  }
  const made = [];
  const pictures = createPictures(() => {
    made.push(new FakeImage());
    return made.at(-1);
  });
  for (const id of [1, 2, 3, 4]) pictures.add(id, `/${id}.png`);
  return { pictures, begun, made };
}

test("one after the other, also past one that fails", () => {
  const { begun, made } = setUp();
  assert.deepEqual(begun, ["/1.png"]);
  made[0].settle("load");
  assert.deepEqual(begun, ["/1.png", "/2.png"]);
  made[1].settle("error");
  assert.deepEqual(begun, ["/1.png", "/2.png", "/3.png"]);
});

test("one that is to be shown now waits for no other", () => {
  const { pictures, begun, made } = setUp();
  assert.equal(pictures.take(3), made[2]);
  assert.deepEqual(begun, ["/1.png", "/3.png"]);
  made[0].settle("load");
  made[1].settle("load");
  assert.deepEqual(begun, ["/1.png", "/3.png", "/2.png", "/4.png"]);
});

test("each is handed over once", () => {
  const { pictures, made } = setUp();
  assert.equal(pictures.take(1), made[0]);
  assert.equal(pictures.take(1), undefined);
});
