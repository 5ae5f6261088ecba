import assert from "node:assert/strict";
import test from "node:test";

import { chosenFrom, keyOn, layOut, marked, pieces, stepped, stretched, trimmed, wordAt } from "../../static/classify/spans.js";

const GREEK = "🦀 μη\u0342νιν ἄειδε, ζ\u0323ῶ"; // an emoji of two units, a letter of two signs that is one, one that stays two
const laid = layOut(GREEK);
const said = ({ start, end }) => laid.letters.slice(start, end).join("");
const LABELS = [{ key: "a" }, { key: "b" }];

test("places are code points in NFC, whatever the page counts", () => {
  assert.equal(laid.letters.length, 18);
  const page = laid.shown.join("");
  const from = page.indexOf("μ");
  assert.equal(from, 3); // the emoji is two units
  assert.deepEqual(chosenFrom(laid, from, from + 5), { start: 2, end: 7 });
  assert.deepEqual(chosenFrom(laid, 1, 2), { start: 0, end: 1 }); // half an emoji is a whole one
  const dotted = page.indexOf("ζ");
  assert.equal(said(chosenFrom(laid, dotted, dotted + 1)), "ζ\u0323"); // and a letter has its dot
  assert.equal(said(chosenFrom(laid, dotted + 1, dotted + 2)), "ζ\u0323");
  assert.deepEqual(chosenFrom(laid, 2, 9), { start: 2, end: 7 }); // without blanks at its ends
  assert.equal(chosenFrom(laid, 2, 3), null);
});

test("what would act on the page is shown as its number and counted as one", () => {
  const odd = layOut("a\u202egpj\r\nb");
  assert.equal(odd.shown.join(""), "a[U+202E]gpj\nb");
  const at = odd.shown.join("").indexOf("g");
  assert.deepEqual(chosenFrom(odd, at, at + 3), { start: 2, end: 5 });
  assert.deepEqual(chosenFrom(odd, at - 2, at + 3), { start: 1, end: 5 });
  assert.deepEqual(chosenFrom(odd, at + 4, at + 5), { start: 7, end: 8 });
});

test("words by keys: the next, the one before, more and less, a letter", () => {
  const first = stepped(laid, null, 1);
  const word = stepped(laid, first, 1);
  assert.deepEqual([said(first), said(word)], ["🦀", "μῆνιν"]);
  assert.equal(said(stepped(laid, null, -1)), "ζ\u0323ῶ");
  assert.deepEqual(stepped(laid, first, -1), first);
  const two = stretched(laid, word, 1);
  assert.equal(said(two), "μῆνιν ἄειδε");
  assert.deepEqual(stretched(laid, two, -1), word);
  assert.deepEqual(stretched(laid, word, -1), word);
  assert.equal(said(trimmed(laid, word, -1)), "μῆνι");
  assert.equal(said(trimmed(laid, word, 1, "start")), "ῆνιν");
  assert.deepEqual(trimmed(laid, { start: 2, end: 3 }, -1), { start: 2, end: 3 });
  assert.equal(said(wordAt(laid, 4)), "μῆνιν");
  assert.deepEqual([stepped(layOut(""), null, 1), wordAt(layOut(" "), 0)], [null, null]);
});

test("spans of one label that overlap are one, in the order of the text", () => {
  let spans = marked(laid, LABELS, [], "b", { start: 8, end: 13 });
  spans = marked(laid, LABELS, spans, "a", { start: 8, end: 13 });
  spans = marked(laid, LABELS, spans, "a", { start: 2, end: 9 });
  assert.deepEqual(spans, [
    { label: "a", start: 2, end: 13, text: "μῆνιν ἄειδε" },
    { label: "b", start: 8, end: 13, text: "ἄειδε" },
  ]);
  assert.deepEqual(pieces(laid, spans).map(({ text, spans: over }) => [text, over]), [
    ["🦀 ", []], ["μῆνιν ", [0]], ["ἄειδε", [0, 1]], [", ζ\u0323ῶ", []],
  ]);
});

test("keys on the text", () => {
  assert.deepEqual(keyOn({ key: "ArrowRight" }), { act: "step", by: 1 });
  assert.deepEqual(keyOn({ key: "ArrowLeft", shiftKey: true }), { act: "stretch", by: -1 });
  assert.deepEqual(keyOn({ key: "<", shiftKey: true }), { act: "trim", by: -1, side: "start" });
  assert.deepEqual([keyOn({ key: "1" }), keyOn({ key: "ArrowRight", ctrlKey: true })], [null, null]);
});
