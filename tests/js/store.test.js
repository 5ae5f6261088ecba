import assert from "node:assert/strict";
import test from "node:test";

import { createStore, nextTask, walk } from "../../static/classify/store.js";

const TREE = {
  first_task: "T0",
  tasks: {
    T0: { kind: "single", question: "?", answers: [
      { key: "smooth", label: "Smooth", next: "T1" },
      { key: "disk", label: "Disk", next: "T2" },
      { key: "artifact", label: "Artifact", next: null },
    ], next: "T2" },
    T1: { kind: "single", question: "?", answers: [{ key: "round", label: "Round" }, { key: "cigar", label: "Cigar" }], next: "T7" },
    T2: { kind: "single", question: "?", answers: [{ key: "bar", label: "Bar" }], next: "T7" },
    T7: { kind: "multiple", question: "?", required: false, answers: [{ key: "ring", label: "Ring" }], next: null },
  },
};
const SUBJECT = { id: 12, media: [] };

function begun() {
  const store = createStore(TREE);
  store.load(SUBJECT, 5);
  return store;
}

test("the answer's own next wins, also when it is null; without one the task's holds", () => {
  assert.equal(nextTask(TREE, "T0", "smooth"), "T1");
  assert.equal(nextTask(TREE, "T0", "artifact"), null);
  assert.equal(nextTask(TREE, "T0", null), "T2");
  assert.equal(nextTask(TREE, "T1", "cigar"), "T7");
  assert.equal(nextTask(TREE, "T7", ["ring"]), null);
});

test("the walk ends at the first task without an answer", () => {
  assert.deepEqual(walk(TREE, {}), ["T0"]);
  assert.deepEqual(walk(TREE, { T0: "smooth", T1: "round" }), ["T0", "T1", "T7"]);
});

test("forward through the tree and out", () => {
  const store = begun();
  assert.equal(store.canGoOn(), false);
  store.answer("smooth");
  assert.equal(store.isLast(), false);
  store.next(null);
  store.answer("cigar");
  store.next(null);
  assert.equal(store.get().current, "T7");
  assert.equal(store.canGoOn(), true, "a task that may be skipped");
  assert.equal(store.isLast(), true);
  store.answer(["ring"]);
  assert.deepEqual(store.annotations(), [
    { task: "T0", value: "smooth" }, { task: "T1", value: "cigar" }, { task: "T7", value: ["ring"] },
  ]);
});

test("back and forward keep answers", () => {
  const store = begun();
  store.answer("smooth");
  store.next(null);
  store.answer("round");
  store.back();
  assert.equal(store.get().current, "T0");
  assert.equal(store.value(), "smooth");
  store.next(null);
  assert.equal(store.value(), "round");
  store.back();
  store.back();
  assert.equal(store.get().current, "T0", "nothing lies before the first task");
});

test("a changed answer drops what is no longer on the path", () => {
  const store = begun();
  store.answer("smooth");
  store.next(null);
  store.answer("round");
  store.next(null);
  store.answer(["ring"]);
  store.back();
  store.back();
  store.answer("disk");
  assert.deepEqual(store.get().answers, { T0: "disk" });
  assert.deepEqual(store.get().path, ["T0", "T2"]);
});

test("the same answer given again drops nothing", () => {
  const store = begun();
  store.answer("smooth");
  store.next(null);
  store.answer("round");
  store.back();
  store.answer("smooth");
  assert.deepEqual(store.get().answers, { T0: "smooth", T1: "round" });
});

test("an answer that ends the tree makes the task the last", () => {
  const store = begun();
  store.answer("artifact");
  assert.equal(store.isLast(), true);
  assert.deepEqual(store.annotations(), [{ task: "T0", value: "artifact" }]);
});

test("before an answer is chosen a branching task is not the last", () => {
  assert.equal(begun().isLast(), false);
});

test("a skipped task counts as asked", () => {
  const store = begun();
  store.load(SUBJECT, 5, { answers: { T0: "smooth", T1: "round" }, current: "T7", startedAt: 3 });
  store.next(() => []);
  assert.deepEqual(store.annotations().at(-1), { task: "T7", value: [] });
  assert.equal(store.get().startedAt, 3);
});

test("required tasks that choose several want at least one", () => {
  const tree = structuredClone(TREE);
  tree.first_task = "T7";
  tree.tasks.T7.required = true;
  const store = createStore(tree);
  store.load(SUBJECT, 5);
  store.answer([]);
  assert.equal(store.canGoOn(), false);
  store.answer(["ring"]);
  assert.equal(store.canGoOn(), true);
});

test("a draft whose task is not on its path begins at the first task", () => {
  const store = begun();
  store.load(SUBJECT, 5, { answers: { T0: "disk" }, current: "T1", startedAt: 3 });
  assert.equal(store.get().current, "T0");
  assert.equal(store.value(), "disk");
});

