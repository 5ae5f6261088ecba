// "Odd": flags the subject in hand, with a #tag or without. Tells of nobody else's flags; the answer is another matter.

import { fill } from "./api.js";
import { t } from "./text.js";

// `offered`: tags that this person gave before. `current()` is the subject in hand.
export function createOdd({ button, dialog, api, url, consent, current, notify, offered = [] }) {
  const given = new Map(); // subject to its tags, as far as this page knows; "" is just odd
  const chips = dialog.querySelector("[data-part=offered]");
  const own = dialog.querySelector("[data-part=own]");
  const field = dialog.querySelector("input");
  const problem = dialog.querySelector("[data-part=problem]");
  const tags = [...offered];

  const words = (tag) => (tag ? `#${tag}` : t("odd_plain"));
  const address = (subject) => fill(url, { subject });

  function chip(tag, act, label) {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", className: "button", textContent: label });
    made.addEventListener("click", () => act(tag));
    return made;
  }

  function render() {
    const subject = current();
    button.hidden = subject === null;
    const flags = given.get(subject?.id) ?? [];
    button.setAttribute("aria-pressed", String(flags.length > 0));
    button.classList.toggle("on", flags.length > 0);
  }

  function renderDialog() {
    const flags = given.get(current()?.id) ?? [];
    chips.replaceChildren(
      ...["", ...tags].filter((tag) => !flags.includes(tag)).map((tag) => chip(tag, flag, words(tag))),
    );
    own.hidden = flags.length === 0;
    own.querySelector("span").replaceChildren(...flags.map((tag) => chip(tag, takeBack, t("odd_take_back", { tag: words(tag) }))));
    problem.textContent = "";
  }

  async function send(call, done) {
    const subject = current();
    if (!subject) return;
    const answer = await call(subject).catch(() => ({ status: 0 }));
    if (answer.status !== 200 && answer.status !== 204) {
      problem.textContent = answer.body?.error?.message ?? t("try_again");
      return;
    }
    done(subject, answer);
    dialog.close();
    render();
  }

  function flag(tag) {
    return send((subject) => api.post(address(subject.id), { tag }), (subject, answer) => {
      given.set(subject.id, answer.body.tags);
      for (const each of answer.body.tags) if (each && !tags.includes(each)) tags.unshift(each);
      notify(tag ? t("odd_tagged", { tag: answer.body.tags.at(-1) }) : t("odd_flagged"));
    });
  }

  function takeBack(tag) {
    return send((subject) => api.delete(`${address(subject.id)}?tag=${encodeURIComponent(tag)}`), (subject) => {
      given.set(subject.id, (given.get(subject.id) ?? []).filter((each) => each !== tag));
      notify(t("odd_taken_back"));
    });
  }

  async function open() {
    if (!current() || dialog.open || !(await consent())) return;
    field.value = "";
    renderDialog();
    dialog.showModal();
    (chips.querySelector("button") ?? field).focus();
  }

  button.addEventListener("click", open);
  dialog.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    flag(field.value);
  });
  dialog.querySelector("[data-do=close]").addEventListener("click", () => dialog.close());
  return { open, render };
}
