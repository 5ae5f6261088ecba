// How others answered the picture before: fetched only when wanted, and only after the server has taken the answer.

import { fill } from "./api.js";
import { t } from "./text.js";

function line(answer, asked, yours) {
  const row = document.createElement("li");
  const label = document.createElement("span");
  label.textContent = yours ? t("glance_yours", { answer: answer.label }) : answer.label;
  row.classList.toggle("yours", yours);
  const share = document.createElement("span");
  share.className = "number";
  share.textContent = t("glance_share", { votes: answer.votes, asked });
  const bar = document.createElement("progress");
  Object.assign(bar, { max: Math.max(1, asked), value: answer.votes });
  bar.setAttribute("aria-label", answer.label);
  row.append(label, share, bar);
  return row;
}

function question(task) {
  const part = document.createElement("section");
  const title = document.createElement("h2");
  title.textContent = task.question;
  const list = document.createElement("ul");
  const yours = [task.yours].flat().map((each) => each?.label ?? each?.choice ?? each); // of spans their labels, of a survey what was found
  list.append(...task.answers.map((answer) => line(answer, task.asked, yours.includes(answer.key))));
  part.append(title, list);
  return part;
}

// What everybody's texts come to; it may include one's own.
function text(task) {
  const part = document.createElement("section");
  const title = document.createElement("h2");
  title.textContent = task.question;
  const together = document.createElement("p");
  together.className = "glance-text";
  together.textContent = task.text ?? t("glance_no_text");
  const written = document.createElement("p");
  written.className = "muted";
  written.textContent = t("glance_written", { written: task.written, asked: task.asked });
  const own = document.createElement("p");
  own.className = "yours";
  own.textContent = t("glance_your_text", { text: task.yours });
  part.append(title, together, written, ...(task.yours ? [own] : []));
  return part;
}

// The middle of everybody's numbers, one's own among them.
function number(task) {
  const part = document.createElement("section");
  const title = document.createElement("h2");
  title.textContent = task.question;
  const middle = document.createElement("p");
  middle.className = "glance-text";
  middle.textContent = task.middle === null ? t("glance_no_number") : t("glance_middle", { number: task.middle });
  const given = document.createElement("p");
  given.className = "muted";
  given.textContent = t("glance_given", { given: task.given, asked: task.asked });
  part.append(title, middle, given);
  return part;
}

// With each tool, how many drew anything, and the middle of how many marks.
function drawing(task) {
  const part = document.createElement("section");
  const title = document.createElement("h2");
  title.textContent = task.question;
  const list = document.createElement("ul");
  list.append(...task.tools.map((tool) => {
    const row = document.createElement("li");
    const label = document.createElement("span");
    label.textContent = tool.label;
    const drew = document.createElement("span");
    drew.className = "number";
    drew.textContent = t("glance_drew", { drew: tool.drew, asked: task.asked, middle: tool.middle ?? 0 });
    row.append(label, drew);
    return row;
  }));
  part.append(title, list);
  return part;
}

function about(task) {
  if ("tools" in task) return drawing(task);
  if ("middle" in task) return number(task);
  return "written" in task ? text(task) : question(task);
}

export function createGlance({ root, toggle, memory, api, url }) {
  const body = root.querySelector("[data-part=glance-body]");
  const picture = root.querySelector("[data-part=glance-picture]");
  const note = root.querySelector("[data-part=glance-note]");
  let last = null; // the newest item that the server has taken
  toggle.checked = memory.get("glance", false);

  async function show() {
    root.hidden = !toggle.checked;
    if (!toggle.checked || !last) return;
    const item = last;
    let answer;
    try {
      answer = await api.get(fill(url, { subject: item.body.subject, workflow: item.workflow }));
    } catch {
      answer = { status: 0 };
    }
    if (item !== last) return; // a newer answer has overtaken this one
    picture.hidden = answer.status !== 200;
    if (answer.status !== 200) {
      note.textContent = t("glance_unavailable");
      body.replaceChildren();
      return;
    }
    picture.src = item.picture;
    const { total, tasks } = answer.body;
    note.textContent = total > 1 ? t("glance_total", { n: total }) : t("glance_first");
    body.replaceChildren(...(total > 1 ? tasks.filter((task) => task.asked > 0)
      .map(about) : []));
  }

  toggle.addEventListener("change", () => {
    memory.set("glance", toggle.checked);
    show();
  });
  show();
  return {
    acknowledged(item) {
      last = item;
      show();
    },
  };
}
