import assert from "node:assert/strict";
import test from "node:test";

import { createStore } from "../../static/classify/store.js";
import { empty, isWhole, read } from "../../static/classify/tasks/number.js";

const range = { min: -1, max: 100 };

test("a number is read as people write it", () => {
  assert.deepEqual(read(" 12.5 ", range), { value: 12.5 });
  assert.deepEqual(read("12,5", range), { value: 12.5 });
  assert.deepEqual(read("−0.5", range), { value: -0.5 });
  assert.deepEqual(read(".5", range), { value: 0.5 });
  assert.deepEqual(read("1e2", range), { value: 100 });
  assert.deepEqual(read("", range), { value: null });
});

test("what is no such number says why", () => {
  for (const text of ["3 mm", "0x10", "1,2,3", "-", "Infinity", "NaN", "1e999"]) assert.deepEqual(read(text, range), { wrong: "number" });
  assert.deepEqual(read("100.1", range), { wrong: "range" });
  assert.deepEqual(read("1e99", range), { wrong: "range" });
  assert.deepEqual(read("0.25", { ...range, step: 0.1 }), { wrong: "step" });
});

test("a step is met to the last digit that means something", () => {
  assert.deepEqual(read("0.3", { min: 0, max: 1, step: 0.1 }), { value: 0.3 });
  assert.deepEqual(read("0.7", { min: -1, max: 1, step: 0.1 }), { value: 0.7 });
  assert.deepEqual(read("0", { min: -1, max: 1, step: 0.1 }), { value: 0 });
});

test("nobody goes on with what is no number, not even where none is asked for", () => {
  const definition = { first_task: "T0", tasks: { T0: { kind: "number", required: false, ...range } } };
  const store = createStore(definition, isWhole);
  store.load({ id: 1 }, 0);
  assert.equal(store.canGoOn(), true);
  store.answer({ text: "12x" });
  assert.equal(store.canGoOn(), false);
  store.answer(0);
  assert.equal(store.canGoOn(), true);
  store.answer(empty);
  assert.deepEqual(store.annotations(), [{ task: "T0", value: null }]);
});
