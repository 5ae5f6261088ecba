// <talk-notices data-url="/me/notices/state/" data-socket="/ws/me/">: how many notices are unread, kept fresh.
// The socket brings hints only; on each the number is fetched. With data-reload the page itself is loaded again where
// nobody has begun to write on it.

const LONGEST_WAIT = 30_000; // ms between two tries to reconnect

class TalkNotices extends HTMLElement {
  connectedCallback() {
    this.tries = 0;
    this.connect();
  }

  disconnectedCallback() {
    clearTimeout(this.retry);
    this.socket?.close();
    this.socket = null;
  }

  connect() {
    const address = new URL(this.dataset.socket, location.href);
    address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.addEventListener("open", () => {
      this.tries = 0;
      this.refresh(false);
    });
    socket.addEventListener("message", () => this.refresh(true));
    socket.addEventListener("close", () => {
      if (this.socket !== socket) return;
      this.tries += 1;
      const wait = Math.min(LONGEST_WAIT, 500 * 2 ** this.tries) * (0.5 + Math.random());
      this.retry = setTimeout(() => this.connect(), wait);
    });
  }

  async refresh(hinted) {
    if (this.dataset.url) {
      const answer = await fetch(this.dataset.url, { headers: { Accept: "application/json" } }).catch(() => null);
      if (answer?.ok) this.show((await answer.json()).unread);
    } else if (hinted && "reload" in this.dataset) location.reload();
  }

  show(unread) {
    const number = this.querySelector("[data-part=unread]");
    number.textContent = String(unread);
    number.hidden = unread === 0;
  }
}

customElements.define("talk-notices", TalkNotices);
