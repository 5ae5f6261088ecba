// The heart: this volunteer's favourites. Shown at once, taken back when the server says no.

import { fill } from "./api.js";
import { t } from "./text.js";

export function createFavourite({ button, api, url, consent, current, notify }) {
  const chosen = new Set();

  function render() {
    const on = current() !== null && chosen.has(current().id);
    button.setAttribute("aria-pressed", String(on));
    button.title = on ? t("favourite_remove") : t("favourite_add");
    button.classList.toggle("on", on);
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
