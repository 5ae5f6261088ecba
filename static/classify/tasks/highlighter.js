// Words of the subject's text, marked with labels. Value: the spans in the order of the text, [] when skipped.
//
// Places and words are in ../spans.js. The text was written by strangers: it is put there as text, whatever it looks like.

import { button, element } from "../drawing/elements.js";
import { inert } from "../inert.js";
import { chosenFrom, keyOn, layOut, marked, pieces, stepped, stretched, trimmed, wordAt } from "../spans.js";
import { t } from "../text.js";

export const empty = [];

export const isWhole = (task, value) => (value ?? []).length <= (task.max ?? 50);

// [node, offset] of what a pointer is on: a finger's tap sets no selection.
function letterUnder({ clientX, clientY }) {
  const caret = document.caretPositionFromPoint?.(clientX, clientY);
  if (caret) return [caret.offsetNode, caret.offset];
  const range = document.caretRangeFromPoint?.(clientX, clientY); // browsers before 2025
  return range && [range.startContainer, range.startOffset];
}

export function render({ key, task, value, subject, answer, history }) {
  const { labels, max = 50 } = task;
  const given = subject?.metadata?.[task.text];
  const laid = layOut(typeof given === "string" ? given : "");
  const names = new Map(labels.map((label, at) => [label.key, { ...label, number: at + 1 }]));
  let spans = value ?? empty;
  let chosen = null;
  let news = ""; // said when the answer is taken
  let goneFrom = -1; // the row whose button had the focus, and is gone when the answer is taken

  const body = element("div", "spans-answer");
  const text = element("div", "spans-text");
  text.dir = "auto";
  const note = element("p", "spans-how small muted", laid.words.length > 0 ? t("spans_how") : t("spans_no_text"));
  note.id = `spans-how-${key}`;
  Object.assign(text, { tabIndex: 0 });
  for (const [name, said] of Object.entries({ role: "application", "aria-label": t("spans_text"), "aria-describedby": note.id })) text.setAttribute(name, said);
  const said = element("p", "spans-said small");
  said.setAttribute("role", "status");

  // --- What is chosen: the page's own selection, so that it is seen as one, and stays when the focus goes to a label ---

  // The place in the page of a place in the text: {node, offset}.
  function pointAt(place) {
    let left = laid.at[place];
    for (const piece of text.children) {
      const node = piece.firstChild;
      if (left <= node.length) return [node, left];
      left -= node.length;
    }
    return [text, text.childNodes.length];
  }

  function select() {
    const selection = document.getSelection();
    if (chosen) selection.setBaseAndExtent(...pointAt(chosen.start), ...pointAt(chosen.end));
    else if (text.contains(selection.anchorNode)) selection.removeAllRanges();
  }

  function choose(next, byHand = false) {
    chosen = next;
    if (!byHand) select();
    showChosen();
  }

  function showChosen(instead = "") {
    said.textContent = instead || (chosen ? t("spans_chosen", { words: wordsOf(chosen) }) : "");
    for (const each of [...chips, longer, shorter]) each.setAttribute("aria-disabled", String(chosen === null));
  }

  const wordsOf = ({ start, end }) => laid.shown.slice(start, end).join("");

  // Where a point of the page is, in what is shown; null outside of the text.
  function placeOf(node, offset) {
    if (!text.contains(node)) return null;
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(node, offset);
    return before.toString().length;
  }

  // By mouse, or by the handles of a touched selection.
  function heard() {
    const selection = document.getSelection();
    if (!body.isConnected || selection.isCollapsed || selection.rangeCount === 0) return;
    const range = selection.getRangeAt(0);
    const [from, to] = [placeOf(range.startContainer, range.startOffset), placeOf(range.endContainer, range.endOffset)];
    if (from === null && to === null) return;
    const next = chosenFrom(laid, from ?? 0, to ?? laid.at.at(-1));
    if (next?.start !== chosen?.start || next?.end !== chosen?.end) choose(next, true);
  }

  // A tap or click that drags nothing chooses the word below it.
  text.addEventListener("click", (event) => {
    if (!document.getSelection().isCollapsed) return;
    const point = letterUnder(event);
    const place = point && placeOf(...point);
    if (typeof place === "number") choose(wordAt(laid, laid.at.findLastIndex((each) => each <= place)));
  });

  text.addEventListener("keydown", (event) => {
    const found = keyOn(event);
    if (!found || (found.act === "drop" && !chosen)) return;
    event.preventDefault();
    if (found.act === "step") choose(stepped(laid, chosen, found.by));
    else if (found.act === "far") choose(stepped(laid, null, found.by));
    else if (found.act === "stretch") choose(chosen ? stretched(laid, chosen, found.by) : stepped(laid, null, found.by));
    else if (found.act === "trim") choose(trimmed(laid, chosen, found.by, found.side));
    else if (found.act === "drop") choose(null);
    else if (found.act === "remove" && !event.repeat) removeChosen();
  });

  // --- Marks ---

  function mark(label) {
    if (!chosen) {
      showChosen(laid.words.length > 0 ? t("spans_choose_first") : t("spans_no_text"));
      return;
    }
    const next = marked(laid, labels, spans, label.key, chosen);
    if (next.length > max) showChosen(t("spans_full", { max }));
    else if (JSON.stringify(next) === JSON.stringify(spans)) showChosen(t("spans_already", { label: label.label }));
    else {
      news = t("spans_marked", { label: label.label, words: wordsOf(chosen) });
      answer(next);
    }
  }

  // All that touch what is chosen.
  function removeChosen() {
    const left = chosen ? spans.filter(({ start, end }) => end <= chosen.start || start >= chosen.end) : spans;
    if (left.length < spans.length) answer(left);
  }

  function remove(at) {
    goneFrom = at;
    answer(spans.filter((_, n) => n !== at));
  }

  const swatch = (label) => element("span", `spans-swatch spans-${label.color}`, String(label.number));
  const bar = element("div", "spans-labels");
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", t("spans_labels"));
  const chips = [...names.values()].map((label) => {
    const number = swatch(label);
    number.setAttribute("aria-hidden", "true");
    const chip = button("spans-label", () => mark(label), number, element("span", "", label.label));
    bar.append(chip);
    return chip;
  });
  const acts = element("div", "draw-acts");
  const shorter = button("button", () => choose(stretched(laid, chosen, -1)), t("spans_shorter"));
  const longer = button("button", () => choose(stretched(laid, chosen, 1)), t("spans_longer"));
  const undo = button("button", () => history.undo(), t("draw_undo"));
  const redo = button("button", () => history.redo(), t("draw_redo"));
  undo.setAttribute("aria-keyshortcuts", "Control+Z");
  redo.setAttribute("aria-keyshortcuts", "Control+Shift+Z");
  acts.append(shorter, longer, undo, redo);
  for (const part of [bar, acts]) part.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
  const list = element("ol", "spans-list");
  list.setAttribute("aria-label", t("spans_list"));

  function showText() {
    text.replaceChildren(...pieces(laid, spans).map((piece) => {
      const label = names.get(spans[piece.spans.at(-1)]?.label);
      const shown = element(label ? "mark" : "span", label ? `spans-${label.color}` : "", piece.text);
      // The numbers of the labels stand over the beginning of each span, beside its words and not among them.
      const begun = piece.spans.filter((at) => spans[at].start === piece.start).map((at) => names.get(spans[at].label).number);
      if (begun.length > 0) shown.dataset.labels = begun.join(" ");
      return shown;
    }));
  }

  function showList() {
    list.replaceChildren(...spans.map((span, at) => {
      const label = names.get(span.label);
      const words = element("span", "spans-words", inert(span.text));
      words.dir = "auto";
      const gone = button("icon-button spans-remove", () => remove(at), "×");
      gone.setAttribute("aria-label", t("spans_remove", { label: label.label, words: inert(span.text) }));
      return element("li", "spans-row", swatch(label), element("span", "spans-name muted small", label.label), words, gone);
    }));
    list.hidden = spans.length === 0;
    if (goneFrom >= 0) (list.querySelectorAll("button")[Math.min(goneFrom, spans.length - 1)] ?? text).focus();
    goneFrom = -1;
  }

  function show() {
    const scrolled = text.scrollTop;
    showText();
    text.scrollTop = scrolled;
    showList();
    select();
    showChosen(news);
    news = "";
  }

  function showHistory() {
    undo.setAttribute("aria-disabled", String(!history.canUndo()));
    redo.setAttribute("aria-disabled", String(!history.canRedo()));
  }

  document.addEventListener("selectionchange", heard);
  body.append(text, note, bar, said, acts, list);
  show();
  showHistory();
  return {
    body,
    field: text,
    choose: (number) => labels[number - 1] && mark(labels[number - 1]),
    missing: () => (laid.words.length > 0 ? t("spans_missing") : t("spans_no_text")),
    update(next) {
      if ((next ?? empty) !== spans) {
        spans = next ?? empty;
        show();
      }
      queueMicrotask(showHistory); // the store tells of an answer before it can be undone
    },
    gone: () => document.removeEventListener("selectionchange", heard),
  };
}
