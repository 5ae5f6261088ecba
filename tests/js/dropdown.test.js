import assert from "node:assert/strict";
import test from "node:test";

import { createStore } from "../../static/classify/store.js";
import { search } from "../../static/classify/tasks/dropdown.js";

const named = (...labels) => labels.map((label) => ({ key: label, label }));
const found = (words, ...labels) => search(named(...labels), words).map((each) => each.label);

test("a search finds every word, whatever the case and the accents", () => {
  assert.deepEqual(found("", "b", "a"), ["b", "a"]);
  assert.deepEqual(found("etoile", "Étoile", "Galaxie"), ["Étoile"]);
  assert.deepEqual(found("spi bar", "Barred spiral", "Spiral", "Bar"), ["Barred spiral"]);
  assert.deepEqual(found("(", "Sa (early)", "Sb"), ["Sa (early)"]);
  assert.deepEqual(found("x", "a"), []);
});

test("what begins with it comes first, then words that do", () => {
  assert.deepEqual(found("an", "Titan", "Big ant", "Ant", "Canary", "Anemone"), ["Ant", "Anemone", "Big ant", "Titan", "Canary"]);
});

const definition = {
  first_task: "T0",
  tasks: {
    T0: { kind: "dropdown", answers: [...named("fish", "bird"), { key: "rock", label: "rock", next: null }], next: "T1" },
    T1: {
      kind: "dropdown", depends_on: "T0", next: null,
      answers: [{ key: "cod", label: "Cod", of: ["fish"] }, { key: "owl", label: "Owl", of: ["bird"] }, { key: "young", label: "?", of: ["fish", "bird"] }],
    },
  },
};

test("what is offered depends on the answer above, and goes with it", () => {
  const store = createStore(definition);
  store.load({ id: 1 }, 0);
  store.answer("fish");
  store.next(null);
  assert.deepEqual(store.task().answers.map((each) => each.key), ["cod", "young"]);
  store.answer("young");
  store.back();
  store.answer("bird");
  assert.deepEqual(store.annotations().map((each) => each.value), ["bird", "young"]);
  store.answer("fish");
  store.next(null);
  store.answer("cod");
  store.back();
  store.answer("bird");
  assert.deepEqual(store.annotations(), [{ task: "T0", value: "bird" }]);
});

test("an answer may end the way, and where nothing is offered nothing is required", () => {
  const store = createStore(definition);
  store.load({ id: 1 }, 0);
  store.answer("rock");
  assert.equal(store.isLast(), true);
  const more = structuredClone(definition);
  delete more.tasks.T0.answers[2].next;
  const other = createStore(more);
  other.load({ id: 1 }, 0);
  other.answer("rock");
  other.next(null);
  assert.deepEqual(other.task().answers, []);
  assert.equal(other.canGoOn(), true);
});
