// Consent before the first answer, and the sheet of shortcuts. Their words are in the page's HTML.

import { t } from "./text.js";

// A function that resolves to whether the volunteer agrees, asking only the first time.
export function createConsent({ dialog, given, version, url, api }) {
  const problem = dialog.querySelector("[data-part=problem]");
  const agree = dialog.querySelector("[data-do=agree]");
  let agreed = given;
  let asking = null;

  async function send() {
    agree.disabled = true;
    problem.textContent = "";
    try {
      const answer = await api.post(url, { version });
      agreed = answer.status === 204;
      if (!agreed) problem.textContent = answer.body?.error?.message ?? t("try_again");
    } catch {
      problem.textContent = t("consent_offline");
    }
    agree.disabled = false;
    if (agreed) dialog.close();
  }

  agree.addEventListener("click", send);
  dialog.querySelector("[data-do=not-now]").addEventListener("click", () => dialog.close());

  function ask() {
    problem.textContent = "";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => {
        asking = null;
        resolve(agreed);
      }, { once: true });
    });
  }

  return {
    ensure: () => (agreed ? Promise.resolve(true) : (asking ??= ask())),
    // The server has not heard of it after all (a lost cookie): ask again before the next answer.
    forget: () => {
      agreed = false;
    },
  };
}

export function createShortcuts({ dialog, memory }) {
  const choice = dialog.querySelector("input");
  choice.checked = memory.get("shortcuts", true);
  choice.addEventListener("change", () => memory.set("shortcuts", choice.checked));
  dialog.querySelector("[data-do=close]").addEventListener("click", () => dialog.close());
  return {
    open: () => dialog.showModal(),
    areOn: () => choice.checked,
  };
}
