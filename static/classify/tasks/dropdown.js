// One of a long list, found by writing a part of it. Value: the answer's key, or null when skipped.
//
// The field is a combobox after the ARIA practices: the list under it is walked by the arrows and taken by Enter; a
// finger or the mouse takes a row. What is written filters the list and chooses nothing by itself.

import { t } from "../text.js";

export const empty = null;

const MOST = 100; // rows at a time: a browser is slow with thousands

const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLocaleLowerCase();

// The answers whose label holds every word, those that begin with it first; all of them for no words.
export function search(answers, words) {
  const wanted = folded(words.trim());
  if (wanted === "") return answers;
  const parts = wanted.split(/\s+/);
  const found = answers.map((answer) => ({ answer, label: folded(answer.label) }))
    .filter(({ label }) => parts.every((part) => label.includes(part)));
  const rank = ({ label }) => (label.startsWith(wanted) ? 0 : label.split(/[\s(-]+/).some((word) => word.startsWith(wanted)) ? 1 : 2);
  return found.map((each, at) => [rank(each), at, each.answer]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((each) => each[2]);
}

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function makeField(key, list, value, labelOf) {
  const field = element("input", "dropdown-field");
  Object.assign(field, { id: `dropdown-${key}`, type: "text", maxLength: 200, value: labelOf(value), spellcheck: false });
  const given = { role: "combobox", autocomplete: "off", autocapitalize: "off", "aria-autocomplete": "list", "aria-controls": list.id,
    "aria-expanded": "true", "aria-describedby": `dropdown-note-${key}` };
  for (const [name, content] of Object.entries(given)) field.setAttribute(name, content);
  return field;
}

export function render({ key, task, value, answer, goOn }) {
  const body = element("div", "dropdown-answer");
  const note = element("p", "dropdown-note small muted");
  note.id = `dropdown-note-${key}`;
  note.setAttribute("role", "status");
  if (task.answers.length === 0) {
    note.textContent = t("dropdown_nothing");
    body.append(note);
    return { body, choose: () => {} };
  }
  const labelOf = (of) => task.answers.find((each) => each.key === of)?.label ?? "";
  const list = element("ul", "dropdown-list");
  Object.assign(list, { id: `dropdown-list-${key}`, tabIndex: -1 });
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", task.question);
  const field = makeField(key, list, value, labelOf);
  const label = element("label", "dropdown-label", t("dropdown_label"));
  label.htmlFor = field.id;
  let chosen = value ?? null;
  let rows = []; // of the answers that are shown
  let at = -1; // of the row that Enter takes

  function mark(next, scroll = true) {
    rows[at]?.element.classList.remove("active");
    at = next;
    const row = rows[at]?.element;
    row?.classList.add("active");
    if (row) field.setAttribute("aria-activedescendant", row.id);
    else field.removeAttribute("aria-activedescendant");
    if (row && scroll) list.scrollTop = Math.max(Math.min(list.scrollTop, row.offsetTop), row.offsetTop + row.offsetHeight - list.clientHeight);
  }

  function show(words) {
    const found = search(task.answers, words);
    const first = found.slice(0, MOST);
    const own = words.trim() === "" ? found.slice(MOST).filter((each) => each.key === chosen) : []; // it is always to be seen
    rows = [...own, ...first].map((each, n) => {
      const row = element("li", "dropdown-row", each.label);
      row.id = `dropdown-${key}-${n}`;
      row.setAttribute("role", "option");
      row.setAttribute("aria-selected", String(each.key === chosen));
      return { answer: each, element: row };
    });
    list.replaceChildren(...rows.map((row) => row.element));
    list.hidden = rows.length === 0;
    field.setAttribute("aria-expanded", String(rows.length > 0));
    if (found.length > MOST) note.textContent = t("dropdown_more", { n: MOST, of: found.length });
    else if (found.length === 0) note.textContent = t("dropdown_none");
    else if (words.trim() === "") note.textContent = t("dropdown_all", { n: found.length });
    else note.textContent = t("dropdown_found", { n: found.length });
    mark(words.trim() === "" ? rows.findIndex((row) => row.answer.key === chosen) : rows.length > 0 ? 0 : -1);
  }

  // All rows again, since the next look at the list is a new search.
  function take(taken) {
    chosen = taken;
    field.value = labelOf(taken);
    show("");
    if (taken !== null) note.textContent = t("dropdown_chosen", { answer: labelOf(taken) });
    clear.hidden = taken === null;
    answer(taken);
  }

  const clear = element("button", "link dropdown-clear", t("dropdown_clear"));
  clear.type = "button";
  clear.hidden = chosen === null;
  clear.addEventListener("click", () => {
    take(null);
    field.focus();
  });
  field.addEventListener("focus", () => field.select());
  field.addEventListener("input", () => {
    show(field.value);
    if (chosen === null) return;
    chosen = null; // what is written is another search
    clear.hidden = true;
    answer(null);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = rows.length - 1;
    const moves = { ArrowDown: Math.min(at + 1, last), ArrowUp: Math.max(at - 1, 0), PageDown: Math.min(at + 8, last), PageUp: Math.max(at - 8, 0) };
    if (event.key in moves && last >= 0) {
      event.preventDefault();
      mark(moves[event.key]);
    } else if (event.key === "Escape" && (chosen !== null || field.value !== "")) {
      event.preventDefault();
      take(null);
    } else if (event.key === "Enter" && !event.repeat) {
      event.preventDefault();
      if (rows[at] && rows[at].answer.key !== chosen) take(rows[at].answer.key);
      else goOn();
    }
  });
  list.addEventListener("pointerdown", (event) => event.pointerType === "mouse" && event.preventDefault()); // the focus stays in the field
  list.addEventListener("click", (event) => {
    const row = rows.find((each) => each.element === event.target);
    if (row) take(row.answer.key);
  });
  body.append(label, field, note, list, clear);
  show("");
  if (chosen !== null) note.textContent = t("dropdown_chosen", { answer: labelOf(chosen) });
  return { body, field, choose: () => field.focus() };
}
