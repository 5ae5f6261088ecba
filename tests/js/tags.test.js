import assert from "node:assert/strict";
import test from "node:test";

import { isWhole, normalised, tagsOf } from "../../static/classify/tasks/tags.js";

test("one word however it is written, as the record has it", () => {
  const pairs = [["Ring", "ring"], ["  Green Pea ", "green-pea"], ["ΟἾΝΟΣ", "οἶνος"], ["e\u0301toile", "étoile"], ["ﬁne", "fine"], ["edge – on", "edge-on"], ["-x-", "x"], ["हिन्दी", "हिन्दी"]];
  for (const [given, stored] of pairs) assert.equal(normalised(given), stored);
});

test("what the record would refuse is left out", () => {
  assert.equal(normalised("a\u202e<b>\0c"), "abc");
  assert.equal(normalised("x".repeat(60)), "x".repeat(50));
  for (const given of ["", "!!", "\u0301", "None", " - "]) assert.equal(normalised(given), "");
});

test("several are written with # or commas between", () => {
  assert.deepEqual(tagsOf("#ring #Green pea, ring"), ["ring", "green-pea"]);
  assert.deepEqual(tagsOf("green pea"), ["green-pea"]);
  assert.deepEqual(tagsOf(" "), []);
});

test("too few or too many can't be sent, none can", () => {
  const task = { min: 2, max: 3 };
  assert.deepEqual([[], ["a"], ["a", "b"], ["a", "b", "c", "d"]].map((value) => isWhole(task, value)), [true, false, true, false]);
});
