// What is being answered now: the subject, the way through the tree of tasks, the answers. Pure state, no DOM.
//
// The path is never stored: it is walked from the first task through the answers, so that a changed answer upstream
// drops every answer downstream that is no longer on it.

export function isEmpty(value) {
  if (typeof value === "string") return value.trim() === "";
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
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

// The tasks from the first to the first that has no answer yet (or to the end).
export function walk(definition, answers) {
  const path = [];
  let key = definition.first_task;
  while (key !== null && !path.includes(key)) {
    path.push(key);
    if (!(key in answers)) break;
    key = nextTask(definition, key, answers[key]);
  }
  return path;
}

export function createStore(definition) {
  const listeners = new Set();
  let state = { subject: null, startedAt: null, answers: {}, path: [], current: null };

  function set(change) {
    state = { ...state, ...change };
    for (const listener of listeners) listener(state);
  }

  const task = () => definition.tasks[state.current];
  const value = () => state.answers[state.current];
  const canGoOn = () => state.current !== null && (task().required === false || !isEmpty(value()));

  return {
    get: () => state,
    task,
    value,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    // Begin a subject, from the start or from a draft `{answers, current, startedAt}` that a reload left.
    load(subject, startedAt, draft = null) {
      const answers = draft?.answers ?? {};
      const path = walk(definition, answers);
      const current = path.includes(draft?.current) ? draft.current : definition.first_task;
      set({ subject, startedAt: draft?.startedAt ?? startedAt, answers, path, current });
    },

    clear: () => set({ subject: null, startedAt: null, answers: {}, path: [], current: null }),

    answer(given) {
      const answers = { ...state.answers, [state.current]: given };
      const path = walk(definition, answers);
      const kept = Object.fromEntries(Object.entries(answers).filter(([key]) => path.includes(key)));
      set({ answers: kept, path });
    },

    canGoOn,

    // True when nothing comes after the current task; while it lacks its answer, when no answer leads anywhere.
    isLast() {
      const after = canGoOn() ? [value()] : [null, ...(task().answers ?? []).map((answer) => answer.key)];
      return after.every((each) => nextTask(definition, state.current, each) === null);
    },

    // One task further. A skippable task that was left empty gets its kind's empty value, so that it counts as asked.
    next(emptyValue) {
      if (value() === undefined) this.answer(emptyValue);
      const key = nextTask(definition, state.current, value());
      if (key !== null) set({ current: key });
    },

    canGoBack: () => state.path.indexOf(state.current) > 0,

    back() {
      const at = state.path.indexOf(state.current);
      if (at > 0) set({ current: state.path[at - 1] });
    },

    // As the record wants them: in the order answered along the path.
    annotations: () => state.path.filter((key) => key in state.answers)
      .map((key) => ({ task: key, value: state.answers[key] })),
  };
}
