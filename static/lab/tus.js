// Sends a file by the protocol tus 1.0.0, part by part, and goes on where it was cut off. No DOM.

export const PART = 2 * 1024 * 1024; // bytes: so often is progress told, so much is sent again after a cut at most
const WAITS = [500, 1000, 2000, 5000, 10_000, 30_000]; // ms between two tries; the last one stays
const HEADERS = { "Tus-Resumable": "1.0.0" };

// The same file, chosen again after a reload.
export function fingerprint(file, place) {
  return `upload:${place}:${file.name}:${file.size}:${file.lastModified}`;
}

function encoded(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

// A sentence of the server's, which no further try would change.
export class Refused extends Error {}

// tools: fetch, csrf() and wait(ms); store: getItem, setItem, removeItem. place: where uploads are made.
// signal aborts; what has come stays. Resolves when all is there; rejects with Refused or an AbortError.
export async function send(file, { place, metadata, tools, store, signal, progress = () => {}, lost = () => {} }) {
  const key = fingerprint(file, place);
  let address = store.getItem(key);
  let offset = null; // not known
  let tries = 0;

  async function call(method, url, headers = {}, body = undefined) {
    const sent = { ...HEADERS, "X-CSRFToken": tools.csrf(), ...headers };
    return tools.fetch(url, { method, headers: sent, body, signal, credentials: "same-origin" });
  }

  async function begin() {
    const told = Object.entries({ ...metadata, filename: file.name });
    const pairs = told.map(([name, value]) => `${name} ${encoded(value)}`).join(",");
    const answer = await call("POST", place, { "Upload-Length": String(file.size), "Upload-Metadata": pairs });
    if (answer.status !== 201) return answer;
    address = answer.headers.get("Location");
    store.setItem(key, address);
    return answer;
  }

  async function step() {
    if (address === null) return begin();
    if (offset === null) return call("HEAD", address);
    const part = file.slice(offset, offset + PART);
    const headers = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
    return call("PATCH", address, headers, part);
  }

  for (;;) {
    let answer = null;
    try {
      answer = await step();
    } catch (error) {
      if (signal?.aborted) throw error;
    }
    const status = answer?.status ?? 0;
    if (status >= 200 && status < 300) {
      offset = Number(answer.headers.get("Upload-Offset"));
      tries = 0;
      progress(offset, file.size);
      if (offset >= file.size) {
        store.removeItem(key);
        return;
      }
    } else if ((status === 404 || status === 410) && address !== null) {
      store.removeItem(key); // it has expired: from the start
      address = null;
      offset = null;
    } else if (status === 409 && tries < WAITS.length) {
      offset = null; // it stands elsewhere: ask
      tries += 1;
    } else if (status >= 400 && status < 500 && status !== 408 && status !== 429) {
      throw new Refused(await answer.text());
    } else {
      lost();
      await tools.wait(WAITS[Math.min(tries, WAITS.length - 1)], signal);
      tries += 1;
      offset = null; // what came of the last part is the server's to say
    }
  }
}
