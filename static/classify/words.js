// Answers in words. Knows no DOM.

import { t } from "./text.js";

// A value in the words of its task: labels of choices, the text, the number with its unit.
export function words(task, value) {
  const labels = new Map((task.answers ?? []).map((answer) => [answer.key, answer.label]));
  const called = (each) => labels.get(each) ?? `${each} ${task.unit ?? ""}`.trim();
  const said = [value].flat().filter((each) => each !== null && each !== "").map(called);
  return said.length > 0 ? said.join(" · ") : t("verdict_nothing");
}
