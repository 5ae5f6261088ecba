// The tutorial: opens by itself on the first visit, beside the answers and not over them, and as a dialog when asked for.

import { t } from "./text.js";

export function createTutorial({ dialog, memory, key }) {
  const steps = [...dialog.querySelectorAll("[data-step]")];
  const back = dialog.querySelector("[data-do=back]");
  const next = dialog.querySelector("[data-do=next]");
  let at = 0;

  function show(step) {
    at = step;
    steps.forEach((each, index) => {
      each.hidden = index !== at;
    });
    back.hidden = at === 0;
    next.querySelector("span").textContent = at === steps.length - 1 ? t("tutorial_end") : t("next");
    dialog.querySelector("[data-part=count]").textContent = t("tutorial_count", { n: at + 1, of: steps.length });
  }

  function open(modal) {
    show(0);
    if (dialog.open) dialog.close();
    if (modal) dialog.showModal();
    else dialog.show();
  }

  back.addEventListener("click", () => show(at - 1));
  next.addEventListener("click", () => (at === steps.length - 1 ? dialog.close() : show(at + 1)));
  dialog.querySelector("[data-do=close]").addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape") dialog.close(); // a dialog that is not modal does not close by itself
  });
  dialog.addEventListener("close", () => memory.set(key, true));

  return {
    open: () => open(true),
    openOnFirstVisit: () => {
      if (!memory.get(key, false)) open(false);
    },
  };
}
