import assert from "node:assert/strict";
import test from "node:test";

import { createBox, createOutbox, verdict, wait } from "../../static/classify/outbox.js";
import { createClock, createStorage, settle } from "./fakes.js";

const item = (id, workflow = 1) => ({ id, workflow, body: { id } });
const STORED = { status: 201, body: {}, retryAfter: null };
const refusal = (status, code) => ({ status, body: { error: { code, message: code } }, retryAfter: null });
const LOST = Symbol("network lost");

// An outbox over a server that gives the answers in turn (the last one for ever).
function setUp(answers, { storage = createStorage(), clock = createClock() } = {}) {
  const sent = [];
  const heard = [];
  const outbox = createOutbox({
    box: createBox(storage),
    async send(body) {
      sent.push(body.id);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer === LOST) throw new TypeError("Failed to fetch");
      return answer;
    },
    lock: (fn) => fn(), now: clock.now, random: () => 0.5, schedule: clock.schedule,
    report: (event, about) => event !== "changed" && heard.push([event, about.id]),
  });
  return { outbox, sent, heard, clock, storage };
}

test("what an HTTP answer means", () => {
  const table = [
    [201, undefined, "stored"], [200, undefined, "stored"],
    [409, "already_answered", "refused"], [409, "uuid_conflict", "refused"], [400, "invalid", "refused"],
    [404, "not_found", "refused"], [413, "too_large", "refused"], [403, "private", "refused"],
    [403, "workflow_finished", "refused"],
    [403, "paused", "paused"], [403, "consent_required", "consent"], [403, "forged_cookie", "consent"],
    [403, "csrf_failed", "later"], [403, undefined, "later"], [401, "not_authenticated", "later"],
    [408, undefined, "later"], [429, "throttled", "later"], [500, "server_error", "later"], [502, undefined, "later"],
    [503, undefined, "later"], [0, undefined, "later"],
  ];
  for (const [status, code, meaning] of table) assert.equal(verdict(status, code), meaning, `${status} ${code}`);
});

test("waits double up to a minute, are spread, and heed Retry-After", () => {
  assert.deepEqual([1, 2, 3, 7, 30].map((n) => wait(n, null, () => 0.5)), [1000, 2000, 4000, 60_000, 60_000]);
  assert.equal(wait(1, null, () => 0), 750);
  assert.equal(wait(1, 30, () => 0.5), 30_000);
});

test("sends in order, one at a time, and forgets what is stored", async () => {
  const { outbox, sent, heard, clock } = setUp([STORED]);
  outbox.add(item("a"));
  outbox.add(item("b"));
  outbox.add(item("c"));
  assert.deepEqual(sent, ["a"], "the second waits for the first");
  await settle();
  assert.deepEqual(sent, ["a", "b", "c"]);
  assert.deepEqual(heard, [["stored", "a"], ["stored", "b"], ["stored", "c"]]);
  assert.equal(outbox.size(), 0);
  assert.deepEqual(clock.waits(), []);
});

test("a lost network keeps everything and tries again, later and later", async () => {
  const { outbox, sent, clock } = setUp([LOST, LOST, STORED]);
  outbox.add(item("a"));
  await settle();
  outbox.add(item("b"));
  await settle();
  assert.deepEqual(sent, ["a", "a"], "an answer added meanwhile is a reason to try, but from the front");
  assert.equal(outbox.size(), 2);
  assert.deepEqual(clock.waits(), [2000]);
  await clock.pass(2000);
  assert.deepEqual(sent, ["a", "a", "a", "b"]);
  assert.equal(outbox.size(), 0);
});

test("a reload finds what was not sent, in the old order", async () => {
  const storage = createStorage();
  const clock = createClock();
  const before = setUp([LOST], { storage, clock });
  for (const id of ["z", "b", "k"]) {
    before.outbox.add(item(id));
    await clock.pass(10);
  }
  const after = setUp([STORED], { storage, clock });
  assert.equal(after.outbox.size(), 3);
  await after.outbox.flush();
  assert.deepEqual(after.sent, ["z", "b", "k"]);
  assert.equal(storage.length, 0);
});

test("a final refusal is reported and dropped, and the next goes on", async () => {
  const { outbox, sent, heard } = setUp([refusal(409, "already_answered"), STORED]);
  outbox.add(item("a"));
  outbox.add(item("b"));
  await settle();
  assert.deepEqual(sent, ["a", "b"]);
  assert.deepEqual(heard, [["refused", "a"], ["stored", "b"]]);
  assert.equal(outbox.size(), 0);
});

test("without consent it stops and keeps until told to go on", async () => {
  const { outbox, sent, heard, clock } = setUp([refusal(403, "consent_required"), STORED]);
  outbox.add(item("a"));
  await settle();
  assert.deepEqual(heard, [["consent", "a"]]);
  assert.deepEqual(clock.waits(), [], "nobody is asked again by a timer");
  await outbox.flush();
  assert.deepEqual(sent, ["a", "a"]);
  assert.equal(outbox.size(), 0);
});

test("a paused workflow's answer is kept and holds up no other workflow's", async () => {
  const { outbox, sent } = setUp([refusal(403, "paused"), STORED]);
  outbox.add(item("a", 1));
  outbox.add(item("b", 2));
  await settle();
  assert.deepEqual(sent, ["a", "b"]);
  assert.deepEqual(outbox.items().map((each) => each.id), ["a"]);
});

test("a second flush while one runs does not send twice", async () => {
  const { outbox, sent } = setUp([STORED]);
  outbox.add(item("a"));
  outbox.flush();
  outbox.flush();
  await settle();
  assert.deepEqual(sent, ["a"]);
});

test("two tabs behind one lock send each answer once", async () => {
  const storage = createStorage();
  const clock = createClock();
  let last = Promise.resolve();
  const lock = (fn) => {
    last = last.then(fn);
    return last;
  };
  const sent = [];
  const tab = () => createOutbox({
    box: createBox(storage), lock, now: clock.now, random: () => 0.5, schedule: clock.schedule, report: () => {},
    async send(body) {
      sent.push(body.id);
      return STORED;
    },
  });
  const [one, two] = [tab(), tab()];
  await Promise.all([one.add(item("a")), two.add(item("b")), one.flush(), two.flush()]);
  assert.deepEqual(sent.sort(), ["a", "b"]);
});

test("a full or forbidden storage keeps answers in memory and says so", async () => {
  const { outbox, sent, clock } = setUp([LOST, STORED], { storage: createStorage({ full: true }) });
  outbox.add(item("a"));
  await settle();
  assert.equal(outbox.size(), 1);
  assert.equal(outbox.durable(), false);
  await clock.pass(1000);
  assert.deepEqual(sent, ["a", "a"]);
  assert.equal(outbox.durable(), true);
  const none = createBox(null);
  none.put(item("b"), 1);
  assert.deepEqual(none.all().map((each) => each.id), ["b"]);
});
