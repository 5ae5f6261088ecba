// Finished answers, kept in the browser until the server has acknowledged them; sent in order, one at a time.
//
// Each answer is one entry of localStorage under a key that sorts by time, so that several tabs add and remove without
// rewriting each other's list. The client's UUID makes a second send harmless; a lock only spares the traffic.

const PREFIX = "voorwerp.outbox.";
const FIRST_WAIT = 1_000; // ms
const LONGEST_WAIT = 60_000; // ms
const KEPT = new Set([401, 408, 425, 429]);
const FINAL = new Set(["private", "workflow_finished"]); // the 403s that waiting does not mend
const ASK = new Set(["consent_required", "forged_cookie"]);

// What an HTTP answer means for the item: "stored"; "refused" for good; "consent", ask and then send; "paused", keep
// until the workflow goes on, or until one has the qualification that it asks for; "later", try again.
export function verdict(status, code) {
  if (status >= 200 && status < 300) return "stored";
  if (ASK.has(code)) return "consent";
  if (code === "paused" || code === "unqualified") return "paused";
  if (status === 403) return FINAL.has(code) ? "refused" : "later";
  if (status >= 400 && status < 500 && !KEPT.has(status)) return "refused";
  return "later";
}

// Milliseconds before the next try: doubling, at most a minute, spread by a quarter; the server's own wish wins.
export function wait(failures, retryAfter, random) {
  const doubling = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (failures - 1));
  return Math.max((retryAfter ?? 0) * 1000, doubling * (0.75 + random() / 2));
}

// Items over a Storage; where it is full or forbidden they live in memory and `durable()` says so.
export function createBox(storage) {
  const memory = new Map();
  let counter = 0;
  return {
    put(item, now) {
      counter += 1;
      const key = `${PREFIX}${String(now).padStart(15, "0")}.${String(counter).padStart(6, "0")}.${item.id}`;
      try {
        storage.setItem(key, JSON.stringify(item));
      } catch {
        memory.set(key, item);
      }
    },
    all() {
      const stored = [];
      for (let at = 0; at < (storage?.length ?? 0); at += 1) {
        const key = storage.key(at);
        if (key.startsWith(PREFIX)) stored.push([key, JSON.parse(storage.getItem(key))]);
      }
      return [...stored, ...memory].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => ({ ...item, key }));
    },
    remove(key) {
      memory.delete(key);
      storage?.removeItem(key);
    },
    durable: () => memory.size === 0,
  };
}

// `send(body, item)` resolves to {status, body, retryAfter} or rejects when the network is lost; `lock(fn)` runs fn alone among
// the browser's tabs; `report(event, item, answer)` hears each verdict, and "changed".
export function createOutbox({ box, send, lock, now, random, schedule, report }) {
  let running = false;
  let again = false;
  let failures = 0;
  const paused = new Set(); // workflows that took nothing in this round; others' answers need not wait for them
  let cancel = () => {};

  async function attempt(item) {
    try {
      const answer = await send(item.body, item);
      return [verdict(answer.status, answer.body?.error?.code), answer];
    } catch {
      return ["later", null];
    }
  }

  // Sends the oldest item; true while another may follow at once.
  async function sendFirst() {
    const item = box.all().find((each) => !paused.has(each.workflow));
    if (!item) return false;
    const [outcome, answer] = await attempt(item);
    if (outcome === "stored" || outcome === "refused") {
      box.remove(item.key);
      failures = 0;
    } else if (outcome === "paused") {
      paused.add(item.workflow);
    } else if (outcome === "later") {
      failures += 1;
      cancel = schedule(flush, wait(failures, answer?.retryAfter, random));
    }
    report(outcome, item, answer);
    report("changed");
    return outcome !== "later" && outcome !== "consent";
  }

  async function flush() {
    if (running) {
      again = true;
      return;
    }
    running = true;
    cancel();
    paused.clear();
    do {
      again = false;
      while (await lock(sendFirst));
    } while (again && failures === 0);
    running = false;
  }

  return {
    add(item) {
      box.put(item, now());
      report("changed");
      return flush();
    },
    flush,
    items: () => box.all(),
    size: () => box.all().length,
    durable: box.durable,
  };
}
