// <project-live data-socket="/ws/projects/1/">: keeps a fragment fresh.
// The socket brings hints only; on each, the htmx fragment inside is told to fetch itself ("refresh").
// When the socket can't be had the fragment is fetched every 15 s; while the page is hidden nothing is.

const POLL_EVERY = 15_000; // ms
const LONGEST_WAIT = 30_000; // ms between two tries to reconnect
const REST = 500; // ms between two fetches: in a busy project hints come faster than anybody reads

class ProjectLive extends HTMLElement {
  connectedCallback() {
    this.tries = 0;
    this.onVisibility = () => (document.hidden ? this.pause() : this.resume());
    this.onOnline = () => this.resume();
    document.addEventListener("visibilitychange", this.onVisibility);
    window.addEventListener("online", this.onOnline);
    if (!document.hidden) this.connect();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.onVisibility);
    window.removeEventListener("online", this.onOnline);
    this.pause();
  }

  connect() {
    const address = new URL(this.dataset.socket, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.addEventListener("open", () => {
      this.refresh(); // what happened between the page's making and now
      this.tries = 0;
      this.stopPolling();
      this.show("live");
    });
    socket.addEventListener("message", () => this.refresh());
    socket.addEventListener("close", () => {
      if (this.socket === socket) this.lost();
    });
  }

  // Wait twice as long after each failure, with jitter, so that a restarted server isn't stormed.
  lost() {
    this.socket = null;
    this.tries += 1;
    this.startPolling();
    this.show(navigator.onLine ? "polling" : "offline");
    const wait = Math.min(LONGEST_WAIT, 500 * 2 ** this.tries) * (0.5 + Math.random());
    this.retry = setTimeout(() => this.connect(), wait);
  }

  pause() {
    clearTimeout(this.retry);
    this.stopPolling();
    const socket = this.socket;
    this.socket = null; // so that its close is not taken for a loss
    socket?.close();
  }

  resume() {
    if (document.hidden || this.socket) return;
    clearTimeout(this.retry);
    this.refresh();
    this.connect();
  }

  startPolling() {
    this.poll ??= setInterval(() => this.refresh(), POLL_EVERY);
  }

  stopPolling() {
    clearInterval(this.poll);
    this.poll = undefined;
  }

  // At once, or at the end of the rest after the fetch before: the last change is always shown.
  refresh() {
    if (this.resting) {
      this.again = true;
      return;
    }
    this.querySelector("[hx-get]")?.dispatchEvent(new CustomEvent("refresh"));
    this.resting = setTimeout(() => {
      this.resting = undefined;
      if (this.again) {
        this.again = false;
        this.refresh();
      }
    }, REST);
  }

  show(state) {
    this.dataset.state = state;
    const words = this.querySelector("[data-live-words]");
    if (words) words.textContent = words.dataset[state];
  }
}

customElements.define("project-live", ProjectLive);
