// <time-since datetime="2026-11-22T21:00:00Z">: "3 seconds ago", in the page's language, kept up to date.
// Without scripts the server's text inside stands.

const UNITS = [
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30],
  ["month", 12],
  ["year", Infinity],
];
const format = new Intl.RelativeTimeFormat(document.documentElement.lang || "en", { numeric: "auto", style: "short" });
const shown = new Set();

export function since(then, now) {
  let amount = Math.max(0, Math.floor((now - then) / 1000));
  for (const [unit, size] of UNITS) {
    if (amount < size) return format.format(-amount, unit);
    amount = Math.floor(amount / size);
  }
}

class TimeSince extends HTMLElement {
  connectedCallback() {
    shown.add(this);
    this.show(Date.now());
  }

  disconnectedCallback() {
    shown.delete(this);
  }

  show(now) {
    const then = Date.parse(this.getAttribute("datetime"));
    if (!Number.isNaN(then)) this.textContent = since(then, now);
  }
}

customElements.define("time-since", TimeSince);
setInterval(() => {
  const now = Date.now();
  for (const element of shown) element.show(now);
}, 5000);
