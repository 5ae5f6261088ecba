// Polytonic Greek from keys: letters, and marks that join the letter before them. Pure; all text is in Unicode's form NFC.

export const MARKS = {
  diaeresis: "\u0308",
  smooth: "\u0313",
  rough: "\u0314",
  acute: "\u0301",
  grave: "\u0300",
  circumflex: "\u0342",
  iota: "\u0345",
};
const ORDER = Object.keys(MARKS); // as NFC wants them behind the letter
const TAKES = {
  diaeresis: "ιυ",
  smooth: "αεηιουωρ",
  rough: "αεηιουωρ",
  acute: "αεηιουω",
  grave: "αεηιουω",
  circumflex: "αηιυω",
  iota: "αηω",
};
const RIVALS = [["smooth", "rough", "diaeresis"], ["acute", "grave", "circumflex"]];

// The letter at the end of a text with its marks, or "".
export function lastLetter(text) {
  return text.match(/\P{M}\p{M}*$/u)?.[0] ?? "";
}

// The letter with the mark, without it where it had it, without what cannot stand beside it; null where it takes none.
export function marked(letter, mark) {
  const [base = "", ...signs] = letter.normalize("NFD");
  if (!base || !TAKES[mark].includes(base.toLowerCase())) return null;
  const had = ORDER.filter((name) => signs.includes(MARKS[name]));
  const rivals = RIVALS.filter((group) => group.includes(mark)).flat();
  const now = had.includes(mark) ? had.filter((name) => name !== mark) : [...had.filter((name) => !rivals.includes(name)), mark];
  const others = signs.filter((sign) => !Object.values(MARKS).includes(sign));
  return [base, ...others, ...ORDER.filter((name) => now.includes(name)).map((name) => MARKS[name])].join("").normalize("NFC");
}

// Beta Code, as the Thesaurus Linguae Graecae writes Greek with Latin keys; j is final sigma, v digamma.
const LATIN = "abgdezhqiklmncoprstufxywjv";
const GREEK = "αβγδεζηθικλμνξοπρστυφχψωςϝ";
const SIGNS = { ")": "smooth", "(": "rough", "/": "acute", "\\": "grave", "=": "circumflex", "|": "iota", "+": "diaeresis" };

// What a key of a Latin keyboard writes after `before`: {text, replaced} (how many characters before it give way), or
// null where it stays what it is.
export function fromLatin(key, before) {
  const at = LATIN.indexOf(key.toLowerCase());
  if (key.length === 1 && at >= 0) {
    return { text: key === key.toLowerCase() ? GREEK[at] : GREEK[at].toUpperCase(), replaced: 0 };
  }
  const letter = lastLetter(before);
  const text = key in SIGNS ? marked(letter, SIGNS[key]) : null;
  return text === null ? null : { text, replaced: letter.length };
}
