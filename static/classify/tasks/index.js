// The kinds of task, by the name that a workflow's definition uses. One module a kind, of the same name as in
// projects/tasks; it is fetched only where a workflow asks for it.
//
// A kind exports `empty`, the value of a skipped task, and `render({key, task, value, icons, answer, goOn})`, which
// returns {body, choose, field?, missing?}: the element to answer with, what a number key does (1-based), the field that
// takes the focus in place of the question, if there is one, and a sentence that says what is missing. It may export
// `isWhole(task, value)`: false while the value can't be sent.

const KINDS = {
  single: () => import("./single.js"),
  multiple: () => import("./multiple.js"),
  text: () => import("./text.js"),
  number: () => import("./number.js"),
  dropdown: () => import("./dropdown.js"),
};

// Whether an answer can be sent; that of a kind that doesn't say so always can.
export const wholeBy = (kinds) => (task, value) => kinds[task.kind].isWhole?.(task, value) ?? true;

// The modules that a definition needs, by kind.
export async function loadKinds(definition) {
  const names = [...new Set(Object.values(definition.tasks).map((task) => task.kind))];
  const modules = await Promise.all(names.map((name) => KINDS[name]()));
  return Object.fromEntries(names.map((name, at) => [name, modules[at]]));
}
