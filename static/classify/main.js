// Boot of the classify page: reads the page's data, makes the parts, joins them. The rules are in the parts.

import { createApi } from "./api.js";
import { createConsent, createShortcuts } from "./dialogs.js";
import { createFavourite } from "./favourite.js";
import { createGlance } from "./glance.js";
import { createGuide } from "./guide.js";
import { tabId, uuid } from "./ids.js";
import { listen } from "./keyboard.js";
import { createCounter, createMemory, openStorage } from "./memory.js";
import { createNotices } from "./notices.js";
import { createBox, createOutbox } from "./outbox.js";
import { createPanel } from "./panel.js";
import { createPictures } from "./pictures.js";
import { createQueue } from "./queue.js";
import { createStates } from "./states.js";
import { createStore } from "./store.js";
import { loadKinds } from "./tasks/index.js";
import { setTexts, t } from "./text.js";
import { createTutorial } from "./tutorial.js";
import { loadViewer } from "./viewers/index.js";
import { createWork } from "./work.js";

const data = JSON.parse(document.getElementById("classify-data").textContent);
setTexts(data.texts);
const { urls, workflow, version, definition } = data;
const root = document.getElementById("classify");
const part = (name) => root.querySelector(`[data-part=${name}]`);
const dialog = (name) => document.getElementById(`${name}-dialog`);

const now = () => Date.now();
const schedule = (fn, ms) => {
  const timer = setTimeout(fn, ms);
  return () => clearTimeout(timer);
};
const localDay = () => new Date().toLocaleDateString("sv"); // Swedish dates are written 2026-11-22
const lock = (fn) => (navigator.locks ? navigator.locks.request("voorwerp-outbox", fn) : fn());

const local = openStorage("localStorage");
const session = openStorage("sessionStorage");
const memory = createMemory(local);
const drafts = createMemory(session);
const draftKey = `draft.${workflow.id}.${version}`;
const tab = session ? tabId(session, window) : uuid();
const [kinds, viewer] = await Promise.all([
  loadKinds(definition),
  loadViewer({ root: root.querySelector(".look"), viewer: definition.viewer }),
]);

const api = createApi(data.csrf);
const store = createStore(definition);
const counter = createCounter(memory, localDay);
const notices = createNotices({ waiting: part("waiting"), news: part("news") });
const consent = createConsent({ dialog: dialog("consent"), api, url: urls.consent, ...data.consent });
const shortcuts = createShortcuts({ dialog: dialog("shortcuts"), memory });
const showState = createStates({ root, now, schedule });
const glance = definition.glance === false ? null : createGlance({
  root: part("glance"), toggle: part("glance-toggle"), memory, api, url: urls.glance,
});
const favourite = createFavourite({
  button: part("favourite"), api, url: urls.favourite, consent: consent.ensure, current: () => store.get().subject,
  notify: notices.say,
});

// --- Sending -----------------------------------------------------------------------------------------------------

let late = false; // a send has failed since the outbox was last empty

const heard = {
  stored: (item) => {
    glance?.acknowledged(item);
    if (store.get().subject === null) queue.refill();
  },
  paused: (item, answer) => notices.say(answer.body.error.message),
  refused: (item, answer) => notices.say(answer.body?.error?.message ?? t("refused")),
  later: () => {
    late = true;
  },
  consent: async () => {
    consent.forget();
    if (await consent.ensure()) outbox.flush();
  },
  changed: () => {
    if (outbox.size() === 0) late = false;
    notices.waiting({ size: outbox.size(), late: late || !navigator.onLine, durable: outbox.durable() });
  },
};
const outbox = createOutbox({
  box: createBox(local), send: (body) => api.post(urls.classifications, body), lock, now, random: Math.random, schedule,
  report: (event, ...news) => heard[event](...news),
});

// --- Subjects ----------------------------------------------------------------------------------------------------

const pictures = createPictures();

const queue = createQueue({
  fetchNext: (n, resume) => api.get(`${urls.next}?n=${n}&tab=${tab}${resume ? "&resume=1" : ""}`),
  isDone: (id) => work.isDone(id),
  hasUnsent: () => outbox.size() > 0,
  preload: (subject) => pictures.add(subject.id, subject.media[0]?.url ?? ""), online: () => navigator.onLine, now, schedule,
  changed: () => {
    work.wake();
    paint();
  },
});

const work = createWork({
  store, queue, outbox, workflow: workflow.id, version, tab, consent: consent.ensure, counter, uuid, now,
  emptyOf: (kind) => kinds[kind].empty,
  draft: {
    get: () => drafts.get(draftKey),
    set: (half) => drafts.set(draftKey, half),
    clear: () => drafts.remove(draftKey),
  },
  hint: (key) => panel.hint(key),
  describe: () => ({
    language: document.documentElement.lang,
    viewport: { width: window.innerWidth, height: window.innerHeight },
  }),
  changed: () => paint(),
  restore: () => panel.render(true),
});

const panel = createPanel({
  root: part("panel"), store, kinds, icons: definition.icons ?? {}, answer: work.answer, goOn: work.goOn,
  elsewhere: [definition.viewer.title, definition.viewer.text, ...definition.viewer.fields],
});

let onStage = null;

function paint() {
  const { subject } = store.get();
  root.classList.toggle("empty-handed", subject === null);
  showState(subject ? null : queue.get());
  part("today").textContent = counter.count() > 0 ? t("today", { n: counter.count() }) : "";
  favourite.render();
  if (!subject || subject === onStage) return;
  if (onStage) document.querySelector(".messages")?.remove(); // read by now; the picture gets its space back
  onStage = subject;
  viewer.show(subject, pictures.take(subject.id));
}

// --- Hands -------------------------------------------------------------------------------------------------------

const tutorialDialog = dialog("tutorial");
const tutorial = tutorialDialog && createTutorial({ dialog: tutorialDialog, memory, key: `tutorial.${workflow.id}` });

const guideDialog = dialog("guide");
const guide = guideDialog && createGuide({
  dialog: guideDialog, button: document.getElementById("guide-button"), memory, key: `guide.${workflow.id}`,
  narrow: matchMedia("(max-width: 52rem)"),
});

let clickedAt = null; // the subject at the first click of a double click: its second half is not about the next one

root.addEventListener("click", (event) => {
  if (event.detail < 2) clickedAt = store.get().subject;
  const button = event.target.closest("[data-go]");
  const acts = {
    "go-on": () => store.get().subject === clickedAt && work.goOn(),
    back: work.back,
    tutorial: () => tutorial.open(),
    shortcuts: shortcuts.open,
    retry: () => queue.refill(),
    skip: work.skip,
  };
  if (button) acts[button.dataset.go]();
});
listen(document, {
  choose: panel.choose, "go-on": work.goOn, back: work.back, favourite: favourite.toggle, shortcuts: shortcuts.open,
  viewer: viewer.act, veil: () => viewer.act("veil"), guide: () => guide?.toggle(),
}, (event) => document.querySelector("dialog:modal") !== null || (!shortcuts.areOn() && event.key.length === 1));

window.addEventListener("online", () => {
  outbox.flush();
  queue.refill();
});
window.addEventListener("storage", heard.changed); // another tab has sent or added something
window.addEventListener("beforeunload", (event) => {
  if (!outbox.durable()) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") queue.wakeUp();
});

heard.changed();
outbox.flush();
tutorial?.openOnFirstVisit();
await queue.start();
