import assert from "node:assert/strict";
import { test } from "node:test";

import { setTexts } from "../../static/classify/text.js";
import { told } from "../../static/classify/told.js";

setTexts({ told_right: "Right.", told_wrong: "{question} You: {yours}. Team: {truth}.", verdict_nothing: "nothing" });

const definition = {
  tasks: {
    T0: { question: "Which?", answers: [{ key: "smooth", label: "Smooth" }, { key: "disk", label: "Disk" }] },
    T1: { question: "What do you see?", answers: [{ key: "bar", label: "Bar" }, { key: "arms", label: "Arms" }] },
  },
};

test("a right answer is said to be right, with the team's message", () => {
  const feedback = { message: "Well seen.", tasks: [{ task: "T0", right: true, truth: "smooth" }] };
  assert.equal(told(feedback, [{ task: "T0", value: "smooth" }], definition), "Right. Well seen.");
});

test("the first wrong answer is said in words, and the truth", () => {
  const tasks = [{ task: "T0", right: true, truth: "disk" }, { task: "T1", right: false, truth: ["bar", "arms"] }];
  const annotations = [{ task: "T0", value: "disk" }, { task: "T1", value: [] }];
  assert.equal(told({ message: "", tasks }, annotations, definition), "What do you see? You: nothing. Team: Bar · Arms.");
});
