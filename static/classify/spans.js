// Spans of a text: places, words, what is marked. Pure.
//
// Places are counted in Unicode's code points of the text in form NFC, as the record has them (projects/tasks/highlighter.py);
// JavaScript and the page count UTF-16, and the page shows some signs as their numbers. `layOut` knows both.

import { inert } from "./inert.js";

const segmenter = (granularity) => new Intl.Segmenter(undefined, { granularity });
const isBlank = (text) => text.trim() === "";

// {letters, shown, at, clusters, words}: the code points; what is shown of each; where that begins in all that is shown, in
// UTF-16, and where the last ends; the places between which nothing is cut (a letter and its accents, an emoji); and the
// words as [start, end].
export function layOut(text) {
  const whole = text.normalize("NFC");
  const letters = [...whole];
  const shown = letters.map((letter, at) => (letter === "\r" && letters[at + 1] === "\n" ? "" : inert(letter)));
  const at = [0];
  for (const part of shown) at.push(at.at(-1) + part.length);
  const clusters = [0];
  for (const { segment } of segmenter("grapheme").segment(whole)) clusters.push(clusters.at(-1) + [...segment].length);
  const words = [];
  let place = 0;
  for (const { segment } of segmenter("word").segment(whole)) {
    const end = place + [...segment].length;
    if (!isBlank(segment)) words.push([place, end]);
    place = end;
  }
  return { letters, shown, at, clusters, words };
}

// The first of some rising numbers that is `value` or more; the last that is `value` or less.
const notBelow = (numbers, value) => numbers.find((each) => each >= value) ?? numbers.at(-1);
const notAbove = (numbers, value) => numbers.findLast((each) => each <= value) ?? numbers[0];

// The span between two places of what is shown, in UTF-16: no letter is cut, no blanks at its ends; null where nothing is left.
export function chosenFrom({ letters, at, clusters }, from, to) {
  let start = notAbove(clusters, at.findLastIndex((each) => each <= from));
  let end = notBelow(clusters, at.findIndex((each) => each >= to));
  while (start < end && isBlank(letters[start])) start += 1;
  while (start < end && isBlank(letters[end - 1])) end -= 1;
  return start < end ? { start, end } : null;
}

// The word at, or next after, a place; null where there is none.
export function wordAt({ words }, place) {
  const found = words.find(([, end]) => end > place) ?? words.at(-1);
  return found ? { start: found[0], end: found[1] } : null;
}

// The next word, or the one before. From nothing chosen, the first or the last.
export function stepped({ words }, chosen, by) {
  if (words.length === 0) return null;
  let next = by > 0 ? words[0] : words.at(-1);
  if (chosen) {
    next = by > 0 ? words.find(([start]) => start >= chosen.end) ?? words.at(-1) : words.findLast(([, end]) => end <= chosen.start) ?? words[0];
  }
  return { start: next[0], end: next[1] };
}

// A word more at the end, or one less; the last one stays.
export function stretched({ words }, chosen, by) {
  if (!chosen) return null;
  if (by > 0) return { ...chosen, end: words.find(([, end]) => end > chosen.end)?.[1] ?? chosen.end };
  return { ...chosen, end: words.findLast(([start, end]) => end < chosen.end && start >= chosen.start)?.[1] ?? chosen.end };
}

// A letter more or less at the end, or (`side` "start") at the beginning; never nothing.
export function trimmed({ clusters }, chosen, by, side = "end") {
  if (!chosen) return null;
  const at = clusters.indexOf(notAbove(clusters, chosen[side]));
  const moved = { ...chosen, [side]: clusters[Math.min(Math.max(at + by, 0), clusters.length - 1)] };
  return moved.start < moved.end ? moved : chosen;
}

const textOf = ({ letters }, { start, end }) => letters.slice(start, end).join("");

// The spans with one more, in the order of the text; what overlaps under the same label becomes one.
export function marked(laid, labels, spans, label, chosen) {
  const others = [];
  let { start, end } = chosen;
  const isSame = (each) => each.label === label && each.start < end && each.end > start;
  for (const each of spans) {
    if (isSame(each)) {
      start = Math.min(start, each.start);
      end = Math.max(end, each.end);
    }
  }
  for (const each of spans) if (!isSame(each)) others.push(each);
  const order = (each) => labels.findIndex(({ key }) => key === each.label);
  return [...others, { label, start, end, text: textOf(laid, { start, end }) }]
    .sort((a, b) => a.start - b.start || order(a) - order(b));
}

// The text cut where spans begin or end: {start, end, text as it is shown, spans: the indices of those over it}.
export function pieces({ letters, shown }, spans) {
  const cuts = [...new Set([0, letters.length, ...spans.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  return cuts.slice(0, -1).map((start, n) => ({
    start,
    end: cuts[n + 1],
    text: shown.slice(start, cuts[n + 1]).join(""),
    spans: spans.flatMap((span, at) => (span.start <= start && span.end >= cuts[n + 1] ? [at] : [])),
  }));
}

// What a key on the text asks for: {act, by, side?} or null.
export function keyOn(event) {
  if (event.ctrlKey || event.altKey || event.metaKey) return null;
  const { key } = event;
  if (key === "ArrowLeft" || key === "ArrowRight") {
    return { act: event.shiftKey ? "stretch" : "step", by: key === "ArrowRight" ? 1 : -1 };
  }
  if (key === "." || key === ",") return { act: "trim", by: key === "." ? 1 : -1, side: "end" };
  if ([">", ":", "<", ";"].includes(key)) return { act: "trim", by: key === ">" || key === ":" ? 1 : -1, side: "start" };
  if (key === "Home" || key === "End") return { act: "far", by: key === "Home" ? 1 : -1 };
  if (key === "Delete" || key === "Backspace") return { act: "remove" };
  return key === "Escape" ? { act: "drop" } : null;
}
