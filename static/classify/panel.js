// The panel beside the picture: the questions that stand, their answers, help, Back and Next or Done.

import { isEmpty } from "./store.js";
import { t } from "./text.js";

function element(tag, className, ...content) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...content);
  return made;
}

// `elsewhere`: names of metadata that the viewer shows already. `answer(value, key, join)` answers a task of the screen,
// `undo()` and `redo()` change the answers back and forth; `picture` is the viewer's, for tasks that draw on it; `memory` keeps what a kind
// remembers of this workflow on this device.
export function createPanel({ root, store, kinds, icons, answer, goOn: goFurther, elsewhere, picture, memory, undo, redo }) {
  const question = root.querySelector("[data-part=question]");
  const step = root.querySelector("[data-part=step]");
  const body = root.querySelector("[data-part=body]");
  const help = root.querySelector("[data-part=help]");
  const about = root.querySelector("[data-part=about]");
  const goOn = root.querySelector("[data-part=go-on]");
  const back = root.querySelector("[data-part=back]");
  const hint = root.querySelector("[data-part=hint]");
  const announce = root.querySelector("[data-part=announce]");
  let shown = ""; // which subject and screen the rows belong to
  let members = []; // {key, rendered, place, above}: the tasks on the screen
  let active = null; // the one that a number key is for

  function renderMember(key) {
    const task = store.taskOf(key);
    const rendered = kinds[task.kind].render({
      key, task, value: store.valueOf(key), subject: store.get().subject, icons, goOn: goFurther, kinds, picture, history, memory,
      answer: (value, join) => answer(value, key, join),
    });
    return { key, rendered, place: rendered.body, above: store.valueOf(task.depends_on) };
  }

  // In its place, as the answers are now.
  function renderAgain(member) {
    const before = member.rendered.body;
    const hadFocus = before.contains(document.activeElement);
    member.rendered.gone?.();
    Object.assign(member, { ...renderMember(member.key), place: member.place === before ? null : member.place });
    member.place ??= member.rendered.body;
    before.replaceWith(member.rendered.body);
    if (hadFocus) (member.rendered.field ?? member.place.querySelector("input"))?.focus({ preventScroll: true });
  }

  // One of several: its question over it, and whether it may be left empty.
  function framed(member) {
    const task = store.taskOf(member.key);
    const legend = element("legend", "member-question", task.question);
    if (task.required === false) legend.append(" ", element("span", "muted small", t("member_optional")));
    member.place = element("fieldset", "member", legend, member.rendered.body);
    member.place.addEventListener("focusin", () => setActive(member));
    return member.place;
  }

  function setActive(member) {
    if (active !== member) member.rendered.activate?.();
    active = member;
    for (const each of members) each.place.classList.toggle("active", members.length > 1 && each === member);
  }

  function renderScreen() {
    const keys = store.screen();
    const hadAny = root.contains(document.activeElement);
    const hadFocus = hadAny && document.activeElement !== goOn;
    for (const { rendered } of members) rendered.gone?.();
    members = keys.map(renderMember);
    const several = keys.length > 1;
    question.textContent = several ? t("member_count", { n: keys.length }) : store.task().question;
    question.classList.toggle("several", several);
    step.textContent = t("question_number", { n: store.number() });
    body.replaceChildren(...members.map((member) => (several ? framed(member) : member.rendered.body)));
    setActive(members.find((member) => isEmpty(store.valueOf(member.key))) ?? members[0]);
    renderHelp(keys);
    const { field } = active.rendered;
    if (field && hadAny) field.focus({ preventScroll: true });
    else if (hadFocus) question.focus({ preventScroll: true });
    else announce.textContent = t("announce", { question: keys.map((key) => store.taskOf(key).question).join(" ") });
    root.querySelector(".panel-scroll").scrollTop = 0;
    if (shown) (field ? active.place : step).scrollIntoView({ block: "nearest" }); // on a phone the answers before may have been scrolled to
  }

  // Options that depend on another answer of the screen are others when that one is.
  function renderDependent() {
    for (const member of members) {
      const { depends_on: on } = store.taskOf(member.key);
      if (on && store.valueOf(on) !== member.above) renderAgain(member);
    }
  }

  // One change of the answers back or forth; what a task has only begun goes first, and is the task's own.
  function travel(go) {
    const screen = store.get().current;
    if (go === undo && active?.rendered.back?.()) return;
    const values = members.map(({ key }) => store.valueOf(key));
    go();
    if (store.get().current !== screen) return;
    members.forEach((member, at) => {
      if (!member.rendered.update && store.valueOf(member.key) !== values[at]) renderAgain(member);
    });
  }

  const history = {
    undo: () => travel(undo), redo: () => travel(redo), canUndo: store.canUndo, canRedo: store.canRedo,
  };

  function renderHelp(keys) {
    const parts = keys.flatMap((key) => {
      const text = document.getElementById(`help-${key}`);
      const title = keys.length > 1 ? [element("h3", "", store.taskOf(key).question)] : [];
      return text ? [...title, text.content.cloneNode(true)] : [];
    });
    help.hidden = parts.length === 0;
    help.open = false;
    help.querySelector(".help-text").replaceChildren(...parts);
  }

  function renderAbout({ metadata }) {
    const entries = Object.entries(metadata ?? {}).filter(
      ([name, value]) => value !== null && typeof value !== "object" && !elsewhere.includes(name),
    );
    about.querySelector("dl").replaceChildren(
      ...entries.flatMap(([name, value]) => [element("dt", "", name), element("dd", "", String(value))]),
    );
    about.hidden = entries.length === 0 && about.querySelector("p") === null;
  }

  function render(force = false) {
    const state = store.get();
    if (!state.subject) return;
    const now = `${state.subject.id} ${state.current}`;
    if (!shown.startsWith(`${state.subject.id} `)) renderAbout(state.subject);
    if (now !== shown || force) renderScreen();
    else renderDependent();
    for (const { key, rendered } of members) rendered.update?.(store.valueOf(key));
    shown = now;
    hint.textContent = "";
    back.setAttribute("aria-disabled", String(!store.canGoBack()));
    goOn.setAttribute("aria-disabled", String(!store.canGoOn()));
    goOn.querySelector("span").textContent = store.isLast() ? t("done") : t("next");
  }

  // A number key chooses on the active task; where one answer is chosen, the next key is for the task after it.
  function choose(number) {
    if (!active) return;
    const { key, rendered } = active;
    rendered.choose(number);
    const after = members[members.indexOf(active) + 1];
    if (store.taskOf(key).kind !== "single" || !after) return;
    setActive(after);
    const go = () => {
      after.place.scrollIntoView({ block: "nearest" });
      after.rendered.field?.focus({ preventScroll: true });
    };
    const asking = document.querySelector("dialog:modal"); // for consent, at the first answer
    if (asking) asking.addEventListener("close", go, { once: true });
    else go();
  }

  store.subscribe(() => render());
  return {
    render,
    choose,
    ...history,
    // One more of what the active task draws, without a pointer.
    add: () => active?.rendered.add?.(),
    // What is only begun is finished, before one goes on.
    settle: () => members.forEach(({ rendered }) => rendered.settle?.()),
    // Says what is missing, and goes there.
    hint: (key) => {
      const missing = members.find((member) => !store.isAnswered(member.key)) ?? active;
      hint.textContent = missing?.rendered.missing?.() ?? t(key);
      if (!missing || (members.length < 2 && !missing.rendered.field)) return;
      setActive(missing);
      missing.place.scrollIntoView({ block: "nearest" });
      (missing.rendered.field ?? missing.place.querySelector("input"))?.focus({ preventScroll: true });
    },
  };
}
