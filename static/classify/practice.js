// A training, an exam, or known answers of the team: one subject at a time, and nothing goes on before the server has the
// answer. Joins work, queue and outbox; knows no DOM.
//
// `phase` is "answering"; "sending", or "late" once a try has failed; "feedback", in a training; "away", where no exam is
// open. `at` is where one stands, as GET practice tells it.
//
// `kept` keeps the feedback that is on the screen over a reload: {get, set, clear}; `tell(answer)` says why no exam
// can begin; `prepare(item)` makes of a finished answer what is sent; `fetchStanding()` and `postExam()` resolve to
// {status, body} or reject when the network is lost; `changed()` hears every change.
export function createPractice({
  use, workflow, at: first, store, kept, prepare, fetchStanding, postExam, now, tell, changed,
}) {
  let at = first;
  let awaited = null; // the item whose verdict is waited for
  let phase = use === "exam" && at.exam.state !== "open" ? "away" : "answering";
  let feedback = null;
  let leaving = false;
  let parts = null; // {work, queue, outbox}, which are made after this

  function become(next) {
    phase = next;
    changed();
  }

  async function refresh() {
    if (use === "try") return; // one stands nowhere
    const answer = await fetchStanding().catch(() => null);
    if (answer?.status === 200) at = answer.body;
    changed();
  }

  function show({ subject, annotations }) {
    const answers = Object.fromEntries(annotations.map(({ task, value }) => [task, value]));
    store.load(subject, now(), { answers, current: annotations.at(-1).task });
  }

  async function leave() {
    if (leaving) return;
    leaving = true;
    awaited = null;
    kept.clear();
    await Promise.all([parts.queue.get().ahead === 0 ? parts.queue.refill() : null, refresh()]);
    leaving = false;
    feedback = null;
    if (phase !== "away") phase = "answering";
    parts.work.next();
    changed();
  }

  const isAwaited = (item) => awaited !== null && item.id === awaited.id;

  return {
    join(given) {
      parts = given;
    },

    // Goes on where a reload broke off: feedback that was being read, an answer that was on its way.
    start() {
      const { outbox, queue } = parts;
      const read = kept.get();
      const pending = outbox.items().find((item) => item.workflow === workflow && item.use === use);
      if (read) {
        show(read);
        feedback = read.feedback;
        become("feedback");
      } else if (pending) {
        awaited = pending;
        show({ subject: pending.subject, annotations: pending.body.annotations });
        become("sending");
      } else if (phase === "away") changed();
      else return queue.start();
      return undefined;
    },

    // What takes the outbox's place for the work.
    add(item) {
      awaited = { ...prepare(item), use, subject: store.get().subject };
      become("sending");
      parts.outbox.add(awaited);
    },

    stored(item, answer) {
      if (!isAwaited(item)) return;
      if (!answer.body.feedback) {
        leave();
        return;
      }
      feedback = answer.body.feedback;
      kept.set({ subject: item.subject, annotations: item.body.annotations, feedback });
      awaited = null;
      become("feedback");
      parts.queue.refill();
      refresh();
    },

    refused(item) {
      if (isAwaited(item)) leave();
    },

    later(item) {
      if (isAwaited(item)) become("late");
    },

    // Another tab may have sent the answer: sending it again is harmless and tells what this tab waits for.
    outboxChanged() {
      const { outbox } = parts;
      if (awaited && !outbox.items().some(isAwaited)) outbox.add(awaited);
    },

    queueChanged(status) {
      const over = status === "no_exam_now" || status === "finished_for_you";
      if (use !== "exam" || !over || phase === "away") return;
      phase = "away";
      refresh();
    },

    async begin() {
      const answer = await postExam().catch(() => null);
      if (answer?.status === 200) {
        at = answer.body;
        phase = "answering";
        changed();
        await parts.queue.start();
        return;
      }
      tell(answer);
      await refresh();
    },

    goOn() {
      if (phase === "feedback") leave();
      else if (phase === "late") parts.outbox.flush();
    },

    isBusy: () => phase !== "answering",
    isAway: () => phase === "away",
    get: () => ({ phase, feedback, at }),
  };
}
