// Done and discuss: the answer goes its way as always; when the server has taken it, the discussion of its subject opens.

import { fill } from "./api.js";
import { t } from "./text.js";

// `open(address)` leaves the page; `notify(text)` says why it does not.
export function createDiscuss({ button, url, store, notify, open }) {
  let wanted = null; // the subject whose discussion was asked for with Done

  function render() {
    const { subject } = store.get();
    button.hidden = subject === null || !store.isLast();
    if (subject) button.setAttribute("aria-disabled", String(!store.canGoOn()));
  }

  store.subscribe(render);
  return {
    render,
    isThere: () => !button.hidden,
    // With each Done: whether it was this one. A plain Done on the next subject takes the wish back.
    want(yes) {
      wanted = yes && store.get().subject ? store.get().subject.id : null;
    },
    stored(item) {
      if (item.body.subject !== wanted) return;
      wanted = null;
      const begun = Object.keys(store.get().answers ?? {}).length > 0; // of the next: nobody is torn away from it
      if (begun) notify(t("discuss_later"));
      else open(fill(url, { subject: item.body.subject }));
    },
  };
}
