// <greek-keyboard>: keys for polytonic Greek that write into `field`, at its caret.
//
// Set before it is attached: `field` (an input or textarea), `words` (what its keys are called), `unclear` (the character
// for a letter that can't be read). One key is in the tab order, the arrows go to the others.

import { fromLatin, lastLetter, marked } from "./greek.js";

const FACES = { smooth: "ἀ", rough: "ἁ", acute: "ά", grave: "ὰ", circumflex: "ᾶ", iota: "ᾳ", diaeresis: "ϊ" };
const ROWS = [
  [...Object.keys(FACES), "ϲ", "unclear"],
  [..."ςερτυθιοπ"],
  [..."ασδφγηξκλ"],
  ["shift", ..."ζχψωβνμ", "delete"],
  ["·", ",", ".", ";", "’", "space"],
];
const ARROWS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };
const choices = { open: true, latin: true }; // last as long as the page: the next line finds them

class GreekKeyboard extends HTMLElement {
  #rows = [];
  #shift = null;

  connectedCallback() {
    if (this.#rows.length > 0) return;
    this.lang = "el";
    const toggle = this.#button("greek-toggle", this.words.keyboard);
    const keys = document.createElement("div");
    keys.className = "greek-keys";
    keys.setAttribute("role", "toolbar");
    keys.setAttribute("aria-label", this.words.keyboard);
    this.#rows = ROWS.map((row) => row.map((name) => this.#key(name)));
    keys.append(...this.#rows.flat());
    this.#rows[0][0].tabIndex = 0;
    this.said = document.createElement("p");
    this.said.className = "greek-said small";
    this.said.setAttribute("role", "status");
    toggle.lang = this.said.lang = document.documentElement.lang;
    this.append(toggle, keys, this.said, this.#latinChoice());
    const show = () => {
      keys.hidden = !choices.open;
      toggle.setAttribute("aria-expanded", String(choices.open));
      // Where there is no other keyboard than the device's own on the screen, one is enough.
      this.field.inputMode = choices.open && matchMedia("(pointer: coarse)").matches ? "none" : "text";
    };
    toggle.addEventListener("click", () => {
      choices.open = !choices.open;
      show();
    });
    show();
    keys.addEventListener("keydown", (event) => this.#onKeys(event));
    this.field.addEventListener("keydown", (event) => this.#typed(event));
  }

  #button(className, text) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className, textContent: text });
    return button;
  }

  #key(name) {
    const word = this.words[name];
    const face = { ...FACES, unclear: this.unclear, shift: "⇧", delete: "⌫", space: "␣" }[name] ?? name;
    const key = this.#button(`greek-key ${[...name].length > 1 ? `greek-${name}` : ""}`, face);
    key.tabIndex = -1;
    if (word) {
      Object.assign(key, { title: word, ariaLabel: word });
      key.lang = document.documentElement.lang;
    }
    if (name === "shift") {
      this.#shift = key;
      key.setAttribute("aria-pressed", "false");
    }
    // The field keeps its focus and caret under a mouse or finger.
    for (const kind of ["pointerdown", "mousedown"]) key.addEventListener(kind, (event) => event.preventDefault());
    key.addEventListener("click", (event) => {
      if (event.detail > 0) this.field.focus({ preventScroll: true });
      this.#press(name);
    });
    return key;
  }

  #latinChoice() {
    const label = document.createElement("label");
    label.className = "toggle keys-only";
    label.lang = document.documentElement.lang;
    const choice = document.createElement("input");
    Object.assign(choice, { type: "checkbox", checked: choices.latin });
    choice.addEventListener("change", () => {
      choices.latin = choice.checked;
    });
    label.append(choice, this.words.latin);
    return label;
  }

  #press(name) {
    this.said.textContent = "";
    if (name === "shift") this.#raise(this.#shift.getAttribute("aria-pressed") !== "true");
    else if (name === "delete") this.#delete();
    else if (name === "space") this.#write(" ");
    else if (name === "unclear") this.#write(this.unclear);
    else if (name in FACES) this.#mark(name);
    else {
      this.#write(this.#shift.getAttribute("aria-pressed") === "true" ? name.toUpperCase() : name);
      this.#raise(false);
    }
  }

  #raise(on) {
    this.#shift.setAttribute("aria-pressed", String(on));
    for (const key of this.#rows.slice(1).flat()) {
      const face = key.textContent;
      if (/^\p{L}$/u.test(face) && face !== "ς") key.textContent = on ? face.toUpperCase() : face.toLowerCase();
    }
  }

  get #before() {
    return this.field.value.slice(0, this.field.selectionEnd);
  }

  #mark(mark) {
    const letter = lastLetter(this.#before);
    const text = marked(letter, mark);
    if (text === null) {
      this.said.textContent = this.words.takes_none;
      return;
    }
    this.field.setSelectionRange(this.field.selectionEnd, this.field.selectionEnd);
    this.#write(text, letter.length);
  }

  #delete() {
    const { selectionStart, selectionEnd } = this.field;
    this.#write("", selectionStart === selectionEnd ? lastLetter(this.#before).length : 0);
  }

  // Put text in place of what is selected and of `replaced` characters before it.
  #write(text, replaced = 0) {
    const { field } = this;
    const start = field.selectionStart - replaced;
    const end = field.selectionEnd;
    if (text === "" && start === end) return;
    if (field.maxLength >= 0 && field.value.length - (end - start) + text.length > field.maxLength) return;
    if (document.activeElement === field) {
      field.setSelectionRange(start, end);
      // Said to be out of date, and still the only way that the browser's own undo knows of.
      if (document.execCommand(text === "" ? "delete" : "insertText", false, text)) return;
    }
    field.setRangeText(text, start, end, "end");
    field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }

  // A key on the keyboard of the desk, in the field: Latin ones write Greek, if wanted.
  #typed(event) {
    if (!choices.latin || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const found = fromLatin(event.key, this.#before);
    if (!found) return;
    event.preventDefault();
    this.said.textContent = "";
    if (found.replaced > 0) this.field.setSelectionRange(this.field.selectionEnd, this.field.selectionEnd);
    this.#write(found.text, found.replaced);
  }

  // The focus is on one of our keys: arrows walk, Backspace deletes, letters are written.
  #onKeys(event) {
    if (event.key in ARROWS) {
      event.preventDefault();
      this.#walk(event.target, ...ARROWS[event.key]);
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Backspace") {
      event.preventDefault();
      this.#delete();
    } else if (event.key.length === 1 && event.key !== " ") {
      this.#typed(event);
      if (event.defaultPrevented) return;
      event.preventDefault();
      this.#write(event.key);
    }
  }

  #walk(from, down, right) {
    const row = this.#rows.findIndex((keys) => keys.includes(from));
    const at = this.#rows[row].indexOf(from);
    const to = this.#rows[(row + down + this.#rows.length) % this.#rows.length];
    const key = to[(Math.min(at, to.length - 1) + right + to.length) % to.length];
    from.tabIndex = -1;
    key.tabIndex = 0;
    key.focus();
  }
}

customElements.define("greek-keyboard", GreekKeyboard);
