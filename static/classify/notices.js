// Quiet words under the picture: answers that still wait to be sent, and news that needs no decision.

import { t } from "./text.js";

export function createNotices({ waiting, news }) {
  news.querySelector("button").addEventListener("click", () => {
    news.hidden = true;
  });
  return {
    // `size` answers wait; `late` once a send has failed, so that the line does not flicker at every answer.
    waiting({ size, late, durable }) {
      waiting.hidden = size === 0 || !late;
      waiting.querySelector("span").textContent = durable ? t("waiting", { n: size }) : t("waiting_fragile", { n: size });
    },
    say(message) {
      news.hidden = false;
      news.querySelector("span").textContent = message;
    },
  };
}
