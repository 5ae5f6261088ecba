// The subjects ahead: fetched in batches, their pictures loaded before they are needed, their leases kept alive.
//
// `status` is "loading", "ready", or why there is nothing to show: the server's three empty answers
// ("finished_for_you", "all_leased", "workflow_finished"), "paused", "unqualified", "no_exam_now", "offline", "error".

const BATCH = 10;
const LOW = 4; // refill when fewer are left
const LEASE = 10 * 60_000; // ms; every call of GET next renews all that the tab holds
const EXTEND_EVERY = 4 * 60_000; // ms
const SOON = 3_000; // ms; until then the server may have heard of what lies in the outbox
const CLOSED = new Set(["paused", "workflow_finished", "unqualified", "no_exam_now"]);
const FIRST_WAIT = 2_000; // ms
const LONGEST_WAIT = 30_000; // ms

// `hasUnsent()` tells that the server does not know of all answers yet: it may still offer those subjects, or call the
// volunteer's own leases somebody's. `fetchNext(n, resume)` resolves to {status, body, retryAfter} as of GET next, or rejects when the network is lost;
// `isDone(id)` tells subjects that were answered here; `preload(subject)` starts loading its pictures;
// `oneByOne` fetches each subject only when none is in hand, for a training, an exam, known answers.
// `online()` is the browser's own idea; `schedule(fn, ms)` returns a cancel function; `changed()` hears every change.
export function createQueue({ fetchNext, isDone, hasUnsent, preload, online, now, schedule, changed, oneByOne = false }) {
  const known = new Set();
  let waiting = []; // subjects ahead, not the one in hand
  let inHand = null;
  let running = false;
  let failures = 0;
  let heldUntil = 0;
  let exhausted = false; // the server said that no more come; ask again only when told
  let cancelRetry = () => {};
  let retryPending = false;
  let view = { status: "loading", retryAt: null, message: "" };

  function show(status, retryAt = null, message = "") {
    view = { status, retryAt, message };
    changed();
  }

  function retryIn(ms) {
    cancelRetry();
    cancelRetry = schedule(refill, ms);
    retryPending = true;
    return now() + ms;
  }

  function accept(body, wasUnsent) {
    failures = 0;
    heldUntil = now() + LEASE;
    const fresh = body.subjects.filter((subject) => !known.has(subject.id) && !isDone(subject.id));
    for (const subject of fresh) {
      known.add(subject.id);
      preload(subject);
    }
    waiting.push(...fresh);
    exhausted = body.state === "finished_for_you" || body.state === "workflow_finished";
    if (waiting.length > 0 || (oneByOne && inHand && !exhausted)) show("ready");
    else if (body.state === "open" || (body.state === "all_leased" && wasUnsent)) show("loading", retryIn(SOON));
    else if (body.state === "all_leased") show("all_leased", retryIn((body.retry_after ?? 10) * 1000), body.message);
    else show(body.state, null, body.message);
  }

  // The workflow takes no answers now, and asking again at once would not change that.
  function close(status, message) {
    exhausted = true;
    waiting = [];
    show(status, null, message);
  }

  function fail(retryAfter, message) {
    failures += 1;
    const backOff = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - 1));
    const retryAt = retryIn(Math.max(backOff, (retryAfter ?? 0) * 1000));
    if (waiting.length > 0) show("ready");
    else show(online() ? "error" : "offline", retryAt, message);
  }

  async function refill(resume = false) {
    if (running) return;
    running = true;
    cancelRetry();
    retryPending = false;
    const wasUnsent = hasUnsent();
    const answer = await fetchNext(oneByOne ? 1 : BATCH, resume === true).catch(() => null);
    const problem = answer?.body?.error;
    if (answer?.status === 200) accept(answer.body, wasUnsent);
    else if (CLOSED.has(problem?.code)) close(problem.code, problem.message);
    else fail(answer?.retryAfter, problem?.message ?? "");
    running = false;
  }

  // Tells the server that this tab still works on what it holds. A failure is no news: the next call is another chance.
  async function extend() {
    if (inHand === null && waiting.length === 0) return;
    const answer = await fetchNext(0, false).catch(() => null);
    if (answer?.status === 200) heldUntil = now() + LEASE;
  }

  return {
    start() {
      schedule(function again() {
        extend();
        schedule(again, EXTEND_EVERY);
      }, EXTEND_EVERY);
      return refill(true);
    },

    // The next subject, or null with the reason in `get()`.
    take() {
      inHand = waiting.shift() ?? null;
      if (inHand === null && view.status === "ready") view = { status: "loading", retryAt: null, message: "" };
      const wants = oneByOne ? inHand === null : waiting.length < LOW;
      if (wants && !retryPending && !(exhausted && inHand)) refill();
      return inHand;
    },

    // Puts a subject that a reload had left half answered in front.
    prefer(id) {
      const found = waiting.find((subject) => subject.id === id);
      if (found) waiting = [found, ...waiting.filter((subject) => subject !== found)];
    },

    // Back in front of the volunteer. After a long while what was held has lapsed and may be someone else's by now: let it
    // go and ask anew. The one in hand may be finished, since a lease authorises nothing.
    wakeUp() {
      if (now() < heldUntil) return extend();
      for (const subject of waiting) known.delete(subject.id);
      waiting = [];
      return refill(true);
    },

    extend,
    refill,
    get: () => ({ ...view, ahead: waiting.length }),
  };
}
