// Surveys: what is found drives out what stands alone, what is asked lacks until it is answered, the list is narrowed.

import assert from "node:assert/strict";
import { test } from "node:test";

import { askedOf, fitting, isWhole, lacking, toggled } from "../../static/classify/tasks/survey.js";

const HOW_MANY = { key: "howmany", kind: "number", question: "How many?" };
const DOING = { key: "doing", kind: "multiple", question: "Doing?", required: false };
const LION = { key: "lion", label: "Lion", aspects: { coat: ["plain"] } };
const ZEBRA = { key: "zebra", label: "Zebra", aspects: { coat: ["stripes"] }, asks: ["howmany"] };
const NOTHING = { key: "nothing", label: "Nothing here", alone: true };
const TASK = { answers: [LION, ZEBRA, NOTHING], questions: [HOW_MANY, DOING] };
const KINDS = { number: { isWhole: (task, value) => value === undefined || typeof value === "number" }, multiple: {} };
const found = (choice, answers = {}) => ({ choice, answers });

test("what is found stands in the order of the list, and what stands alone stands alone", () => {
  assert.deepEqual(toggled(TASK, [found("zebra")], "lion"), [found("lion"), found("zebra")]);
  assert.deepEqual(toggled(TASK, [found("lion"), found("zebra")], "lion"), [found("zebra")]);
  assert.deepEqual(toggled(TASK, [found("lion"), found("zebra")], "nothing"), [found("nothing")]);
  assert.deepEqual(toggled(TASK, [found("nothing")], "zebra"), [found("zebra")]);
});

test("a required answer lacks until it is a number; what stands alone is asked nothing", () => {
  assert.deepEqual([LION, ZEBRA, NOTHING].map((choice) => askedOf(TASK, choice).length), [2, 1, 0]);
  assert.deepEqual(lacking(TASK, [found("lion", { howmany: 2 }), found("zebra")], KINDS), { choice: ZEBRA, question: HOW_MANY });
  assert.equal(isWhole(TASK, [found("lion", { howmany: { text: "two" } })], KINDS), false);
  assert.equal(isWhole(TASK, [found("lion", { howmany: 2 })], KINDS), true);
  assert.equal(isWhole(TASK, [found("nothing")], KINDS), true);
});

test("the list is narrowed by words and by aspects, together", () => {
  const labels = (words, filters) => fitting(TASK, words, filters).map((choice) => choice.label);
  assert.deepEqual(labels("", {}), ["Lion", "Zebra", "Nothing here"]);
  assert.deepEqual(labels("n", { coat: "plain" }), ["Lion"]);
  assert.deepEqual(labels("", { coat: "stripes" }), ["Zebra"]);
  assert.deepEqual(labels("lion", { coat: "stripes" }), []);
});
