import assert from "node:assert/strict";
import test from "node:test";

import { createQueue } from "../../static/classify/queue.js";
import { createClock, settle } from "./fakes.js";

const subjects = (...ids) => ids.map((id) => ({ id, media: [{ url: `/media/${id}.png` }] }));
const ok = (state, ids = [], retryAfter = null) =>
  ({ status: 200, body: { state, subjects: subjects(...ids), retry_after: retryAfter, message: "" }, retryAfter: null });

function setUp(answers, { done = [], online = true, unsent = () => false } = {}) {
  const clock = createClock();
  const asked = [];
  const loaded = [];
  const queue = createQueue({
    async fetchNext(n, resume) {
      asked.push([n, resume]);
      const answer = n === 0 ? ok("open") : (answers.length > 1 ? answers.shift() : answers[0]);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    isDone: (id) => done.includes(id), hasUnsent: unsent, preload: (subject) => loaded.push(subject.id), online: () => online,
    now: clock.now, schedule: clock.schedule, changed: () => {},
  });
  return { queue, asked, loaded, clock, done };
}

test("begins with this tab's own leases and loads the pictures ahead", async () => {
  const { queue, asked, loaded } = setUp([ok("open", [1, 2, 3, 4, 5, 6])]);
  await queue.start();
  assert.deepEqual(asked, [[10, true]]);
  assert.deepEqual(loaded, [1, 2, 3, 4, 5, 6]);
  assert.equal(queue.get().status, "ready");
  assert.equal(queue.take().id, 1);
});

test("fetches more when fewer than four are left, and never the same subject twice", async () => {
  const { queue, asked } = setUp([ok("open", [1, 2, 3, 4, 5]), ok("open", [5, 6, 7, 8, 9])]);
  await queue.start();
  queue.take();
  assert.equal(asked.length, 1, "four are left");
  queue.take();
  await settle();
  assert.deepEqual(asked[1], [10, false]);
  const rest = [];
  for (let subject = queue.take(); subject; subject = queue.take()) rest.push(subject.id);
  assert.deepEqual(rest, [3, 4, 5, 6, 7, 8, 9]);
});

test("what was answered here is not shown again, even when the server has not heard of it yet", async () => {
  const { queue } = setUp([ok("open", [1, 2, 3])], { done: [1, 2] });
  await queue.start();
  assert.equal(queue.take().id, 3);
});

test("when only such subjects come it asks again soon, and calls nothing finished", async () => {
  const { queue, clock, asked } = setUp([ok("open", [1, 2]), ok("open", [3])], { done: [1, 2] });
  await queue.start();
  assert.equal(queue.take(), null);
  assert.equal(queue.get().status, "loading");
  await clock.pass(3000);
  assert.equal(asked.length, 2);
  assert.equal(queue.take().id, 3);
});

for (const state of ["finished_for_you", "workflow_finished"]) {
  test(`${state}: said once, not asked again by itself`, async () => {
    const { queue, asked, clock } = setUp([ok(state)]);
    await queue.start();
    assert.equal(queue.get().status, state);
    await clock.pass(60_000);
    assert.equal(asked.length, 1);
  });
}

test("all_leased: counts down to the server's moment and looks again", async () => {
  const { queue, asked, clock } = setUp([ok("all_leased", [], 25), ok("open", [8])]);
  await queue.start();
  assert.equal(queue.get().status, "all_leased");
  assert.equal(queue.get().retryAt - clock.now(), 25_000);
  await clock.pass(24_000);
  assert.equal(asked.length, 1);
  await clock.pass(1_000);
  assert.equal(queue.take().id, 8);
});

test("all_leased may be this volunteer's own leases, as long as answers are on their way", async () => {
  let unsent = true;
  const { queue, clock } = setUp([ok("all_leased", [], 600), ok("finished_for_you")], { unsent: () => unsent });
  await queue.start();
  assert.equal(queue.get().status, "loading");
  unsent = false;
  await clock.pass(3000);
  assert.equal(queue.get().status, "finished_for_you");
});

test("told that no more come while some are ahead, it asks once more when those are done", async () => {
  const { queue, asked } = setUp([ok("open", [1, 2]), ok("finished_for_you"), ok("workflow_finished")]);
  await queue.start();
  queue.take();
  await settle();
  assert.equal(queue.get().status, "ready");
  queue.take();
  await settle();
  assert.equal(asked.length, 2, "one is still in hand");
  assert.equal(queue.take(), null);
  await settle();
  assert.equal(asked.length, 3);
  assert.equal(queue.get().status, "workflow_finished");
});

test("one call at a time", async () => {
  const { queue, asked } = setUp([ok("open", [1, 2, 3, 4, 5])]);
  await Promise.all([queue.start(), queue.refill(), queue.refill()]);
  assert.equal(asked.length, 1);
});

test("taking from an empty queue does not hurry a wait that stands", async () => {
  const { queue, asked } = setUp([ok("all_leased", [], 25)]);
  await queue.start();
  queue.take();
  queue.take();
  await settle();
  assert.equal(asked.length, 1);
});

test("a lost network shows offline or error, backs off, and hides neither while subjects are ahead", async () => {
  const lost = new TypeError("Failed to fetch");
  const away = setUp([lost, lost, ok("open", [1])], { online: false });
  await away.queue.start();
  assert.equal(away.queue.get().status, "offline");
  await away.clock.pass(2000);
  assert.equal(away.queue.get().retryAt - away.clock.now(), 4000);
  await away.clock.pass(4000);
  assert.equal(away.queue.get().status, "ready");

  const broken = setUp([{ status: 502, body: null, retryAfter: 9 }]);
  await broken.queue.start();
  assert.equal(broken.queue.get().status, "error");
  assert.equal(broken.queue.get().retryAt - broken.clock.now(), 9000);

  const ahead = setUp([ok("open", [1, 2]), lost]);
  await ahead.queue.start();
  ahead.queue.take();
  await settle();
  assert.equal(ahead.queue.get().status, "ready");
});

test("a paused workflow is told as such", async () => {
  const { queue } = setUp([{ status: 403, body: { error: { code: "paused", message: "" } }, retryAfter: null }]);
  await queue.start();
  assert.equal(queue.get().status, "paused");
});

test("leases are renewed every four minutes while something is held", async () => {
  const { queue, asked, clock } = setUp([ok("open", [1, 2, 3, 4, 5])]);
  await queue.start();
  queue.take();
  await clock.pass(4 * 60_000);
  await clock.pass(4 * 60_000);
  assert.deepEqual(asked.slice(1), [[0, false], [0, false]]);
});

test("waking soon renews what is held; after a long sleep what lay ahead is let go and asked for anew", async () => {
  const { queue, asked, clock } = setUp([ok("open", [1, 2, 3, 4, 5]), ok("open", [7, 2])]);
  await queue.start();
  queue.take();
  await queue.wakeUp();
  assert.deepEqual(asked.at(-1), [0, false]);
  clock.sleep(11 * 60_000);
  await queue.wakeUp();
  assert.deepEqual(asked.at(-1), [10, true]);
  assert.deepEqual([queue.take().id, queue.take().id, queue.take()], [7, 2, null]);
});

test("a half-answered subject is put in front", async () => {
  const { queue } = setUp([ok("open", [1, 2, 3])]);
  await queue.start();
  queue.prefer(3);
  assert.deepEqual([queue.take().id, queue.take().id, queue.take().id], [3, 1, 2]);
});
