// Words of one's own, as hashtags are. Value: the tags in the order given, without their #; [] when skipped.
//
// Suggested is what the project lists, and what this person has given on this device before; never what others give,
// who would no longer be heard one by one.

import { t } from "../text.js";

export const empty = [];

const LONGEST = 50; // characters, as in projects/tasks/tags.py
const NONE = "none"; // stands for an empty answer
const MOST_OWN = 12;

// A tag as it is stored, "" where nothing is left of it. The record refuses what is left out here.
export function normalised(given) {
  const text = given.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{M}\p{N}\s_‐‑–-]/gu, "").trim()
    .replace(/[\s‐‑–-]+/gu, "-").normalize("NFC");
  const tag = [...text].slice(0, LONGEST).join("").replace(/^[-_]+|[-_]+$/gu, "");
  return /[\p{L}\p{N}]/u.test(tag) && tag !== NONE ? tag : "";
}

// The tags of what was written: one, or several with # before each or commas between.
export const tagsOf = (written) => [...new Set(written.split(/[#＃,;\n]+/u).map(normalised).filter((tag) => tag !== ""))];

export const isWhole = (task, value) => !value?.length || (value.length >= (task.min ?? 1) && value.length <= (task.max ?? 10));

function element(tag, className, ...content) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...content);
  return made;
}

function button(className, act, ...content) {
  const made = element("button", className, ...content);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}

function makeField(key) {
  const field = element("input", "tags-field");
  Object.assign(field, { id: `tags-${key}`, type: "text", maxLength: 200, spellcheck: false, placeholder: "#" });
  const given = { autocomplete: "off", autocapitalize: "off", autocorrect: "off", enterkeyhint: "done", "aria-describedby": `tags-note-${key}` };
  for (const [name, content] of Object.entries(given)) field.setAttribute(name, content);
  return field;
}

// `memory` keeps the person's own tags of this workflow.
export function render({ key, task, value, answer, goOn, memory }) {
  const { suggestions = [], min = 1, max = 10 } = task;
  let given = [...(value ?? [])];
  const body = element("div", "tags-answer");
  const field = makeField(key);
  const label = element("label", "tags-label", t("tags_label"));
  label.htmlFor = field.id;
  const note = element("p", "tags-note small muted");
  note.id = `tags-note-${key}`;
  note.setAttribute("role", "status");
  const list = element("ul", "tags-given");
  list.setAttribute("aria-label", t("tags_given"));
  const chips = new Map(); // of what is suggested, its button

  function showNote(said = "") {
    const values = { n: given.length, max };
    const count = max > 1 ? t("tags_count", values) : t("tags_count_one", values);
    note.textContent = `${said} ${given.length > 0 && given.length < min ? t("tags_more", { min }) : count}`.trim();
  }

  function show(said) {
    list.replaceChildren(...given.map((tag) => {
      const remove = button("tag-remove", (event) => take(tag, event.detail === 0), "×");
      remove.setAttribute("aria-label", t("tags_remove", { tag }));
      return element("li", "tag-given", element("span", "", `#${tag}`), remove);
    }));
    list.hidden = given.length === 0;
    for (const [tag, chip] of chips) chip.setAttribute("aria-pressed", String(given.includes(tag)));
    showNote(said);
  }

  function give(tags, said) {
    given = tags;
    show(said);
    answer([...given]);
  }

  function add(tags) {
    const fresh = tags.filter((tag) => !given.includes(tag));
    const room = max - given.length;
    if (fresh.length > room) showNote(t("tags_full", { max }));
    const kept = fresh.slice(0, Math.max(room, 0));
    if (kept.length === 0) return;
    const own = [...kept.filter((tag) => !suggestions.includes(tag)), ...memory.get("tags", [])];
    memory.set("tags", [...new Set(own)].slice(0, MOST_OWN));
    give([...given, ...kept], kept.length === fresh.length ? t("tags_added", { tags: kept.map((tag) => `#${tag}`).join(" ") }) : t("tags_full", { max }));
  }

  // byKey: the button that had the focus goes with its tag.
  function take(tag, byKey) {
    const at = given.indexOf(tag);
    give(given.filter((each) => each !== tag), t("tags_removed", { tag }));
    if (byKey) (list.querySelectorAll("button")[Math.min(at, given.length - 1)] ?? field).focus();
  }

  // What was written of it is written no more.
  function toggle(tag) {
    field.value = "";
    filter();
    if (given.includes(tag)) take(tag, false);
    else add([tag]);
  }

  // What stands in the field becomes tags.
  function settle() {
    const tags = tagsOf(field.value);
    if (tags.length === 0 && field.value.trim() !== "") showNote(t("tags_nothing"));
    field.value = "";
    filter();
    add(tags);
  }

  function filter() {
    const written = normalised(field.value);
    for (const [tag, chip] of chips) chip.hidden = written !== "" && !tag.includes(written);
  }

  function offer(title, tags, numbered) {
    if (tags.length === 0) return;
    const row = element("div", "tags-offered");
    row.setAttribute("role", "group");
    const heading = element("p", "small muted tags-title", title);
    row.setAttribute("aria-label", title);
    for (const [at, tag] of tags.entries()) {
      const chip = button("tag-chip", () => toggle(tag), `#${tag}`);
      if (numbered && at < 9) {
        const number = element("span", "answer-key", String(at + 1));
        number.setAttribute("aria-hidden", "true");
        chip.append(number);
      }
      chips.set(tag, chip);
      row.append(chip);
    }
    body.append(heading, row);
  }

  field.addEventListener("input", () => {
    if (/[,;\n]/.test(field.value) || /\S\s*[#＃]/u.test(field.value)) settle();
    else filter();
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && !event.repeat) {
      event.preventDefault();
      if (field.value.trim() === "") goOn();
      else settle();
    } else if (event.key === "Backspace" && field.value === "" && given.length > 0 && !event.repeat) {
      event.preventDefault();
      take(given.at(-1), false);
    }
  });
  const put = button("button", () => {
    settle();
    field.focus();
  }, t("tags_add"));
  body.append(label, list, element("div", "tags-row", field, put), note);
  offer(t("tags_suggested"), suggestions, true);
  offer(t("tags_own"), memory.get("tags", []).filter((tag) => !suggestions.includes(tag)), false);
  show();
  return {
    body, field, settle,
    choose: (number) => suggestions[number - 1] && toggle(suggestions[number - 1]),
    missing: () => (given.length > 0 ? t("tags_more", { min }) : t("tags_missing")),
  };
}
