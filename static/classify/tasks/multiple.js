// Any number of answers. Value: the keys of those chosen, in the order offered.

import { rows } from "./rows.js";

export const empty = [];

export function render({ key, task, value, icons, answer }) {
  return rows({
    key, task, icons, type: "checkbox",
    isChosen: (each) => (value ?? []).includes(each),
    changed: (inputs) => answer(inputs.filter((input) => input.checked).map((input) => input.value)),
  });
}
