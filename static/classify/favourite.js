// The heart: this volunteer's favourites. Shown at once, taken back when the server says no. Beside it the link to
// collections, which is about the subject in hand too.

import { fill } from "./api.js";
import { t } from "./text.js";

// `already`: the ids that they keep from earlier.
export function createFavourite({ button, collect, collectUrl, api, url, consent, current, notify, already = [] }) {
  const chosen = new Set(already);

  function render() {
    const on = current() !== null && chosen.has(current().id);
    button.setAttribute("aria-pressed", String(on));
    button.title = on ? t("favourite_remove") : t("favourite_add");
    button.classList.toggle("on", on);
    collect.hidden = current() === null;
    if (current()) collect.href = fill(collectUrl, { subject: current().id });
  }

  function set(id, on) {
    if (on) chosen.add(id);
    else chosen.delete(id);
    render();
  }

  async function toggle() {
    const subject = current();
    if (!subject || !(await consent())) return;
    const on = !chosen.has(subject.id);
    set(subject.id, on);
    const address = fill(url, { subject: subject.id });
    const answer = await (on ? api.put(address) : api.delete(address)).catch(() => ({ status: 0 }));
    if (answer.status === 204) return;
    set(subject.id, !on);
    notify(answer.body?.error?.message ?? t("favourite_failed"));
  }

  button.addEventListener("click", toggle);
  return { toggle, render };
}
