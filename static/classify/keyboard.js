// Single keys: which key asks for what, and when a key is left alone.

const VIEWER = { z: "zoom-in", "+": "zoom-in", "=": "zoom-in", Z: "zoom-out", "-": "zoom-out", r: "turn", i: "invert", l: "light", 0: "reset" };
const OTHERS = { Enter: "go-on", Backspace: "back", f: "favourite", d: "discuss", o: "odd", a: "add", b: "veil", g: "guide", "?": "shortcuts" };
const TYPED_IN = new Set(["TEXTAREA", "SELECT"]);
const PRESSED = new Set(["BUTTON", "A", "SUMMARY"]); // Enter already means something on these

// {action, value?} or null. `event` needs only key and modifiers.
export function actionFor(event) {
  if ((event.ctrlKey || event.metaKey) && !event.altKey) {
    const key = event.key.toLowerCase();
    if (key === "z") return { action: event.shiftKey ? "redo" : "undo" };
    return key === "y" ? { action: "redo" } : null;
  }
  if (event.altKey || event.ctrlKey || event.metaKey) return null;
  if (/^[1-9]$/.test(event.key)) return { action: "choose", value: Number(event.key) };
  if (event.key in VIEWER) return { action: "viewer", value: VIEWER[event.key] };
  if (event.key in OTHERS) return { action: OTHERS[event.key] };
  return null;
}

// True where the key belongs to the thing that has the focus. `target` needs tagName, type, isContentEditable.
export function isTaken(event, target) {
  if (target.isContentEditable || TYPED_IN.has(target.tagName)) return true;
  if (target.tagName === "INPUT" && target.type !== "radio" && target.type !== "checkbox") return true;
  return event.key === "Enter" && PRESSED.has(target.tagName);
}

// A single key, which one may wish to be no shortcut.
export const isSingle = (event) => event.key.length === 1 && !event.ctrlKey && !event.metaKey;

// `handlers[action](value)`; nothing is heard while `isQuiet()` (a modal dialog is open, shortcuts are switched off).
export function listen(page, handlers, isQuiet) {
  page.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isQuiet(event) || isTaken(event, event.target)) return;
    const found = actionFor(event);
    if (!found) return;
    event.preventDefault();
    if (event.repeat && found.action !== "viewer") return; // a key held down answers once
    handlers[found.action](found.value);
  });
}
