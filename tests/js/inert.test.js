import assert from "node:assert/strict";
import test from "node:test";

import { inert } from "../../static/classify/inert.js";

test("what would turn the writing round is named, not obeyed", () => {
  assert.equal(inert("pay \u202Egpj.exe\u202C now"), "pay [U+202E]gpj.exe[U+202C] now");
  for (const code of [0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069]) {
    assert.equal(inert(String.fromCharCode(code)), `[U+${code.toString(16).toUpperCase()}]`);
  }
});

test("other control characters are named, line breaks and tabs stay", () => {
  assert.equal(inert("a\u0000b\u001Bc\u009Bd"), "a[U+0000]b[U+001B]c[U+009B]d");
  assert.equal(inert("one\ntwo\tthree\r\nfour\rfive\u2028six"), "one\ntwo\tthree\nfour\nfive\nsix");
});

test("letters of any writing stay as they are, marks of direction and joiners too", () => {
  for (const text of ["سلام\u200F (1)", "שלום", "μῆνιν ἄειδε", "👩\u200D🚀 \u200E", "<b>no</b> &amp; {{x}}"]) {
    assert.equal(inert(text), text);
  }
});

test("numbers and truth values become their words", () => {
  assert.equal(inert(5), "5");
  assert.equal(inert(false), "false");
});
