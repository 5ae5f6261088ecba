// Boot of the classify page: reads the page's data, makes the parts, joins them. The rules are in the parts.

import { createApi } from "./api.js";
import { createConsent, createShortcuts } from "./dialogs.js";
import { createFavourite } from "./favourite.js";
import { createGlance } from "./glance.js";
import { createGuide } from "./guide.js";
import { tabId, uuid } from "./ids.js";
import { isSingle, listen } from "./keyboard.js";
import { createCounter, createMemory, memoryOf, openStorage } from "./memory.js";
import { createNotices } from "./notices.js";
import { createBox, createOutbox } from "./outbox.js";
import { createPanel } from "./panel.js";
import { createPictures } from "./pictures.js";
import { createQueue } from "./queue.js";
import { createStates } from "./states.js";
import { createStore } from "./store.js";
import { loadKinds, wholeBy } from "./tasks/index.js";
import { setTexts, t } from "./text.js";
import { createTutorial } from "./tutorial.js";
import { loadViewer } from "./viewers/index.js";
import { createWork } from "./work.js";

const data = JSON.parse(document.getElementById("classify-data").textContent);
setTexts(data.texts);
const { urls, workflow, version, definition, use } = data;
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
const draftKey = `draft.${workflow.id}.${version}${use && `.${use}`}`;
const feedbackKey = `feedback.${workflow.id}.${version}`;
const tab = session ? tabId(session, window) : uuid();
const [kinds, viewer] = await Promise.all([
  loadKinds(definition),
  loadViewer({ root: root.querySelector(".look"), viewer: definition.viewer }),
]);

const api = createApi(data.csrf);
const store = createStore(definition, wholeBy(kinds));
const counter = createCounter(memory, localDay);
const notices = createNotices({ waiting: part("waiting"), news: part("news") });
const consent = createConsent({ dialog: dialog("consent"), api, url: urls.consent, ...data.consent });
const shortcuts = createShortcuts({ dialog: dialog("shortcuts"), memory });
const showState = createStates({ root, now, schedule });
const glance = definition.glance === false || use ? null : createGlance({
  root: part("glance"), toggle: part("glance-toggle"), memory, api, url: urls.glance,
});
const favourite = createFavourite({
  button: part("favourite"), collect: part("collect"), collectUrl: urls.collect, already: data.favourites,
  api, url: urls.favourite, consent: consent.ensure, current: () => store.get().subject,
  notify: notices.say,
});

// Talk of the project, where it is open: fetched only there.
const discuss = urls.discuss ? (await import("./discuss.js")).createDiscuss({
  button: part("discuss"), url: urls.discuss, store, notify: notices.say, open: (address) => location.assign(address),
}) : null;
const odd = urls.odd ? (await import("./odd.js")).createOdd({
  button: part("odd"), dialog: dialog("odd"), api, url: urls.odd, consent: consent.ensure,
  current: () => store.get().subject, notify: notices.say, offered: data.own_tags,
}) : null;

// --- Sending -----------------------------------------------------------------------------------------------------

async function tell(feedback, annotations) {
  const { told } = await import("./told.js");
  notices.say(told(feedback, annotations, definition));
}

let late = false; // a send has failed since the outbox was last empty

const heard = {
  stored: (item, answer) => {
    glance?.acknowledged(item);
    discuss?.stored(item);
    practice?.stored(item, answer);
    if (!practice && answer.body.feedback) tell(answer.body.feedback, item.body.annotations);
    if (store.get().subject === null && !practice?.isAway()) queue.refill();
  },
  paused: (item, answer) => notices.say(answer.body.error.message),
  refused: (item, answer) => {
    notices.say(answer.body?.error?.message ?? t("refused"));
    practice?.refused(item);
  },
  later: (item) => {
    late = true;
    practice?.later(item);
  },
  consent: async () => {
    consent.forget();
    if (await consent.ensure()) outbox.flush();
  },
  changed: () => {
    if (outbox.size() === 0) late = false;
    notices.waiting({ size: outbox.size(), late: late || !navigator.onLine, durable: outbox.durable() });
    practice?.outboxChanged();
  },
};
const outbox = createOutbox({
  box: createBox(local), send: (body, item) => api.post(item.url ?? urls.classifications, body), lock, now, random: Math.random, schedule,
  report: (event, ...news) => heard[event](...news),
});

// --- Subjects ----------------------------------------------------------------------------------------------------

const pictures = createPictures();

const queue = createQueue({
  fetchNext: (n, resume) => api.get(`${urls.next}?n=${n}&tab=${tab}${resume ? "&resume=1" : ""}${use && `&use=${use}`}`
    + (data.subject && !work.isDone(data.subject) ? `&subject=${data.subject}` : "")),
  isDone: (id) => work.isDone(id),
  hasUnsent: () => outbox.size() > 0,
  preload(subject) {
    pictures.add(subject.id, subject.media[0]?.url ?? "");
    if (definition.viewer.kind === "pair") pictures.add(`${subject.id}.right`, subject.media[1]?.url ?? "");
  },
  online: () => navigator.onLine, now, schedule,
  oneByOne: use !== "" && use !== "try",
  changed: () => {
    practice?.queueChanged(queue.get().status);
    if (!practice?.isAway()) work.wake();
    paint();
  },
});