test("listeners hear each change until they leave", () => {
  const store = begun();
  const heard = [];
  const leave = store.subscribe((state) => heard.push(state.answers.T0));
  store.answer("smooth");
  leave();
  store.answer("disk");
  assert.deepEqual(heard, ["smooth"]);
});

const together = {
  first_task: "A",
  combinations: [["A", "B", "C"]],
  tasks: {
    A: { kind: "single", answers: [{ key: "x" }, { key: "y" }], next: "B" },
    B: { kind: "multiple", required: false, answers: [{ key: "m" }], next: "C" },
    C: { kind: "single", answers: [{ key: "stop", next: null }, { key: "go", next: "D" }] },
    D: { kind: "single", answers: [{ key: "d" }] },
  },
};

test("tasks on one screen are answered in any order, and left together", () => {
  const store = createStore(together);
  store.load({ id: 1 }, 0);
  assert.deepEqual(store.screen(), ["A", "B", "C"]);
  store.answer("go", "C");
  assert.equal(store.canGoOn(), false);
  assert.deepEqual([store.isAnswered("A"), store.isAnswered("B"), store.isAnswered("C")], [false, true, true]);
  store.answer("y", "A");
  assert.equal(store.canGoOn(), true);
  assert.equal(store.isLast(), false);
  store.next(() => []);
  assert.equal(store.get().current, "D");
  assert.equal(store.number(), 2);
  assert.deepEqual(store.annotations(), [
    { task: "A", value: "y" }, { task: "B", value: [] }, { task: "C", value: "go" },
  ]);
  store.back();
  assert.equal(store.get().current, "A");
  assert.equal(store.number(), 1);
  store.answer("stop", "C");
  assert.equal(store.isLast(), true);
});

test("a half answered screen is found again as it was", () => {
  const store = createStore(together);
  store.load({ id: 1 }, 0, { answers: { C: "stop", B: ["m"] }, current: "A" });
  assert.equal(store.valueOf("C"), "stop");
  assert.deepEqual(store.valueOf("B"), ["m"]);
  assert.equal(store.valueOf("A"), undefined);
});

// --- Undo and redo ---

const WRITTEN = {
  first_task: "T0",
  tasks: {
    T0: { kind: "single", question: "?", answers: [{ key: "a", label: "A", next: "T1" }, { key: "b", label: "B", next: "T2" }] },
    T1: { kind: "drawing", question: "?", required: false, tools: [], next: "T2" },
    T2: { kind: "text", question: "?", required: false },
  },
};

function written() {
  const store = createStore(WRITTEN);
  store.load(SUBJECT, 5);
  return store;
}
const toEnd = (travel) => {
  let n = 0;
  while (travel()) n += 1;
  return n;
};

test("undo goes back change by change, over the tasks; redo forth again", () => {
  const store = written();
  store.answer("a");
  store.next(() => []);
  store.answer([{ tool: "x" }]);
  store.answer([{ tool: "x" }, { tool: "y" }]);
  const marks = store.value();
  store.next(() => []);
  assert.equal(store.undo(), true);
  assert.equal(store.get().current, "T1");
  assert.deepEqual(store.value(), [{ tool: "x" }]);
  assert.equal(toEnd(store.undo), 2);
  assert.deepEqual([store.get().answers, store.get().current, store.canUndo()], [{}, "T0", false]);
  assert.equal(toEnd(store.redo), 3);
  assert.equal(store.get().answers.T1, marks);
  assert.equal(store.get().current, "T1");
});

test("what another answer had dropped comes back with it", () => {
  const store = written();
  store.answer("a");
  store.next(() => []);
  store.answer([{ tool: "x" }]);
  store.back();
  store.answer("b");
  assert.deepEqual(store.get().answers, { T0: "b" });
  store.undo();
  assert.deepEqual(store.get().answers, { T0: "a", T1: [{ tool: "x" }] });
  store.redo();
  assert.deepEqual(store.get().answers, { T0: "b" });
});

test("a new answer ends what could be done again; another subject ends it all", () => {
  const store = written();
  store.answer("a");
  store.answer("b");
  store.undo();
  store.answer("b");
  assert.deepEqual([store.canRedo(), store.canUndo()], [false, true]);
  store.load({ id: 13, media: [] }, 6);
  assert.deepEqual([store.undo(), store.redo()], [false, false]);
});

test("letters of a text are one change, and so are those of a question on a mark", () => {
  const store = written();
  store.answer("b");
  store.next(() => "");
  for (const text of ["w", "wo", "word"]) store.answer(text);
  store.undo();
  assert.deepEqual(store.get().answers, { T0: "b" });
  store.redo();
  assert.equal(store.value(), "word");
  const drawn = written();
  drawn.answer("a");
  drawn.next(() => []);
  drawn.answer([1]);
  drawn.answer([2], "T1", "mark0.0");
  drawn.answer([3], "T1", "mark0.0");
  drawn.answer([4], "T1", "mark0.1");
  drawn.undo();
  assert.deepEqual(drawn.value(), [3]);
  drawn.undo();
  assert.deepEqual(drawn.value(), [1]);
});
