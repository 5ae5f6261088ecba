// Answers in words. Knows no DOM.

import { t } from "./text.js";

// A value in the words of its task: labels of choices, or the text.
export function words(task, value) {
  const labels = new Map((task.answers ?? []).map((answer) => [answer.key, answer.label]));
  const said = [value].flat().filter((each) => each !== null && each !== "").map((each) => labels.get(each) ?? each);
  return said.length > 0 ? said.join(" · ") : t("verdict_nothing");
}
