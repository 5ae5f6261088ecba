import assert from "node:assert/strict";
import { test } from "node:test";

import { fingerprint, PART, Refused, send } from "../../static/lab/tus.js";

const PLACE = "/lab/zoo/subjects/uploads/";
const SIZE = 2 * PART + 100;

// A server of one upload that can be told to fail: `cuts` maps the number of a call to how many bytes of it arrive.
function makeServer({ cuts = {}, refuses = null } = {}) {
  const here = { bytes: 0, calls: [], gone: false };
  here.fetch = async (url, { method, headers, body }) => {
    const n = here.calls.push(`${method} ${headers["Upload-Offset"] ?? ""}`.trim());
    const answer = (status, told = {}) => ({ status, headers: new Headers(told), text: async () => "Too large." });
    if (method === "POST") {
      if (refuses) return answer(refuses);
      here.gone = false;
      here.bytes = 0;
      return answer(201, { Location: `${PLACE}7/`, "Upload-Offset": "0" });
    }
    if (here.gone) return answer(404);
    if (method === "PATCH") {
      if (Number(headers["Upload-Offset"]) !== here.bytes) return answer(409);
      if (n in cuts) {
        here.bytes += cuts[n];
        throw new TypeError("network");
      }
      here.bytes += body.size;
    }
    return answer(method === "HEAD" ? 200 : 204, { "Upload-Offset": String(here.bytes) });
  };
  return here;
}

function makeStore(kept = {}) {
  return { kept, getItem: (key) => kept[key] ?? null, setItem: (key, value) => (kept[key] = value), removeItem: (key) => delete kept[key] };
}

function makeFile() {
  return Object.assign(new Blob([new Uint8Array(SIZE)]), { name: "p.zip", lastModified: 5 });
}

function options(server, store, more = {}) {
  const tools = { fetch: server.fetch, csrf: () => "token", wait: async () => {} };
  return { place: PLACE, metadata: { subject_set: "all" }, tools, store, ...more };
}

test("a file goes in parts, and where one is cut off it goes on at the byte that came", async () => {
  const server = makeServer({ cuts: { 3: 1234 } });
  const store = makeStore();
  await send(makeFile(), options(server, store));
  assert.deepEqual(server.calls, ["POST", "PATCH 0", `PATCH ${PART}`, "HEAD", `PATCH ${PART + 1234}`]);
  assert.equal(server.bytes, SIZE);
  assert.deepEqual(store.kept, {});
});

test("after a reload the same file asks where it stands; one that has expired begins anew", async () => {
  const server = makeServer();
  server.bytes = PART;
  const file = makeFile();
  const key = fingerprint(file, PLACE);
  await send(file, options(server, makeStore({ [key]: `${PLACE}7/` })));
  assert.deepEqual(server.calls, ["HEAD", `PATCH ${PART}`, `PATCH ${2 * PART}`]);
  server.gone = true;
  server.calls.length = 0;
  await send(file, options(server, makeStore({ [key]: `${PLACE}7/` })));
  assert.deepEqual(server.calls.slice(0, 3), ["HEAD", "POST", "PATCH 0"]);
});

test("what is refused is told and not tried again; what is stopped can go on", async () => {
  const refusing = makeServer({ refuses: 413 });
  await assert.rejects(send(makeFile(), options(refusing, makeStore())), (error) => error instanceof Refused && error.message === "Too large.");
  assert.deepEqual(refusing.calls, ["POST"]);
  const server = makeServer({ cuts: { 3: 0 } });
  const store = makeStore();
  const stopping = new AbortController();
  const stopped = send(makeFile(), options(server, store, { signal: stopping.signal, progress: (offset) => offset === PART && stopping.abort() }));
  await assert.rejects(stopped);
  assert.equal(server.bytes, PART);
  assert.deepEqual(Object.values(store.kept), [`${PLACE}7/`]);
});
