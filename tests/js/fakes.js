// A clock with timers and a Storage, both in memory, for tests of the pure parts.

export function createClock(start = 1_000_000) {
  let time = start;
  let timers = [];
  return {
    now: () => time,
    schedule(fn, ms) {
      const timer = { at: time + ms, fn };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    waits: () => timers.map((timer) => timer.at - time).sort((a, b) => a - b),
    // Time goes by and no timer runs, as in a closed laptop.
    sleep(ms) {
      time += ms;
    },
    // Moves time on and runs what falls due, then lets promises settle.
    async pass(ms) {
      time += ms;
      const due = timers.filter((timer) => timer.at <= time);
      timers = timers.filter((timer) => timer.at > time);
      for (const timer of due) timer.fn();
      await settle();
    },
  };
}

export async function settle() {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
}

export function createStorage({ full = false } = {}) {
  const kept = new Map();
  return {
    get length() {
      return kept.size;
    },
    key: (at) => [...kept.keys()][at],
    getItem: (key) => kept.get(key) ?? null,
    setItem(key, value) {
      if (full) throw new Error("QuotaExceededError");
      kept.set(key, value);
    },
    removeItem: (key) => kept.delete(key),
  };
}
