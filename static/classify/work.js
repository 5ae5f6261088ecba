// The volunteer's work: answer, go on, back, done, next subject. Joins store, queue and outbox; knows no DOM.

// `emptyOf(kind)` is the value of a skipped task; `consent()` resolves to whether the volunteer agrees (asking when needed);
// `draft` keeps a half-answered subject over a reload: {get, set, clear}; `hint(key)` says what is missing;
// `describe()` is the metadata sent along; `changed()` hears that another subject, or none, is in
// hand; `restore()` that an answer on the screen was not taken. Where `waits`, the subject stays on the screen after Done,
// until `next()` is called.
export function createWork({
  store, queue, outbox, workflow, version, tab, emptyOf, consent, draft, hint, describe, changed, restore, counter,
  uuid, now, waits = false,
}) {
  const done = new Set(outbox.items().filter((item) => item.workflow === workflow).map((item) => item.body.subject));

  function showNext() {
    const half = draft.get();
    if (half) queue.prefer(half.subject);
    const subject = queue.take();
    if (subject) store.load(subject, now(), half?.subject === subject.id ? half : null);
    else store.clear();
    changed();
  }

  function keepDraft() {
    const { subject, answers, current, startedAt } = store.get();
    if (subject && Object.keys(answers).length > 0) draft.set({ subject: subject.id, answers, current, startedAt });
    else if (subject) draft.clear();
  }

  function submit() {
    const { subject, startedAt } = store.get();
    const body = {
      id: uuid(),
      workflow_version: version,
      subject: subject.id,
      annotations: store.annotations(),
      started_at: new Date(startedAt).toISOString(),
      finished_at: new Date(now()).toISOString(),
      tab,
      metadata: describe(),
    };
    done.add(subject.id);
    counter.add();
    draft.clear();
    outbox.add({ id: body.id, workflow, title: subject.media[0]?.alt ?? "", picture: subject.media[0]?.url ?? "", body });
    if (!waits) showNext();
  }

  return {
    isDone: (id) => done.has(id),

    // Called when the queue has news: takes a subject if none is in hand.
    wake() {
      if (store.get().subject === null) showNext();
    },

    // `key`: of the task on the screen that is answered, where there are several; `join`: as in history.js.
    async answer(value, key, join) {
      if (!(await consent())) {
        restore();
        return;
      }
      store.answer(value, key, join);
      keepDraft();
    },

    // One change of the answers to this subject back, or forth again.
    undo() {
      if (store.undo()) keepDraft();
    },

    redo() {
      if (store.redo()) keepDraft();
    },

    async goOn() {
      if (store.get().subject === null || !(await consent())) return;
      if (!store.canGoOn()) {
        hint("choose_first");
        return;
      }
      if (store.isLast()) {
        store.complete(emptyOf);
        submit();
        return;
      }
      store.next(emptyOf);
      keepDraft();
    },

    back() {
      if (store.canGoBack()) store.back();
    },

    // The next subject; also where this one's picture can't be shown and it is left unanswered.
    next: showNext,
  };
}
