// Boot of the page on which an answer is corrected: the classify page's parts around one subject, without a queue.

import { createApi } from "./api.js";
import { createCorrection } from "./correction.js";
import { createConsent, createShortcuts } from "./dialogs.js";
import { createFavourite } from "./favourite.js";
import { uuid } from "./ids.js";
import { isSingle, listen } from "./keyboard.js";
import { createMemory, memoryOf, openStorage } from "./memory.js";
import { createNotices } from "./notices.js";
import { createPanel } from "./panel.js";
import { createPictures } from "./pictures.js";
import { createStore } from "./store.js";
import { loadKinds, wholeBy } from "./tasks/index.js";
import { setTexts, t } from "./text.js";
import { loadViewer } from "./viewers/index.js";

const data = JSON.parse(document.getElementById("classify-data").textContent);
setTexts(data.texts);
const { urls, version, definition, redo } = data;
const root = document.getElementById("classify");
const part = (name) => root.querySelector(`[data-part=${name}]`);
const dialog = (name) => document.getElementById(`${name}-dialog`);

const memory = createMemory(openStorage("localStorage"));
const [kinds, viewer] = await Promise.all([
  loadKinds(definition),
  loadViewer({ root: root.querySelector(".look"), viewer: definition.viewer }),
]);
const api = createApi(data.csrf);
const store = createStore(definition, wholeBy(kinds));
const notices = createNotices({ waiting: part("waiting"), news: part("news") });
const consent = createConsent({ dialog: dialog("consent"), api, url: urls.consent, ...data.consent });
const shortcuts = createShortcuts({ dialog: dialog("shortcuts"), memory });
const favourite = createFavourite({
  button: part("favourite"), collect: part("collect"), collectUrl: urls.collect, already: data.favourites,
  api, url: urls.favourite, consent: consent.ensure, current: () => store.get().subject, notify: notices.say,
});

const correction = createCorrection({
  uuid,
  post: (body) => api.post(urls.classifications, body),
  make: () => ({
    workflow_version: version,
    subject: redo.subject.id,
    annotations: store.annotations(),
    started_at: new Date(store.get().startedAt).toISOString(),
    finished_at: new Date().toISOString(),
    metadata: {
      language: document.documentElement.lang,
      viewport: { width: window.innerWidth, height: window.innerHeight },
    },
  }),
});
let busy = false;

async function submit() {
  busy = true;
  const answer = await correction.send();
  busy = false;
  if (answer?.status === 200 || answer?.status === 201) window.location.assign(redo.back);
  else notices.say(answer?.body?.error?.message ?? t("redo_failed"));
}

async function goOn() {
  if (busy) return;
  panel.settle();
  if (!(await consent.ensure())) return;
  const emptyOf = (kind) => kinds[kind].empty;
  if (!store.canGoOn()) panel.hint("choose_first");
  else if (!store.isLast()) store.next(emptyOf);
  else {
    store.complete(emptyOf);
    await submit();
  }
}

const back = () => store.canGoBack() && store.back();
const panel = createPanel({
  root: part("panel"), store, kinds, icons: definition.icons ?? {}, answer: store.answer, goOn,
  picture: viewer.picture, memory: memoryOf(memory, data.workflow.id), undo: store.undo, redo: store.redo,
  elsewhere: [definition.viewer.title, definition.viewer.text, ...definition.viewer.fields],
});

root.addEventListener("click", (event) => {
  const button = event.target.closest("[data-go]");
  const acts = { "go-on": goOn, back, shortcuts: shortcuts.open };
  if (button) acts[button.dataset.go]?.();
});
listen(document, {
  choose: panel.choose, "go-on": goOn, back, favourite: favourite.toggle, shortcuts: shortcuts.open,
  viewer: viewer.act, veil: () => viewer.act("veil"), guide: () => {}, add: panel.add, undo: panel.undo, redo: panel.redo,
}, (event) => document.querySelector("dialog:modal") !== null || (!shortcuts.areOn() && isSingle(event)));

const pictures = createPictures();
pictures.add(redo.subject.id, redo.subject.media[0]?.url ?? "");
store.load(redo.subject, Date.now(), { answers: redo.answers, current: definition.first_task });
viewer.show(redo.subject, pictures.take(redo.subject.id));
favourite.render();
