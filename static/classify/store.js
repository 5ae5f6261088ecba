// What is being answered now: the subject, the way through the tree of tasks, the answers. Pure state, no DOM.
//
// The path is never stored: it is walked from the first task through the answers, so that a changed answer upstream
// drops every answer downstream that is no longer on it.

import { createHistory } from "./history.js";

const TYPED = new Set(["text", "number"]); // what is written or slid comes bit by bit, and is one change

export function isEmpty(value) {
  if (typeof value === "string") return value.trim() === "";
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

// The answers of a task that are offered after these, where they depend on an earlier one (projects/tasks/dropdown.py).
export function offered(task, answers) {
  if (!task.depends_on) return task.answers;
  return task.answers.filter((each) => !each.of?.length || each.of.includes(answers[task.depends_on]));
}

// The task as it is asked after these answers; not required where nothing is offered.
export function asked(task, answers) {
  if (!task.depends_on) return task;
  const left = offered(task, answers);
  return { ...task, answers: left, required: task.required !== false && left.length > 0 };
}

// The answers without those that are offered no more.
function stillOffered(definition, answers) {
  const gone = Object.keys(answers).find((key) => {
    const task = definition.tasks[key];
    return task.depends_on && !isEmpty(answers[key]) && !offered(task, answers).some((each) => each.key === answers[key]);
  });
  if (gone === undefined) return answers;
  const { [gone]: dropped, ...rest } = answers;
  return stillOffered(definition, rest);
}

// The key of the task that comes after `key` when it is answered with `value`, or null at the end.
export function nextTask(definition, key, value) {
  const task = definition.tasks[key];
  if (!Array.isArray(value)) {
    const answer = (task.answers ?? []).find((each) => each.key === value);
    if (answer && answer.next !== undefined) return answer.next;
  }
  return task.next ?? null;
}

// The tasks on the screen of this one: itself, or the combination that it stands in.
export function screenOf(definition, key) {
  return (definition.combinations ?? []).find((keys) => keys.includes(key)) ?? [key];
}

// The tasks from the first to the first screen that lacks its last answer (or to the end).
export function walk(definition, answers) {
  const path = [];
  let key = definition.first_task;
  while (key !== null && !path.includes(key)) {
    path.push(key);
    const screen = screenOf(definition, key);
    const beside = screen[screen.indexOf(key) + 1];
    if (beside === undefined && !(key in answers)) break;
    key = beside ?? nextTask(definition, key, answers[key]);
  }
  return path;
}

// `isWhole(task, value)`: whether the value can be sent as it is.
export function createStore(definition, isWhole = () => true) {
  const listeners = new Set();
  const history = createHistory();
  let state = { subject: null, startedAt: null, answers: {}, path: [], current: null };

  function set(change) {
    state = { ...state, ...change };
    for (const listener of listeners) listener(state);
  }

  const taskOf = (key) => asked(definition.tasks[key], state.answers);
  const valueOf = (key) => state.answers[key];
  const screen = () => (state.current === null ? [] : screenOf(definition, state.current));
  const isAnswered = (key) => isWhole(taskOf(key), valueOf(key)) && (taskOf(key).required === false || !isEmpty(valueOf(key)));
  const canGoOn = () => state.current !== null && screen().every(isAnswered);

  function put(given, more = {}) {
    const answers = stillOffered(definition, given);
    const path = walk(definition, answers);
    const kept = Object.fromEntries(Object.entries(answers).filter(([each]) => path.includes(each)));
    set({ answers: kept, path, ...more });
  }

  function answer(given, key = state.current, join = TYPED.has(definition.tasks[key].kind) ? key : null) {
    const before = state.answers;
    put({ ...before, [key]: given });
    history.record(key, before, state.answers, join);
  }

  // Goes to where the change was made.
  function step(change) {
    if (change) put(change.answers, { current: screenOf(definition, change.key)[0] });
    return change !== null;
  }

  // What was skipped on the screen gets its kind's empty value, so that it counts as asked.
  function complete(emptyOf) {
    for (const key of screen()) {
      if (!(key in state.answers)) put({ ...state.answers, [key]: emptyOf(definition.tasks[key].kind) });
    }
  }

  return {
    get: () => state,
    // The first task on the screen, and its value; of any task on it.
    task: () => taskOf(state.current),
    value: () => valueOf(state.current),
    taskOf,
    valueOf,
    // The keys of the tasks on the screen, and how many screens there are up to it.
    screen,
    number: () => state.path.slice(0, state.path.indexOf(state.current) + 1)
      .filter((key) => screenOf(definition, key)[0] === key).length,
    isAnswered,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    // Begin a subject, from the start or from a draft `{answers, current, startedAt}` that a reload left.
    load(subject, startedAt, draft = null) {
      const answers = draft?.answers ?? {};
      const path = walk(definition, answers);
      const current = path.includes(draft?.current) ? draft.current : definition.first_task;
      history.clear();
      set({ subject, startedAt: draft?.startedAt ?? startedAt, answers, path, current: screenOf(definition, current)[0] });
    },

    clear() {
      history.clear();
      set({ subject: null, startedAt: null, answers: {}, path: [], current: null });
    },

    // `key`: of the task on the screen that is answered, where there are several. `join`: as in history.js.
    answer,
    // One change back, or forth again; false where there is none.
    undo: () => step(history.undo(state.answers)),
    redo: () => step(history.redo(state.answers)),
    canUndo: history.canUndo,
    canRedo: history.canRedo,
    complete,
    canGoOn,

    // True when nothing comes after the screen; while it lacks an answer, when no answer leads anywhere.
    isLast() {
      const last = screen().at(-1);
      const after = canGoOn() ? [valueOf(last)] : [null, ...(taskOf(last).answers ?? []).map((each) => each.key)];
      return after.every((each) => nextTask(definition, last, each) === null);
    },

    // One screen further. `emptyOf(kind)` is the value of what was skipped.
    next(emptyOf) {
      complete(emptyOf);
      const last = screen().at(-1);
      const key = nextTask(definition, last, valueOf(last));
      if (key !== null) set({ current: key });
    },

    canGoBack: () => state.path.indexOf(state.current) > 0,

    back() {
      const at = state.path.indexOf(state.current);
      if (at > 0) set({ current: screenOf(definition, state.path[at - 1])[0] });
    },

    // As the record wants them: in the order answered along the path.
    annotations: () => state.path.filter((key) => key in state.answers)
      .map((key) => ({ task: key, value: state.answers[key] })),
  };
}
