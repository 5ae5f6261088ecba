// Answers as large rows, each a real radio button or checkbox with its number key, icon and label.

import { icon } from "../icons.js";

function span(name, ...content) {
  const made = document.createElement("span");
  made.className = name;
  made.append(...content);
  return made;
}

// `type` is "radio" or "checkbox"; `changed(inputs)` hears every change.
export function rows({ key, task, icons, type, isChosen, changed }) {
  const body = document.createElement("div");
  body.className = "answers";
  const inputs = task.answers.map((answer, at) => {
    const input = document.createElement("input");
    Object.assign(input, { type, name: key, value: answer.key, checked: isChosen(answer.key) });
    const label = document.createElement("label");
    label.className = "answer";
    const drawing = icon(icons[answer.icon]);
    label.append(input);
    if (drawing) label.append(span("answer-icon", drawing));
    label.append(span("answer-label", answer.label));
    if (at < 9) {
      const number = span("answer-key", String(at + 1));
      number.setAttribute("aria-hidden", "true");
      label.append(number);
    }
    body.append(label);
    return input;
  });
  body.addEventListener("change", () => changed(inputs));
  const choose = (number) => {
    const input = inputs[number - 1];
    if (!input) return;
    input.checked = type === "radio" || !input.checked;
    changed(inputs);
  };
  return { body, choose };
}
