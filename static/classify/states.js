// What stands in the picture's place when there is none: loading, the three empty states, offline, error.

import { t } from "./text.js";

export function createStates({ root, now, schedule }) {
  const sections = [...root.querySelectorAll("section[data-state]")];
  let stop = () => {};

  function count(section, retryAt) {
    const left = section.querySelector("[data-part=countdown]");
    if (!left || retryAt === null) return;
    (function tick() {
      left.textContent = t("again_in", { n: Math.max(0, Math.ceil((retryAt - now()) / 1000)) });
      stop = schedule(tick, 1000);
    })();
  }

  // Shows the state of a queue's view, or hides all when `view` is null.
  return function show(view) {
    stop();
    for (const section of sections) section.hidden = section.dataset.state !== view?.status;
    const section = sections.find((each) => !each.hidden);
    if (section) count(section, view.retryAt);
  };
}
