// Lines of writing: each marked on the picture by a line along it, with its text. Value: that of a drawing with one tool, a
// line that is asked for its text (projects/tasks/transcription.py); so this is the drawing, put together from the task.

import { t } from "../text.js";
import * as drawing from "./drawing.js";
import * as text from "./text.js";

export const empty = [];

const asked = new WeakMap(); // the drawing of a task, always the same one, so that rows know their marks' tools

function drawingOf(task) {
  if (!asked.has(task)) {
    const { placeholder, max_length, keyboard, leiden, unclear } = task;
    const writing = { kind: "text", question: t("transcription_says"), placeholder, max_length, keyboard, leiden, unclear, lines: 1 };
    const tool = { key: "line", label: task.label ?? t("transcription_line"), shape: "line", color: "orange", max: task.max ?? 60, details: [writing] };
    asked.set(task, { ...task, kind: "drawing", tools: [tool] });
  }
  return asked.get(task);
}

export const isWhole = (task, value, kinds) => drawing.isWhole(drawingOf(task), value, { ...kinds, text });

export function render({ task, kinds, value, answer, ...more }) {
  let lines = (value ?? []).length;

  // After a line that was drawn by hand its text is written; one that was put there by keys is moved by them first.
  async function drawn(marks, join) {
    const isMore = marks.length > lines;
    lines = marks.length;
    await answer(marks, join);
    if (isMore && !rendered.body.contains(document.activeElement)) rendered.field?.focus({ preventScroll: true });
  }

  const rendered = drawing.render({ ...more, value, answer: drawn, task: drawingOf(task), kinds: { ...kinds, text } });
  const { update } = rendered;
  rendered.update = (next) => {
    lines = (next ?? empty).length;
    update(next);
  };
  return rendered;
}
