// What a hidden check that is not secret tells once it has been answered, in a sentence or two. Knows no DOM.

import { t } from "./text.js";
import { words } from "./words.js";

// `feedback` as in the answer to POST classifications, `annotations` as they were sent.
export function told({ message, tasks }, annotations, definition) {
  const wrong = tasks.find((each) => !each.right);
  if (!wrong) return [t("told_right"), message].join(" ").trim();
  const { value } = annotations.find((each) => each.task === wrong.task);
  const task = definition.tasks[wrong.task];
  const values = { question: task.question, yours: words(task, value), truth: words(task, wrong.truth) };
  return [t("told_wrong", values), message].join(" ").trim();
}
