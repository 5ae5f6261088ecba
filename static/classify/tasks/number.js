// A number, written into a field or set on a slider with a field beside it. Value: the number, null when skipped; while
// the field holds what is no such number it is {text}, which `isWhole` lets nobody go on with.

import { t } from "../text.js";
import { keepCaret } from "./caret.js";

export const empty = null;

export const isWhole = (task, value) => value === null || value === undefined || typeof value === "number";

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?$/i;

// {value} of what was written, or {wrong}: "number", "range" or "step". Takes a comma for the point.
export function read(text, { min, max, step = null }) {
  const plain = text.trim().replace(",", ".").replace("−", "-");
  if (plain === "") return { value: null };
  if (!NUMBER.test(plain)) return { wrong: "number" };
  const value = Number(plain);
  if (value < min || value > max) return { wrong: "range" };
  if (step === null) return { value };
  const steps = (value - min) / step;
  if (Math.abs(steps - Math.round(steps)) > 1e-6) return { wrong: "step" };
  return { value: Number((min + Math.round(steps) * step).toPrecision(12)) }; // 0.3, not 0.30000000000000004
}

const WRONG = {
  number: () => t("number_wrong"),
  range: ({ min, max }) => t("number_range", { min, max }),
  step: ({ min, step }) => t("number_step", { min, step }),
};

function element(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function makeField(key, task, value) {
  const field = element("input", "number-field");
  const written = typeof value === "number" ? String(value) : value?.text ?? "";
  Object.assign(field, { id: `number-${key}`, type: "text", inputMode: "decimal", maxLength: 30, value: written });
  field.setAttribute("autocomplete", "off");
  field.setAttribute("aria-describedby", `number-note-${key}`);
  return field;
}

// The slider's name is the question's; until it is set it stands in the middle and says so.
function makeSlider(task, value) {
  const { min, max, step } = task;
  const slider = element("input", "number-slider");
  Object.assign(slider, { type: "range", min, max, step });
  slider.value = typeof value === "number" ? value : min + Math.round((max - min) / step / 2) * step;
  slider.setAttribute("aria-label", task.question);
  return slider;
}

export function render({ key, task, value, answer, goOn }) {
  const body = element("div", "number-answer");
  const label = element("label", "number-label", t("number_label"));
  const row = element("div", "number-row");
  const note = element("p", "number-note small muted");
  const field = makeField(key, task, value);
  const slider = task.display === "slider" ? makeSlider(task, value) : null;
  label.htmlFor = field.id;
  note.id = `number-note-${key}`;
  note.setAttribute("role", "status");

  const wrong = () => read(field.value, task).wrong;

  function show() {
    const problem = wrong();
    field.setAttribute("aria-invalid", String(problem !== undefined));
    note.classList.toggle("error", problem !== undefined);
    note.textContent = problem ? WRONG[problem](task) : t("number_note", { min: task.min, max: task.max });
    if (!slider) return;
    const { value: now } = read(field.value, task);
    slider.classList.toggle("unset", typeof now !== "number");
    slider.setAttribute("aria-valuetext", typeof now === "number" ? `${now} ${task.unit ?? ""}`.trim() : t("number_unset"));
    if (typeof now === "number") slider.value = now;
  }

  function write() {
    const found = read(field.value, task);
    show();
    keepCaret(field, () => answer(found.wrong ? { text: field.value } : found.value));
  }

  function slide() {
    field.value = String(Number(slider.value));
    show();
    answer(Number(slider.value));
  }

  function enter(event) {
    if (event.key !== "Enter" || event.isComposing || event.repeat) return;
    event.preventDefault();
    goOn();
  }

  field.addEventListener("input", write);
  field.addEventListener("keydown", enter);
  row.append(field, element("span", "number-unit", task.unit ?? ""));
  if (slider) {
    slider.addEventListener("input", slide);
    slider.addEventListener("pointerup", () => slider.classList.contains("unset") && slide()); // where it stands already
    slider.addEventListener("keydown", (event) => {
      enter(event);
      if (event.key === " ") slide();
    });
    const ends = element("div", "number-ends small muted");
    ends.setAttribute("aria-hidden", "true");
    ends.append(element("span", "", String(task.min)), element("span", "", String(task.max)));
    body.append(slider, ends);
  }
  body.append(label, row, note);
  show();
  const first = slider ?? field;
  return {
    body,
    // Where to go on: what is wrong stands in the field, whose keys a refusal must not take away.
    get field() {
      return wrong() || document.activeElement === field ? field : first;
    },
    choose: () => first.focus(),
    missing: () => (wrong() ? WRONG[wrong()](task) : t("number_missing")),
  };
}
