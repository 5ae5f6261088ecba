// Who or what is there, of a list with pictures. Value: [{choice, answers: {question: value}}] of those found, [] when
// skipped; an answer that was left empty is not in it.
//
// The list is searched by writing and by filters; a choice opens its card, which shows it larger, names what it is often
// taken for, and, once it is taken, asks about it. What stands alone ("Nothing here") is taken from the list at once.

import { button, element } from "../drawing/elements.js";
import { isEmpty } from "../store.js";
import { t } from "../text.js";
import { search } from "./dropdown.js";

export const empty = [];

// The questions about a choice, as projects/tasks/survey.py has them.
export function askedOf(task, choice) {
  if (choice.alone) return [];
  return (task.questions ?? []).filter((question) => !choice.asks || choice.asks.includes(question.key));
}

// The first question about what was found that can't be left so: {choice, question}, or null.
export function lacking(task, value, kinds) {
  for (const { choice: key, answers } of value ?? []) {
    const choice = task.answers.find((each) => each.key === key);
    const question = askedOf(task, choice).find((each) => {
      const said = answers[each.key];
      const isWhole = kinds[each.kind].isWhole?.(each, said, kinds) ?? true;
      return !isWhole || (each.required !== false && isEmpty(said));
    });
    if (question) return { choice, question };
  }
  return null;
}

export const isWhole = (task, value, kinds) => lacking(task, value, kinds) === null;

// The value with one found, or found no more; what stands alone drives out the others, and goes before them.
export function toggled(task, value, key) {
  if (value.some((each) => each.choice === key)) return value.filter((each) => each.choice !== key);
  const choice = task.answers.find((each) => each.key === key);
  const others = choice.alone ? [] : value.filter((each) => !task.answers.find((one) => one.key === each.choice).alone);
  const order = task.answers.map((each) => each.key);
  return [...others, { choice: key, answers: {} }].sort((a, b) => order.indexOf(a.choice) - order.indexOf(b.choice));
}

// Those whose label holds the words and whose aspects fit all filters ({aspect: value}).
export function fitting(task, words, filters) {
  return search(task.answers, words).filter((choice) => Object.entries(filters)
    .every(([aspect, value]) => (choice.aspects?.[aspect] ?? []).includes(value)));
}

function picture(choice, className, at = 0) {
  const path = choice.pictures?.[at];
  if (!path) return [];
  const image = element("img", className);
  Object.assign(image, { src: path, alt: "", loading: "lazy", decoding: "async" });
  return [image];
}

