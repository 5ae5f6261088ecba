// <resumable-upload data-place="/lab/zoo/subjects/uploads/">: its form sends one zip part by part; all else as forms do.

import { cookie } from "../classify/api.js";
import { Refused, send } from "./tus.js";

function wait(ms, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
    window.addEventListener("online", resolve, { once: true }); // no need to wait on
  });
}

class ResumableUpload extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.box = this.querySelector("[data-part=going]");
    this.bar = this.box.querySelector("progress");
    this.said = this.box.querySelector("[role=status]");
    this.form.addEventListener("submit", (event) => this.onSubmit(event));
    this.box.querySelector("button").addEventListener("click", () => this.stopping?.abort());
  }

  onSubmit(event) {
    const { pictures, table } = this.form.elements;
    const files = pictures.files;
    if (table.files.length) return; // the form says where a table goes
    if (files.length !== 1 || !files[0].name.toLowerCase().endsWith(".zip") || files[0].size === 0) return;
    event.preventDefault();
    if (!this.stopping) this.start(files[0]);
  }

  async start(file) {
    this.stopping = new AbortController();
    this.box.hidden = false;
    this.say(this.dataset.sending.replace("{share}", "0"));
    this.box.scrollIntoView({ block: "nearest" });
    try {
      await send(file, {
        place: this.dataset.place,
        metadata: { subject_set: this.form.elements.subject_set?.value ?? "" },
        tools: { fetch: (...given) => fetch(...given), csrf: () => cookie("csrftoken") || this.form.elements.csrfmiddlewaretoken.value, wait },
        store: localStorage,
        signal: this.stopping.signal,
        progress: (offset, size) => this.show(offset, size),
        lost: () => this.say(this.dataset.lost),
      });
      location.reload(); // the page shows what the worker does
    } catch (error) {
      this.say(error instanceof Refused ? error.message : this.dataset.stopped);
    } finally {
      this.stopping = null;
    }
  }

  show(offset, size) {
    this.bar.value = offset / size;
    this.say(this.dataset.sending.replace("{share}", String(Math.floor((100 * offset) / size))));
  }

  say(text) {
    if (this.said.textContent !== text) this.said.textContent = text;
  }
}

customElements.define("resumable-upload", ResumableUpload);
