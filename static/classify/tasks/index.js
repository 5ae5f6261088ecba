// The kinds of task, by the name that a workflow's definition uses. One module a kind, of the same name as in
// projects/tasks; it is fetched only where a workflow asks for it.
//
// A kind exports `empty`, the value of a skipped task, and `render({key, task, value, subject, icons, answer, goOn, memory, ...})`, which
// returns {body, choose, field?, missing?}: the element to answer with, what a number key does (1-based), the field that
// takes the focus in place of the question, if there is one, and a sentence that says what is missing. It may export
// `isWhole(task, value, kinds)`: false while the value can't be sent.
//
// One that draws on the picture is given `picture`, `kinds` and `history` as well, and returns more: update(value), for a value that
// came from elsewhere; add(), for the key that adds a mark; back(), which undoes what is only begun, if anything is; settle(), which finishes it; activate(), when
// it is the one of the screen; gone(), when it leaves the screen.

const KINDS = {
  single: () => import("./single.js"),
  multiple: () => import("./multiple.js"),
  text: () => import("./text.js"),
  number: () => import("./number.js"),
  dropdown: () => import("./dropdown.js"),
  drawing: () => import("./drawing.js"),
  tags: () => import("./tags.js"),
  transcription: () => import("./transcription.js"),
  highlighter: () => import("./highlighter.js"),
  survey: () => import("./survey.js"),
  comparison: () => import("./comparison.js"),
};

// Whether an answer can be sent; that of a kind that doesn't say so always can.
export const wholeBy = (kinds) => (task, value) => kinds[task.kind].isWhole?.(task, value, kinds) ?? true;

// The modules that a definition needs, by kind: of its tasks, and of what they ask of each mark or choice.
export async function loadKinds(definition) {
  const tasks = Object.values(definition.tasks);
  const details = tasks.flatMap((task) => task.tools ?? []).flatMap((tool) => tool.details ?? []);
  const asked = tasks.flatMap((task) => task.questions ?? []);
  const names = [...new Set([...tasks, ...details, ...asked].map((task) => task.kind))];
  const modules = await Promise.all(names.map((name) => KINDS[name]()));
  return Object.fromEntries(names.map((name, at) => [name, modules[at]]));
}
