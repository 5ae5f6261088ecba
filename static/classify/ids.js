// Random UUIDs (version 4) from getRandomValues: crypto.randomUUID is missing on plain http, as from a phone at home.

export function uuid(source = globalThis.crypto) {
  const bytes = source.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// The tab's own id. It is parked in sessionStorage only while the page is hidden or going away, so that a reload
// finds it again and a duplicated tab, which copies sessionStorage, does not share it.
export function tabId(storage, page) {
  const KEY = "voorwerp.tab";
  const id = storage.getItem(KEY) ?? uuid();
  const park = () => storage.setItem(KEY, id);
  storage.removeItem(KEY);
  page.addEventListener("pagehide", park);
  page.addEventListener("visibilitychange", () => {
    if (page.document?.visibilityState === "hidden") park();
    else storage.removeItem(KEY);
  }, true);
  return id;
}
