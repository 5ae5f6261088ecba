// <select-all>: its checkbox chooses all items of the form that can be chosen.

class SelectAll extends HTMLElement {
  connectedCallback() {
    const all = this.querySelector("input");
    const items = () => [...all.form.querySelectorAll("input[name=subject]:not(:disabled)")];
    all.addEventListener("change", () => items().forEach((each) => (each.checked = all.checked)));
    all.form.addEventListener("change", () => (all.checked = items().length > 0 && items().every((each) => each.checked)));
  }
}

customElements.define("select-all", SelectAll);
