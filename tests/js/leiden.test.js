import assert from "node:assert/strict";
import test from "node:test";

import { dotted, gapped, wrapped } from "../../static/elements/leiden.js";
import { isWhole } from "../../static/classify/tasks/transcription.js";
import { setTexts } from "../../static/classify/text.js";

const DOT = "\u0323";

test("a dot below comes and goes at the letter before the caret", () => {
  assert.deepEqual(dotted("αβγ", 2, 2), { text: `αβ${DOT}γ`, start: 3, end: 3 });
  assert.deepEqual(dotted(`αβ${DOT}γ`, 3, 3), { text: "αβγ", start: 2, end: 2 });
  assert.deepEqual(dotted("ab", 1, 1), { text: "ạb", start: 1, end: 1 });
  assert.deepEqual(dotted("ἄ", 1, 1).text, `ἄ${DOT}`);
  for (const [text, at] of [["", 0], ["a ", 2], ["[", 1]]) assert.deepEqual(dotted(text, at, at), { text, start: at, end: at });
});

test("of what is selected every letter gets one, or none has any more", () => {
  assert.deepEqual(dotted(`αβ${DOT} γ`, 0, 5), { text: `α${DOT}β${DOT} γ${DOT}`, start: 0, end: 7 });
  assert.equal(dotted(`α${DOT}β${DOT}`, 0, 4).text, "αβ");
});

test("brackets hold what is selected, or the caret", () => {
  assert.deepEqual(wrapped("abc", 1, 2, "[", "]"), { text: "a[b]c", start: 4, end: 4 });
  assert.deepEqual(wrapped("abc", 1, 1, "(", ")"), { text: "a()bc", start: 2, end: 2 });
  assert.deepEqual(gapped("abc", 1, 2), { text: "a[...]c", start: 6, end: 6 });
});

test("a line without a text can't be sent, no line can", () => {
  setTexts({ transcription_says: "?", transcription_line: "Line" });
  const line = (text) => ({ tool: "line", frame: 0, x1: 1, y1: 2, x2: 3, y2: 4, details: [text] });
  const task = { kind: "transcription" };
  assert.deepEqual([[], [line("")], [line("a")]].map((value) => isWhole(task, value, {})), [true, false, true]);
});