// A training, an exam, known answers, a trial of a draft: fetched only where one is asked for.
const practice = use ? (await import("./practice.js")).createPractice({
  use, workflow: workflow.id, at: data.standing, store, now, prepare: (item) => entry?.prepare(item) ?? item,
  kept: {
    get: () => drafts.get(feedbackKey),
    set: (shown) => drafts.set(feedbackKey, shown),
    clear: () => drafts.remove(feedbackKey),
  },
  fetchStanding: () => api.get(urls.practice), postExam: () => api.post(urls.exam, {}),
  tell: (answer) => notices.say(answer?.body?.error?.message ?? t("try_again")),
  changed: () => paint(),
}) : null;
const entries = {
  gold: async () => (await import("./known.js")).createEntry({ form: part("known"), url: urls.gold, memory }),
  try: async () => (await import("./trial.js")).createTrial({ url: urls.trial, edition: version }),
};
const entry = await entries[use]?.() ?? null;

const work = createWork({
  store, queue, workflow: workflow.id, version, tab, consent: consent.ensure, uuid, now, waits: practice !== null,
  outbox: practice ? { items: outbox.items, add: practice.add } : outbox,
  counter: practice ? { add: () => {} } : counter,
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
  root: part("panel"), store, kinds, icons: definition.icons ?? {}, goOn: () => goOn(), 
  answer: (value, key, join) => (practice?.isBusy() ? panel.render(true) : work.answer(value, key, join)),
  picture: viewer.picture, memory: memoryOf(memory, workflow.id), undo: () => practice?.isBusy() || work.undo(), redo: () => practice?.isBusy() || work.redo(),
  elsewhere: [
    definition.viewer.title, definition.viewer.text, ...definition.viewer.fields,
    ...Object.values(definition.tasks).flatMap((task) => (task.kind === "highlighter" ? [task.text] : [])),
  ],
});

practice?.join({ work, queue, outbox });
const verdict = practice && (await import("./verdict.js")).createVerdict({ root, panel, use, definition });

function goOn(andDiscuss = false) {
  if (practice?.isBusy()) practice.goOn();
  else {
    if (store.get().subject && store.isLast()) discuss?.want(andDiscuss);
    panel.settle();
    work.goOn();
  }
}

let onStage = null;

function paint() {
  const { subject } = store.get();
  root.classList.toggle("empty-handed", subject === null);
  if (practice) verdict(practice.get(), store.annotations());
  showState(subject ? null : { ...queue.get(), ...(practice?.isAway() ? { status: "exam" } : {}) });
  part("today").textContent = counter.count() > 0 ? t("today", { n: counter.count() }) : "";
  favourite.render();
  odd?.render();
  discuss?.render();
  if (!subject || subject === onStage) return;
  if (onStage) document.querySelector(".messages")?.remove(); // read by now; the picture gets its space back
  onStage = subject;
  viewer.show(subject, pictures.take(subject.id), pictures.take(`${subject.id}.right`));
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
    "go-on": () => store.get().subject === clickedAt && goOn(),
    discuss: () => store.get().subject === clickedAt && goOn(true),
    back: () => practice?.isBusy() || work.back(),
    exam: async () => (await consent.ensure()) && practice.begin(),
    tutorial: () => tutorial.open(),
    shortcuts: shortcuts.open,
    retry: () => queue.refill(),
    skip: work.next,
  };
  if (button) acts[button.dataset.go]();
});
listen(document, {
  choose: (number) => practice?.isBusy() || panel.choose(number), "go-on": () => goOn(),
  discuss: () => discuss?.isThere() && goOn(true), odd: () => odd?.open(),
  back: () => practice?.isBusy() || work.back(), favourite: favourite.toggle, shortcuts: shortcuts.open,
  add: panel.add, undo: panel.undo, redo: panel.redo,
  viewer: viewer.act, veil: () => viewer.act("veil"), guide: () => guide?.toggle(),
}, (event) => document.querySelector("dialog:modal") !== null || (!shortcuts.areOn() && isSingle(event)));

window.addEventListener("online", () => {
  outbox.flush();
  if (!practice?.isAway()) queue.refill();
});
window.addEventListener("storage", heard.changed); // another tab has sent or added something
window.addEventListener("beforeunload", (event) => {
  if (!outbox.durable()) event.preventDefault();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && !practice?.isAway()) queue.wakeUp();
});

heard.changed();
outbox.flush();
tutorial?.openOnFirstVisit();
await (practice ?? queue).start();
