import assert from "node:assert/strict";
import test from "node:test";

import { isEmpty } from "../../static/classify/store.js";
import { cleaned, empty } from "../../static/classify/tasks/text.js";

test("a text is stored in form NFC, without blanks around it", () => {
  assert.equal(cleaned(" μη\u0342νιν ", 300, 1), "μ\u1fc6νιν");
});

test("what the record would refuse does not come so far", () => {
  assert.equal(cleaned("a\u0007b\u202ec\u2069d\u2028e\ud800f", 300, 1), "abcdef");
  assert.equal(cleaned("one\ttwo\nthree", 300, 1), "one two three");
  assert.equal(cleaned("one\ttwo\r\nthree\rfour", 300, 3), "one two\nthree\nfour");
});

test("length is counted in characters, as in the record", () => {
  assert.equal(cleaned("\u{10140}\u{10140}\u{10140}", 2, 1), "\u{10140}\u{10140}");
});

test("blanks are no answer", () => {
  assert.equal(isEmpty(empty), true);
  assert.equal(isEmpty("  "), true);
  assert.equal(isEmpty("?"), false);
});
