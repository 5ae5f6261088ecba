// Answers in words. Knows no DOM.

import { inert } from "./inert.js";
import { t } from "./text.js";

// Of marks, how many were drawn with each tool.
function drawn(task, marks) {
  const counts = task.tools.map((tool) => [tool.label, marks.filter((mark) => mark.tool === tool.key).length]);
  return counts.filter(([, n]) => n > 0).map(([label, n]) => `${label} × ${n}`);
}

// Of spans, the words under their labels.
function highlighted(task, spans) {
  const labels = new Map(task.labels.map(({ key, label }) => [key, label]));
  return spans.map((span) => `${labels.get(span.label) ?? span.label} “${inert(span.text)}”`);
}

// Of a survey, what was found with the answers about it.
function found(task, sightings) {
  return sightings.map(({ choice: key, answers }) => {
    const choice = task.answers.find((each) => each.key === key);
    const told = (task.questions ?? []).filter((each) => each.key in answers).map((each) => words(each, answers[each.key]));
    return `${choice?.label ?? key}${told.length > 0 ? ` (${told.join("; ")})` : ""}`;
  });
}

// A value in the words of its task: labels of choices, tags, the text, the lines, the marked words, the number with its unit, how many marks.
export function words(task, value) {
  if (task.kind === "transcription") return (value ?? []).map((mark) => mark.details[0]).join(" / ") || t("verdict_nothing");
  if (task.labels) return highlighted(task, value ?? []).join(" · ") || t("verdict_nothing");
  if (task.kind === "survey") return found(task, value ?? []).join(" · ") || t("verdict_nothing");
  if (task.tools) return drawn(task, value ?? []).join(" · ") || t("verdict_nothing");
  const labels = new Map((task.answers ?? []).map((answer) => [answer.key, answer.label]));
  const called = (each) => labels.get(each) ?? (task.kind === "tags" ? `#${each}` : `${each} ${task.unit ?? ""}`.trim());
  const said = [value].flat().filter((each) => each !== null && each !== "").map(called);
  return said.length > 0 ? said.join(" · ") : t("verdict_nothing");
}
