// Small things to remember on this device; where storage is forbidden they last as long as the page.

export function openStorage(name) {
  try {
    const storage = globalThis[name];
    storage.setItem("voorwerp.probe", "1");
    storage.removeItem("voorwerp.probe");
    return storage;
  } catch {
    return null;
  }
}

export function createMemory(storage) {
  const kept = new Map();
  return {
    get(key, otherwise = null) {
      const text = storage?.getItem(`voorwerp.${key}`) ?? kept.get(key);
      return text === undefined || text === null ? otherwise : JSON.parse(text);
    },
    set(key, value) {
      const text = JSON.stringify(value);
      kept.set(key, text);
      try {
        storage?.setItem(`voorwerp.${key}`, text);
      } catch {
        // Full: it lasts for this page.
      }
    },
    remove(key) {
      kept.delete(key);
      storage?.removeItem(`voorwerp.${key}`);
    },
  };
}

// The part of it that is of one workflow.
export const memoryOf = (memory, workflow) => ({
  get: (key, otherwise = null) => memory.get(`${key}.${workflow}`, otherwise),
  set: (key, value) => memory.set(`${key}.${workflow}`, value),
});

// How many subjects were finished today on this device. `day` is a local date such as "2026-11-22".
export function createCounter(memory, day) {
  const count = () => {
    const stored = memory.get("today", { day: "", n: 0 });
    return stored.day === day() ? stored.n : 0;
  };
  return {
    count,
    add: () => memory.set("today", { day: day(), n: count() + 1 }),
  };
}
