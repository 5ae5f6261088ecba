// The panel beside the picture: the question that stands, its answers, help, Back and Next or Done.

import { t } from "./text.js";

function term(tag, text) {
  const made = document.createElement(tag);
  made.textContent = String(text);
  return made;
}

// `elsewhere`: names of metadata that the viewer shows already.
export function createPanel({ root, store, kinds, icons, answer, goOn: goFurther, elsewhere }) {
  const question = root.querySelector("[data-part=question]");
  const step = root.querySelector("[data-part=step]");
  const body = root.querySelector("[data-part=body]");
  const help = root.querySelector("[data-part=help]");
  const about = root.querySelector("[data-part=about]");
  const goOn = root.querySelector("[data-part=go-on]");
  const back = root.querySelector("[data-part=back]");
  const hint = root.querySelector("[data-part=hint]");
  const announce = root.querySelector("[data-part=announce]");
  let shown = ""; // which subject and task the rows belong to
  let rendered = null;

  function renderTask(state) {
    const task = store.task();
    const hadAny = root.contains(document.activeElement);
    const hadFocus = hadAny && document.activeElement !== goOn;
    question.textContent = task.question;
    step.textContent = t("question_number", { n: state.path.indexOf(state.current) + 1 });
    rendered = kinds[task.kind].render({ key: state.current, task, value: store.value(), icons, answer, goOn: goFurther });
    body.replaceChildren(rendered.body);
    renderHelp(state.current);
    if (rendered.field && hadAny) rendered.field.focus({ preventScroll: true });
    else if (hadFocus) question.focus({ preventScroll: true });
    else announce.textContent = t("announce", { question: task.question });
    root.querySelector(".panel-scroll").scrollTop = 0;
    if (shown) (rendered.field ? rendered.body : step).scrollIntoView({ block: "nearest" }); // on a phone the answers before may have been scrolled to
  }

  function renderHelp(key) {
    const text = document.getElementById(`help-${key}`);
    help.hidden = !text;
    help.open = false;
    help.querySelector(".help-text").replaceChildren(...(text ? [text.content.cloneNode(true)] : []));
  }

  function renderAbout({ metadata }) {
    const entries = Object.entries(metadata ?? {}).filter(
      ([name, value]) => value !== null && typeof value !== "object" && !elsewhere.includes(name),
    );
    about.querySelector("dl").replaceChildren(...entries.flatMap(([name, value]) => [term("dt", name), term("dd", value)]));
    about.hidden = entries.length === 0 && about.querySelector("p") === null;
  }

  function render(force = false) {
    const state = store.get();
    if (!state.subject) return;
    const now = `${state.subject.id} ${state.current}`;
    if (!shown.startsWith(`${state.subject.id} `)) renderAbout(state.subject);
    if (now !== shown || force) renderTask(state);
    shown = now;
    hint.textContent = "";
    back.setAttribute("aria-disabled", String(!store.canGoBack()));
    goOn.setAttribute("aria-disabled", String(!store.canGoOn()));
    goOn.querySelector("span").textContent = store.isLast() ? t("done") : t("next");
  }

  store.subscribe(() => render());
  return {
    render,
    choose: (number) => rendered?.choose(number),
    hint: (key) => {
      hint.textContent = t(key);
    },
  };
}
