// What a training, an exam, or the entry of known answers puts on the page: how far one is, that an answer is on its way,
// what was right, how the exam stands. Its frame is in templates/classify/practice*.html.

import { t } from "./text.js";
import { words } from "./words.js";

const PERCENT = { style: "percent", maximumFractionDigits: 0 };
// Of each state of an exam: what stands on top, and what below it.
const EXAM = {
  open: (values) => [t("exam_open", values), t("exam_open_note", values)],
  passed: (values) => [t("exam_passed", values), t("exam_passed_note", values)],
  ready: (values) => [t("exam_ready", values), t("exam_ready_note", values)],
  spent: (values) => [t("exam_spent", values), t("exam_spent_note", values)],
  too_few: (values) => [t("exam_too_few", values), t("exam_too_few_note", values)],
  wait: (values) => [t("exam_wait", values), t("exam_wait_note", values)],
};
const TIME = { dateStyle: "medium", timeStyle: "short" };

function element(tag, className, ...content) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...content);
  return made;
}

// `panel` and `root` as in main.js; `definition` for the words of tasks and answers.
export function createVerdict({ root, panel, use, definition }) {
  const part = (name) => root.querySelector(`[data-part=${name}]`);
  const card = part("verdict");
  const title = part("verdict-title");
  const goOn = part("go-on");
  const exam = root.querySelector("section[data-state=exam]");
  let shown = "";

  function line(task, theirs, { right, truth }) {
    const { question } = definition.tasks[task];
    const row = element("li", right ? "right" : "wrong");
    row.append(element("h3", "", question));
    row.append(element("p", "", element("strong", "", right ? t("verdict_right") : t("verdict_wrong")), " ",
      t("verdict_yours", { answer: words(definition.tasks[task], theirs) })));
    if (!right) row.append(element("p", "truth", t("verdict_truth", { answer: words(definition.tasks[task], truth) })));
    return row;
  }

  function showFeedback({ right, message, tasks }, annotations) {
    card.classList.toggle("right", right);
    title.textContent = right ? t("verdict_all_right") : t("verdict_not_all_right");
    part("verdict-message").textContent = message;
    const given = new Map(annotations.map(({ task, value }) => [task, value]));
    part("verdict-tasks").replaceChildren(...tasks.map((each) => line(each.task, given.get(each.task), each)));
  }

  function showWaiting(late) {
    title.textContent = late ? t("verdict_late") : t("verdict_sending");
    part("verdict-message").textContent = late ? t("verdict_late_note") : "";
    part("verdict-tasks").replaceChildren();
  }

  // The one in hand; while its verdict is read, of which the server may have heard already, the number stands still.
  function showProgress({ training, exam: sitting }, held) {
    const of = use === "training" ? training : sitting;
    if (!of) return;
    const done = use === "training" ? of.done : of.answered;
    const count = part("practice-count");
    if (held && count.textContent !== "") return;
    const n = held ? Math.max(done, 1) : Math.min(done + 1, of.subjects);
    const values = { n, of: of.subjects };
    count.textContent = use === "training" ? t("training_progress", values) : t("exam_progress", values);
    const bar = part("practice-bar");
    bar.max = of.subjects;
    bar.value = done;
  }

  function showExam({ exam: at }) {
    const percent = new Intl.NumberFormat(document.documentElement.lang, PERCENT);
    const until = at.retry_at ? new Intl.DateTimeFormat(document.documentElement.lang, TIME).format(new Date(at.retry_at)) : "";
    const values = {
      n: at.subjects, mark: percent.format(at.pass_mark), score: percent.format(at.score ?? 0), tries: at.tries_left, at: until,
    };
    exam.dataset.standing = at.state;
    const [head, note] = EXAM[at.state](values);
    exam.querySelector("h2").textContent = head;
    const lines = [
      at.score !== null && at.state !== "ready" ? t("exam_score", values) : "",
      note,
      at.state === "ready" || at.state === "wait" ? t("exam_tries", values) : "",
    ];
    exam.querySelector("[data-part=exam-lines]").replaceChildren(
      ...lines.filter((each) => each !== "").map((each) => element("p", "", each)),
    );
    for (const each of exam.querySelectorAll("[data-when]")) each.hidden = !each.dataset.when.split(" ").includes(at.state);
  }

  // `view` as practice.get() tells it, `annotations` of what is on the screen.
  return function render({ phase, feedback, at }, annotations) {
    const held = ["sending", "late", "feedback"].includes(phase);
    root.classList.toggle("held", held);
    card.hidden = !held;
    card.dataset.phase = phase;
    if (use === "training" || use === "exam") showProgress(at, held);
    if (phase === "away" && exam) showExam(at);
    if (phase === "feedback") showFeedback(feedback, annotations);
    else if (held) showWaiting(phase === "late");
    if (held) {
      part("back").setAttribute("aria-disabled", "true");
      goOn.setAttribute("aria-disabled", String(phase === "sending"));
      goOn.querySelector("span").textContent = phase === "late" ? t("verdict_retry") : t("next");
    } else if (shown !== phase) panel.render(true);
    if (held && shown !== phase) {
      title.focus({ preventScroll: true });
      card.scrollIntoView({ block: "nearest" });
    }
    shown = phase;
  };
}
