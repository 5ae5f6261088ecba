// The members of a pair, compared. Value: the answer's key, or null when skipped. Which is left and which right is the pair's.

import { rows } from "./rows.js";

export const empty = null;

export function render({ key, task, value, icons, answer }) {
  return rows({
    key, task, icons, type: "radio",
    isChosen: (each) => each === value,
    changed: (inputs) => answer(inputs.find((input) => input.checked)?.value ?? null),
  });
}
