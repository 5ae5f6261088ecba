// <theme-toggle>: one button that goes round device -> light -> dark and remembers it on this device.

const ORDER = ["auto", "light", "dark"];

class ThemeToggle extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.button.hidden = false;
    this.button.addEventListener("click", () => this.turn());
    this.show();
  }

  get theme() {
    return document.documentElement.dataset.theme ?? "auto";
  }

  turn() {
    const next = ORDER[(ORDER.indexOf(this.theme) + 1) % ORDER.length];
    if (next === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    try {
      localStorage.setItem("voorwerp-theme", next);
    } catch {
      // Storage is forbidden: the choice lasts for this page.
    }
    this.show();
  }

  show() {
    const words = this.dataset[this.theme];
    this.button.setAttribute("aria-label", words);
    this.button.title = words;
    const use = this.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#theme-${this.theme}`));
  }
}

customElements.define("theme-toggle", ThemeToggle);