export function render({ key, task, value, icons, answer, goOn, kinds }) {
  const choices = new Map(task.answers.map((choice) => [choice.key, choice]));
  let known = value ?? empty; // what the store has
  let given = known; // what stands here; the store follows, once consent is given
  let sent = [];
  let filters = {};
  let shown = []; // the choices in the list
  let card = null; // {choice, asked: [{question, rendered, place}]} of the one that is open

  const body = element("div", "survey-answer");
  const found = element("ul", "survey-found");
  found.setAttribute("aria-label", t("survey_found"));
  const listing = element("div", "survey-listing");
  const opened = element("section", "survey-card");
  const said = element("p", "visually-hidden");
  said.setAttribute("role", "status");

  const field = element("input", "survey-field");
  Object.assign(field, { id: `survey-${key}`, type: "text", maxLength: 100, spellcheck: false });
  for (const [name, content] of Object.entries({ autocomplete: "off", autocapitalize: "off", enterkeyhint: "search", "aria-describedby": `survey-note-${key}` })) {
    field.setAttribute(name, content);
  }
  const label = element("label", "survey-label", t("survey_search"));
  label.htmlFor = field.id;
  const note = element("p", "survey-note small muted");
  note.id = `survey-note-${key}`;
  note.setAttribute("role", "status");
  const grid = element("ul", "survey-grid");
  grid.setAttribute("aria-label", t("survey_list"));

  const entryOf = (choice) => given.find((each) => each.choice === choice);

  function give(next, join) {
    given = next;
    sent.push(next);
    show();
    answer(next, join);
  }

  function toggle(choice) {
    const isFound = entryOf(choice.key);
    give(toggled(task, given, choice.key));
    const values = { choice: choice.label };
    said.textContent = isFound ? t("survey_out", values) : t("survey_taken", values);
  }

  // --- The list ---

  function cell(choice, at) {
    const isFound = entryOf(choice.key) !== undefined;
    const made = button("survey-choice", () => press(choice), ...picture(choice, "survey-thumb"), element("span", "survey-name", choice.label));
    made.tabIndex = at === 0 ? 0 : -1;
    if (choice.alone) made.setAttribute("aria-pressed", String(isFound));
    else if (isFound) made.append(element("span", "visually-hidden", t("survey_is_found")));
    made.classList.toggle("found", isFound);
    if (at < 9) {
      const number = element("span", "answer-key", String(at + 1));
      number.setAttribute("aria-hidden", "true");
      made.append(number);
    }
    return element("li", "", made);
  }

  function showList() {
    shown = fitting(task, field.value, filters);
    const at = [...grid.querySelectorAll("button")].indexOf(document.activeElement);
    grid.replaceChildren(...shown.map(cell));
    if (at >= 0) (grid.querySelectorAll("button")[Math.min(at, shown.length - 1)] ?? field).focus();
    note.textContent = shown.length > 0 ? t("survey_shown", { n: shown.length, of: task.answers.length }) : t("survey_none");
    clear.hidden = field.value === "" && Object.keys(filters).length === 0;
    for (const [chip, aspect, one] of chips) chip.setAttribute("aria-pressed", String(filters[aspect] === one));
  }

  function press(choice) {
    if (choice.alone) toggle(choice);
    else open(choice);
  }

  function reset() {
    field.value = "";
    filters = {};
    showList();
    field.focus();
  }

  const clear = button("link survey-clear", reset, t("survey_clear"));
  const chips = [];
  const aspects = element("details", "survey-filters", element("summary", "", t("survey_filters")));
  for (const aspect of task.aspects ?? []) {
    const row = element("div", "survey-aspect");
    row.setAttribute("role", "group");
    row.setAttribute("aria-label", aspect.label);
    row.append(element("span", "survey-aspect-name small muted", aspect.label));
    for (const each of aspect.values) {
      const chip = button("tag-chip", () => {
        const { [aspect.key]: before, ...others } = filters;
        filters = before === each.key ? others : { ...others, [aspect.key]: each.key };
        showList();
      }, each.label);
      chips.push([chip, aspect.key, each.key]);
      row.append(chip);
    }
    aspects.append(row);
  }
  aspects.open = matchMedia("(min-width: 52rem)").matches;
  aspects.hidden = chips.length === 0;

  field.addEventListener("input", showList);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" && shown.length > 0) grid.querySelector("button").focus();
    else if (event.key === "Escape" && !clear.hidden) reset();
    else if (event.key === "Enter" && !event.repeat) {
      if (field.value.trim() === "") goOn();
      else if (shown.length > 0) press(shown[0]);
    } else return;
    event.preventDefault();
  });

  // How many cells stand beside each other.
  function columns(cells) {
    const row = cells.findIndex((each) => each.offsetTop > cells[0].offsetTop);
    return row < 0 ? cells.length : row;
  }

  // Arrows walk; a letter is written into the field, whose list it narrows.
  grid.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const cells = [...grid.querySelectorAll("button")];
    const at = cells.indexOf(event.target);
    const wide = columns(cells);
    const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + wide, ArrowUp: at - wide, Home: 0, End: cells.length - 1 };
    if (event.key === "ArrowUp" && at < wide) field.focus();
    else if (event.key in steps) cells[Math.max(0, Math.min(steps[event.key], cells.length - 1))].focus();
    else if (/^\p{L}$/u.test(event.key)) {
      field.value += event.key;
      field.focus();
      showList();
    } else return;
    event.preventDefault();
  });

  // --- The card of one choice ---

  function open(choice, atQuestions = false) {
    close();
    card = { choice, asked: [] };
    listing.hidden = true;
    opened.hidden = false;
    showCard();
    (atQuestions && openField() ? openField() : opened.querySelector("h2")).focus({ preventScroll: true });
    opened.scrollIntoView({ block: "nearest" });
  }

  function close(toList = false) {
    const before = card?.choice;
    card = null;
    opened.hidden = true;
    opened.replaceChildren();
    listing.hidden = false;
    if (!toList) return;
    field.value = "";
    showList();
    const at = shown.indexOf(before);
    (grid.querySelectorAll("button")[at] ?? field).focus();
  }

  function alike(other, how) {
    const words = element("span", "survey-like-words", element("b", "", other.label), ...(how ? [` ${how}`] : []));
    return element("li", "", button("survey-like", () => open(other), ...picture(other, "survey-thumb"), words));
  }

  // A choice with what is asked about it, if it was taken.
  function showCard() {
    const { choice } = card;
    const entry = entryOf(choice.key);
    const heading = element("h2", "survey-heading", choice.label);
    heading.tabIndex = -1;
    heading.id = `survey-card-${key}`;
    opened.setAttribute("aria-labelledby", heading.id);
    const images = (choice.pictures ?? []).flatMap((_, at) => picture(choice, "survey-picture", at));
    images.forEach((image) => Object.assign(image, { alt: choice.label }));
    const like = Object.entries(choice.like ?? {}).map(([other, how]) => alike(choices.get(other), how));
    const taken = button(entry ? "button" : "button primary", take, entry ? t("survey_take_out") : t("survey_take"));
    const back = button("button quiet", () => close(true), t("survey_back"));
    card.asked = entry ? askedOf(task, choice).map((question, at) => asked(question, at, entry)) : [];
    opened.replaceChildren(
      heading,
      ...(images.length > 0 ? [element("div", "survey-pictures", ...images)] : []),
      ...(choice.description ? [element("p", "", choice.description)] : []),
      ...card.asked.map((each) => each.place),
      element("div", "row survey-acts", taken, back),
      ...(like.length > 0 ? [element("p", "small muted", t("survey_like")), element("ul", "survey-likes", ...like)] : []),
    );
    opened.classList.toggle("asks", card.asked.length > 0);
    card.knows = entry;
  }

  function take() {
    const { choice } = card;
    const wasFound = entryOf(choice.key) !== undefined;
    toggle(choice);
    if (wasFound || askedOf(task, choice).length === 0) close(true);
    else {
      showCard();
      openField()?.focus();
    }
  }

  function asked(question, at, entry) {
    const rendered = kinds[question.kind].render({
      key: `${key}-${entry.choice}-${question.key}`, task: question, value: entry.answers[question.key], icons, kinds,
      goOn: () => further(at),
      answer: (next) => say(entry.choice, question.key, next),
    });
    const legend = element("legend", "member-question", question.question);
    if (question.required === false) legend.append(" ", element("span", "muted small", t("member_optional")));
    return { question, rendered, place: element("fieldset", "member", legend, rendered.body) };
  }

  function say(choice, question, next) {
    const { [question]: _before, ...others } = entryOf(choice).answers;
    const answers = isEmpty(next) ? others : { ...others, [question]: next };
    const entry = { choice, answers };
    if (card) card.knows = entry; // what comes back stands here already
    give(given.map((each) => (each.choice === choice ? entry : each)), `${key} ${choice} ${question}`);
  }

  const fieldOf = (each) => each?.rendered.field ?? each?.place.querySelector("input:checked, input, button");
  const further = (at) => (fieldOf(card.asked[at + 1]) ? fieldOf(card.asked[at + 1]).focus() : close(true));

  function openField() {
    const entry = card && entryOf(card.choice.key);
    if (!entry) return undefined;
    const lack = lacking(task, [entry], kinds);
    return fieldOf(card.asked.find((each) => each.question.key === lack?.question.key) ?? card.asked[0]);
  }

  opened.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const isWritten = event.target.matches("input:not([type=radio], [type=checkbox])");
    if (event.key === "Escape") close(true);
    else if (/^[1-9]$/.test(event.key) && !isWritten && card) {
      const own = card.asked.find((each) => each.place.contains(event.target));
      if (!own) return;
      own.rendered.choose(Number(event.key));
    } else return;
    event.preventDefault();
  });

  // --- What was found ---

  function row({ choice: of, answers }) {
    const choice = choices.get(of);
    const lack = lacking(task, [{ choice: of, answers }], kinds);
    const told = askedOf(task, choice).filter((each) => !isEmpty(answers[each.key])).map((each) => {
      const labels = new Map((each.answers ?? []).map((one) => [one.key, one.label]));
      const value = answers[each.key];
      return [value].flat().map((one) => labels.get(one) ?? (typeof one === "object" ? one.text : `${one} ${each.unit ?? ""}`.trim())).join(", ");
    });
    const words = element("span", "survey-told small muted", lack ? t("draw_open") : told.join(" · "));
    const again = button("survey-entry", () => (choice.alone ? toggle(choice) : open(choice, true)), ...picture(choice, "survey-thumb"), element("span", "survey-name", choice.label), words);
    const gone = button("icon-button survey-remove", () => {
      if (card?.choice === choice) close();
      toggle(choice);
      (found.querySelector(".survey-remove") ?? field).focus();
    }, "×");
    gone.setAttribute("aria-label", t("survey_remove", { choice: choice.label }));
    return element("li", "survey-row", again, gone);
  }

  function show() {
    found.replaceChildren(...given.map(row));
    found.hidden = given.length === 0;
    showList();
    if (!card) return;
    const entry = entryOf(card.choice.key);
    if (entry === card.knows) return;
    const hadFocus = opened.contains(document.activeElement);
    showCard();
    if (hadFocus) opened.querySelector("h2").focus({ preventScroll: true });
  }

  opened.hidden = true;
  listing.append(label, field, aspects, note, clear, grid);
  body.append(found, listing, opened, said);
  show();
  return {
    body,
    // A finger that answers wants no keyboard over half of the page.
    get field() {
      return card ? openField() : matchMedia("(pointer: coarse)").matches ? undefined : field;
    },
    choose: (number) => (card ? undefined : shown[number - 1] && press(shown[number - 1])),
    add: () => (card ? opened.querySelector("h2") : field).focus(),
    missing() {
      const lack = lacking(task, given, kinds);
      if (!lack) return t("survey_missing");
      if (card?.choice !== lack.choice) open(lack.choice, true);
      return t("draw_missing_detail", { mark: lack.choice.label });
    },
    update(next) {
      if ((next ?? empty) === known) return;
      known = next ?? empty;
      const at = sent.indexOf(known);
      sent = sent.slice(at + 1);
      if (at >= 0) return;
      given = known;
      show();
    },
  };
}
