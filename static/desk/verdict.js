// <desk-verdict>: a verdict that cites a category asks which, by number key, of those that the policy gives this verdict.
// Without it the form works by its list of categories. Also: the button that shows a blurred picture.

class DeskVerdict extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.select = this.form.querySelector("select[name=category]");
    this.verdicts = this.querySelector("[data-verdicts]");
    this.panel = this.querySelector("[data-categories]");
    this.form.addEventListener("click", (event) => this.pressed(event));
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !this.panel.hidden) this.close();
    });
    this.form.addEventListener("submit", () => {
      setTimeout(() => this.form.querySelectorAll("button").forEach((each) => (each.disabled = true))); // sent once
    });
  }

  pressed(event) {
    const button = event.target.closest("button[name=verdict]");
    if (!button || !this.select || button.dataset.cites === undefined) return;
    const chosen = this.select.selectedOptions[0];
    if (chosen.value && [button.value, ""].includes(chosen.dataset.verdict)) return; // one that fits is chosen already
    event.preventDefault();
    this.open(button);
  }

  open(button) {
    const fitting = [...this.select.options].filter((each) => each.value && [button.value, ""].includes(each.dataset.verdict));
    const offered = fitting.length ? fitting : [...this.select.options].filter((each) => each.value);
    if (offered.length === 1) {
      this.send(button, offered[0].value);
      return;
    }
    const list = this.panel.querySelector("[data-list]");
    list.replaceChildren(...offered.map((option, at) => this.choice(option, at, button)));
    this.panel.querySelector("[data-chosen]").textContent = button.lastChild.textContent.trim();
    this.panel.hidden = false;
    for (const each of this.verdicts.querySelectorAll("button")) each.disabled = true;
    list.firstElementChild.focus();
  }

  choice(option, at, button) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    if (at < 9) {
      made.dataset.key = String(at + 1);
      const key = document.createElement("kbd");
      key.textContent = String(at + 1);
      made.append(key, " ");
    }
    made.append(option.textContent.replace(/ \([^)]*\)$/, ""));
    made.addEventListener("click", () => this.send(button, option.value));
    return made;
  }

  send(button, category) {
    this.select.value = category;
    button.disabled = false;
    this.form.requestSubmit(button);
  }

  close() {
    this.panel.hidden = true;
    for (const each of this.verdicts.querySelectorAll("button")) each.disabled = false;
    this.verdicts.querySelector("button").focus();
  }
}

customElements.define("desk-verdict", DeskVerdict);

for (const button of document.querySelectorAll("[data-unveil]")) {
  button.addEventListener("click", () => {
    delete button.closest("[data-veiled]").dataset.veiled;
    button.remove();
  });
}
