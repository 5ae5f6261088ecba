import assert from "node:assert/strict";
import test from "node:test";

import { createCounter, createMemory } from "../../static/classify/memory.js";
import { uuid } from "../../static/classify/ids.js";
import { createStore } from "../../static/classify/store.js";
import { createWork } from "../../static/classify/work.js";
import { createStorage } from "./fakes.js";

const DEFINITION = {
  first_task: "T0",
  tasks: {
    T0: { kind: "single", question: "?", answers: [{ key: "yes", label: "Yes", next: "T1" }, { key: "no", label: "No" }] },
    T1: { kind: "multiple", question: "?", required: false, answers: [{ key: "ring", label: "Ring" }] },
  },
};
const subject = (id) => ({ id, media: [{ url: `/media/${id}.png`, alt: "" }] });

function setUp({ agrees = true, unsent = [], draft = null } = {}) {
  const store = createStore(DEFINITION);
  const waiting = [subject(1), subject(2), subject(3)];
  const added = [];
  const hints = [];
  let restored = 0;
  let half = draft;
  let day = "2026-11-22";
  const counter = createCounter(createMemory(createStorage()), () => day);
  const queue = {
    take: () => waiting.shift() ?? null,
    prefer: (id) => waiting.sort((a, b) => Number(b.id === id) - Number(a.id === id)),
  };
  const work = createWork({
    store, queue, outbox: { items: () => unsent, add: (item) => added.push(item) }, workflow: 7, version: 3, tab: "tab",
    emptyOf: (kind) => (kind === "multiple" ? [] : null), consent: async () => agrees,
    draft: { get: () => half, set: (given) => { half = given; }, clear: () => { half = null; } },
    hint: (key) => hints.push(key), describe: () => ({ language: "en" }), changed: () => {},
    restore: () => { restored += 1; }, counter, uuid: () => "id-1", now: () => 0,
  });
  work.wake();
  return { work, store, added, hints, counter, draft: () => half, restored: () => restored, tomorrow: () => { day = "2026-11-23"; } };
}

test("Done puts the whole answer in the outbox and the next subject is in hand at once", async () => {
  const { work, store, added, counter } = setUp();
  await work.answer("yes");
  await work.goOn();
  await work.goOn();
  assert.equal(store.get().subject.id, 2);
  assert.deepEqual(store.get().answers, {});
  assert.deepEqual(added[0].body, {
    id: "id-1", workflow_version: 3, subject: 1,
    annotations: [{ task: "T0", value: "yes" }, { task: "T1", value: [] }],
    started_at: "1970-01-01T00:00:00.000Z", finished_at: "1970-01-01T00:00:00.000Z", tab: "tab",
    metadata: { language: "en" },
  });
  assert.equal(counter.count(), 1);
  assert.equal(work.isDone(1), true);
});

test("without an answer it goes nowhere and says what is missing", async () => {
  const { work, store, added, hints } = setUp();
  await work.goOn();
  assert.deepEqual(hints, ["choose_first"]);
  assert.equal(store.get().current, "T0");
  assert.deepEqual(added, []);
});

test("who does not agree answers nothing", async () => {
  const { work, store, added, restored } = setUp({ agrees: false });
  await work.answer("no");
  await work.goOn();
  assert.deepEqual(store.get().answers, {});
  assert.equal(restored(), 1);
  assert.deepEqual(added, []);
});

test("answers that still wait from before count as done, those of another workflow do not", () => {
  const { work } = setUp({ unsent: [{ workflow: 7, body: { subject: 1 } }, { workflow: 8, body: { subject: 2 } }] });
  assert.deepEqual([work.isDone(1), work.isDone(2)], [true, false]);
});

test("a reload goes on where it was", () => {
  const { store } = setUp({ draft: { subject: 3, answers: { T0: "yes" }, current: "T1", startedAt: 5 } });
  assert.equal(store.get().subject.id, 3);
  assert.equal(store.get().current, "T1");
});

test("the draft goes with the answer", async () => {
  const { work, draft } = setUp();
  await work.answer("yes");
  assert.deepEqual(draft().answers, { T0: "yes" });
  await work.goOn();
  await work.goOn();
  assert.equal(draft(), null);
});

test("the day's count begins anew with the day", async () => {
  const { work, counter, tomorrow } = setUp();
  await work.answer("no");
  await work.goOn();
  assert.equal(counter.count(), 1);
  tomorrow();
  assert.equal(counter.count(), 0);
});

test("ids are random UUIDs of version 4", () => {
  const ids = new Set(Array.from({ length: 200 }, () => uuid()));
  assert.equal(ids.size, 200);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
