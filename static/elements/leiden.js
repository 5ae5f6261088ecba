// Signs of the conventions of Leiden, written into a field by buttons and keys: a letter read with doubt has a dot below,
// [...] stands for what is lost, [ ] holds what is supplied, ( ) what an abbreviation leaves out.

const DOT = "\u0323";

// Each is pure: from a text and what is selected, {text, start, end} with the new selection.

// The letter before the caret, or each one selected, gets a dot; where all have one they lose it.
export function dotted(text, start, end) {
  const from = start === end ? beforeLast(text.slice(0, end)) : start;
  const letters = text.slice(from, end).normalize("NFD").match(/\P{M}\p{M}*/gu) ?? [];
  const read = letters.filter((letter) => /\p{L}/u.test(letter));
  if (read.length === 0) return { text, start, end };
  const take = read.every((letter) => letter.includes(DOT));
  const put = (letter) => (take ? letter.replaceAll(DOT, "") : letter.includes(DOT) || !/\p{L}/u.test(letter) ? letter : letter + DOT);
  const made = letters.map(put).join("").normalize("NFC");
  return { text: text.slice(0, from) + made + text.slice(end), start: start === end ? from + made.length : from, end: from + made.length };
}

function beforeLast(before) {
  const letter = before.match(/\P{M}\p{M}*$/u)?.[0] ?? "";
  return before.length - letter.length;
}

// What is selected stands between the two; with nothing selected the caret does.
export function wrapped(text, start, end, open, close) {
  const inner = text.slice(start, end);
  const made = text.slice(0, start) + open + inner + close + text.slice(end);
  const at = start + open.length + inner.length;
  return inner === "" ? { text: made, start: at, end: at } : { text: made, start: at + close.length, end: at + close.length };
}

export const gapped = (text, start, end) => {
  const at = start + "[...]".length;
  return { text: `${text.slice(0, start)}[...]${text.slice(end)}`, start: at, end: at };
};

const ACTS = {
  unclear: { face: `α${DOT}`, code: "KeyU", act: dotted },
  gap: { face: "[...]", code: "KeyG", act: gapped },
  supplied: { face: "[α]", code: "KeyS", act: (text, start, end) => wrapped(text, start, end, "[", "]") },
  abbreviation: { face: "(α)", code: "KeyA", act: (text, start, end) => wrapped(text, start, end, "(", ")") },
};

function write(field, { text, start, end }) {
  if (text === field.value || (field.maxLength >= 0 && text.length > field.maxLength)) return;
  field.value = text;
  field.setSelectionRange(start, end);
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
}

// A row of buttons for the field, whose keys are Alt with the letter of `code`. `words`: what each act is called.
export function leidenRow(field, words) {
  const row = document.createElement("div");
  row.className = "leiden";
  row.setAttribute("role", "group");
  row.setAttribute("aria-label", words.group);
  const run = (name) => write(field, ACTS[name].act(field.value, field.selectionStart, field.selectionEnd));
  for (const [name, { face, code }] of Object.entries(ACTS)) {
    const button = document.createElement("button");
    const key = `Alt+${code.at(-1)}`;
    Object.assign(button, { type: "button", className: "leiden-key", title: `${words[name]} (${key})` });
    const sign = document.createElement("span");
    sign.textContent = face;
    sign.setAttribute("aria-hidden", "true");
    button.setAttribute("aria-label", words[name]);
    button.setAttribute("aria-keyshortcuts", key);
    button.append(sign);
    // The field keeps its focus and caret under a mouse or finger.
    for (const kind of ["pointerdown", "mousedown"]) button.addEventListener(kind, (event) => event.preventDefault());
    button.addEventListener("click", (event) => {
      if (event.detail > 0) field.focus({ preventScroll: true });
      run(name);
    });
    row.append(button);
  }
  field.addEventListener("keydown", (event) => {
    const name = Object.keys(ACTS).find((each) => ACTS[each].code === event.code);
    if (!name || !event.altKey || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    run(name);
  });
  return row;
}
