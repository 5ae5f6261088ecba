import assert from "node:assert/strict";
import test from "node:test";

import { fromLatin, lastLetter, marked } from "../../static/elements/greek.js";

// A line typed key by key on a Latin keyboard; what is no Greek stays.
function typed(keys) {
  let text = "";
  for (const key of keys) {
    const found = fromLatin(key, text);
    text = found ? text.slice(0, text.length - found.replaced) + found.text : text + key;
  }
  return text;
}

test("marks join the letter before them, in any order, as one character of form NFC", () => {
  assert.equal(marked("α", "smooth"), "\u1f00");
  assert.equal(marked(marked("α", "smooth"), "acute"), "\u1f04");
  assert.equal(marked(marked("α", "acute"), "smooth"), "\u1f04");
  const all = ["iota", "circumflex", "rough"].reduce(marked, "ω");
  assert.equal(all, "\u1fa7");
  assert.equal([...all].length, 1);
  assert.equal(marked(marked("ι", "acute"), "diaeresis"), "\u0390");
  assert.equal(marked("ρ", "rough"), "ῥ");
  assert.equal(marked("Α", "iota"), "ᾼ");
});

test("the acute is the one character that NFC knows, not its double in the Greek Extended block", () => {
  assert.equal(marked("α", "acute"), "\u03ac");
  assert.equal(marked("\u1f71", "smooth"), "\u1f04");
});

test("a mark twice is taken away, one that cannot stand beside it gives way", () => {
  assert.equal(marked("ἄ", "acute"), "ἀ");
  assert.equal(marked("ἀ", "rough"), "ἁ");
  assert.equal(marked("ά", "circumflex"), "ᾶ");
  assert.equal(marked("ϊ", "smooth"), "ἰ");
});

test("a letter that takes no such mark is left alone", () => {
  assert.equal(marked("κ", "acute"), null);
  assert.equal(marked("ε", "circumflex"), null);
  assert.equal(marked("ι", "iota"), null);
  assert.equal(marked("", "acute"), null);
  assert.equal(marked("?", "acute"), null);
});

test("a mark that is not ours stays on its letter", () => {
  assert.equal(marked("α\u0323", "acute"), "α\u0323\u0301".normalize("NFC"));
});

test("the letter before the caret comes with its marks", () => {
  assert.equal(lastLetter("μη\u0342"), "η\u0342");
  assert.equal(lastLetter("ab"), "b");
  assert.equal(lastLetter(""), "");
});

test("Latin keys write Greek by Beta Code", () => {
  assert.equal(typed("mh=nin a)/eide qea/"), "μῆνιν ἄειδε θεά");
  assert.equal(typed("Phlhi+a/dew )Axilh=oj"), "Πηληϊάδεω )Αχιλῆος");
  assert.equal(typed("A)xilh=oj"), "Ἀχιλῆος");
  assert.equal(typed("tw=|"), "τῷ");
});

test("keys that are no letters of it stay what they are, as do marks where no letter takes them", () => {
  assert.equal(typed("k?i (ok)"), "κ?ι (οκ)");
  assert.equal(fromLatin("Enter", "α"), null);
  assert.equal(fromLatin("1", "α"), null);
  assert.equal(fromLatin("", "α"), null);
});
