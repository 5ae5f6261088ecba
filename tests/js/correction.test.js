import assert from "node:assert/strict";
import test from "node:test";

import { createCorrection } from "../../static/classify/correction.js";
import { halfAnswered } from "../../static/elements/half-answered.js";
import { createStorage } from "./fakes.js";

test("sent again it is the same body, changed it is another one", async () => {
  const sent = [];
  let answers = ["a"];
  let clock = 0;
  let id = 0;
  const correction = createCorrection({
    post: async (body) => {
      sent.push(body);
      if (sent.length === 1) throw new TypeError("the network is lost");
      return { status: 201 };
    },
    uuid: () => `id-${(id += 1)}`,
    make: () => ({ annotations: answers, finished_at: (clock += 1) }),
  });
  assert.equal(await correction.send(), null);
  assert.deepEqual(await correction.send(), { status: 201 });
  assert.deepEqual(sent[1], sent[0]);
  assert.deepEqual(sent[0], { id: "id-1", annotations: ["a"], finished_at: 1, corrects: true });
  answers = ["b"];
  await correction.send();
  assert.equal(sent[2].id, "id-2");
});

test("drafts of this tab are found by workflow, other things in the storage are left alone", () => {
  const storage = createStorage();
  storage.setItem("voorwerp.draft.7.3", JSON.stringify({ subject: 9007199254740991, answers: {} }));
  storage.setItem("voorwerp.tab", "x");
  assert.deepEqual(halfAnswered(storage), [{ workflow: "7", subject: "9007199254740991" }]);
  assert.deepEqual(halfAnswered(null), []);
});
