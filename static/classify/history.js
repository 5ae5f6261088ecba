// What was answered, to be undone and done again: change-sets over the answers. Pure.
//
// A change-set is {key, changes: {task: [before, after]}}: the task that was answered, and each answer that changed with it,
// undefined where there is none; an answer that another one drops comes back with it. `join` names changes that are one when
// they follow each other, as the letters of a word do.

const MOST = 500;

export function createHistory() {
  let undone = [];
  let done = [];

  // The answers with one side of a change-set: 0 as before it, 1 as after.
  const applied = (answers, { changes }, side) => {
    const next = { ...answers };
    for (const [key, values] of Object.entries(changes)) {
      if (values[side] === undefined) delete next[key];
      else next[key] = values[side];
    }
    return next;
  };

  return {
    clear() {
      undone = [];
      done = [];
    },

    record(key, before, after, join = null) {
      const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((each) => before[each] !== after[each]);
      if (keys.length === 0) return;
      undone = [];
      const last = done.at(-1);
      const isMore = join !== null && last?.join === join && last.key === key && keys.every((each) => each === key);
      if (isMore) last.changes[key] = [last.changes[key][0], after[key]];
      else done.push({ key, join, changes: Object.fromEntries(keys.map((each) => [each, [before[each], after[each]]])) });
      if (done.length > MOST) done.shift();
    },

    canUndo: () => done.length > 0,
    canRedo: () => undone.length > 0,

    // {key, answers}: where it was answered, and the answers now; null when there is nothing.
    undo(answers) {
      const change = done.pop();
      if (!change) return null;
      undone.push(change);
      return { key: change.key, answers: applied(answers, change, 0) };
    },

    redo(answers) {
      const change = undone.pop();
      if (!change) return null;
      done.push({ ...change, join: null });
      return { key: change.key, answers: applied(answers, change, 1) };
    },
  };
}
