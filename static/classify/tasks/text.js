// A text. Value: what was written, in Unicode's form NFC; "" when skipped.

import { t } from "../text.js";
import { keepCaret } from "./caret.js";

export const empty = "";

// What the record would refuse is left out here: control characters, signs that turn the direction of writing, half
// characters. `most` is the greatest length in characters.
export function cleaned(text, most, lines) {
  const kept = text.replace(/\r\n?/g, "\n").replace(lines > 1 ? /\t/g : /[\t\n]/g, " ")
    .replace(/(?!\n)\p{Cc}|[\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, "")
    .normalize("NFC").trim();
  return [...kept].slice(0, most).join("");
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function greekKeyboard(field, unclear) {
  const keyboard = document.createElement("greek-keyboard");
  const words = {
    keyboard: t("greek_keyboard"), latin: t("greek_latin"), takes_none: t("greek_takes_none"),
    smooth: t("greek_smooth"), rough: t("greek_rough"), acute: t("greek_acute"), grave: t("greek_grave"),
    circumflex: t("greek_circumflex"), iota: t("greek_iota"), diaeresis: t("greek_diaeresis"), "ϲ": t("greek_lunate"),
    "ς": t("greek_final"), unclear: t("greek_unclear"), shift: t("greek_shift"), delete: t("greek_delete"),
    space: t("greek_space"),
  };
  field.lang = "grc";
  return Object.assign(keyboard, { field, words, unclear });
}

export function render({ key, task, value, answer, goOn }) {
  const { lines = 1, max_length: most = 300, unclear = "?" } = task;
  const body = element("div", "text-answer");
  const field = element(lines > 1 ? "textarea" : "input", "text-field");
  const label = element("label", "text-label", t("text_label"));
  const note = element("p", "text-note small muted", t("text_unclear", { sign: unclear }));
  field.id = `text-${key}`;
  note.id = `note-${key}`;
  label.htmlFor = field.id;
  Object.assign(field, { value: value ?? "", placeholder: task.placeholder ?? "", maxLength: most, spellcheck: false });
  for (const [name, given] of [["autocomplete", "off"], ["autocapitalize", "off"], ["autocorrect", "off"]]) {
    field.setAttribute(name, given);
  }
  field.setAttribute("aria-describedby", note.id);
  if (lines > 1) field.rows = Math.min(lines, 12);
  field.addEventListener("input", () => keepCaret(field, () => answer(cleaned(field.value, most, lines))));
  field.addEventListener("focus", () => body.scrollIntoView({ block: "nearest" }));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.repeat || (lines > 1 && !event.ctrlKey)) return;
    event.preventDefault();
    goOn();
  });
  body.append(label, field);
  if (task.leiden) {
    const words = {
      group: t("leiden"), unclear: t("leiden_unclear"), gap: t("leiden_gap"), supplied: t("leiden_supplied"), abbreviation: t("leiden_abbreviation"),
    };
    import("../../elements/leiden.js").then(({ leidenRow }) => field.after(leidenRow(field, words)));
  }
  body.append(note);
  if (task.keyboard === "polytonic_greek") {
    body.append(greekKeyboard(field, unclear));
    import("../../elements/greek-keyboard.js"); // until it is there the field takes what other keyboards write
  }
  return { body, field, choose: () => field.focus() };
}
