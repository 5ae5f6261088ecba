// <keyed-buttons>: inside it, the key named by a button's data-key presses that button. Words that are being typed, and
// keys with Ctrl, Alt or Meta, are left alone; a key held down presses once.

import { isTaken } from "../classify/keyboard.js";

class KeyedButtons extends HTMLElement {
  connectedCallback() {
    this.heard = (event) => {
      if (event.defaultPrevented || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
      if (document.querySelector("dialog[open]") || isTaken(event, event.target)) return;
      const wanted = [...this.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.key && !each.disabled);
      if (!wanted) return;
      event.preventDefault();
      wanted.click();
    };
    document.addEventListener("keydown", this.heard);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.heard);
  }
}

customElements.define("keyed-buttons", KeyedButtons);
