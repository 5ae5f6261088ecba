import assert from "node:assert/strict";
import test from "node:test";

import { actionFor, isSingle, isTaken, listen } from "../../static/classify/keyboard.js";

const key = (name, more = {}) => ({ key: name, altKey: false, ctrlKey: false, metaKey: false, ...more });

test("which key asks for what", () => {
  const table = {
    1: { action: "choose", value: 1 }, 9: { action: "choose", value: 9 }, 0: { action: "viewer", value: "reset" },
    Enter: { action: "go-on" }, Backspace: { action: "back" }, f: { action: "favourite" }, "?": { action: "shortcuts" },
    z: { action: "viewer", value: "zoom-in" }, "+": { action: "viewer", value: "zoom-in" },
    "-": { action: "viewer", value: "zoom-out" }, i: { action: "viewer", value: "invert" },
    r: { action: "viewer", value: "turn" }, l: { action: "viewer", value: "light" }, a: { action: "add" }, b: { action: "veil" }, g: { action: "guide" },
    d: { action: "discuss" }, o: { action: "odd" },
  };
  for (const [name, action] of Object.entries(table)) assert.deepEqual(actionFor(key(name)), action, name);
});

test("other keys and keys with a modifier are left alone", () => {
  for (const name of ["q", " ", "Tab", "ArrowDown", "Escape", "F1"]) assert.equal(actionFor(key(name)), null, name);
  for (const modifier of ["altKey", "ctrlKey", "metaKey"]) assert.equal(actionFor(key("r", { [modifier]: true })), null);
});

test("undo and redo are asked for with a modifier, and are no single keys", () => {
  assert.deepEqual(actionFor(key("z", { ctrlKey: true })), { action: "undo" });
  assert.deepEqual(actionFor(key("Z", { metaKey: true, shiftKey: true })), { action: "redo" });
  assert.deepEqual(actionFor(key("y", { ctrlKey: true })), { action: "redo" });
  assert.equal(actionFor(key("z", { ctrlKey: true, altKey: true })), null);
  assert.deepEqual([isSingle(key("z")), isSingle(key("z", { ctrlKey: true })), isSingle(key("Enter"))], [true, false, false]);
});

test("what has the focus keeps its own keys", () => {
  assert.equal(isTaken(key("1"), { tagName: "INPUT", type: "text" }), true);
  assert.equal(isTaken(key("1"), { tagName: "TEXTAREA" }), true);
  assert.equal(isTaken(key("1"), { tagName: "DIV", isContentEditable: true }), true);
  assert.equal(isTaken(key("1"), { tagName: "INPUT", type: "radio" }), false);
  assert.equal(isTaken(key("Enter"), { tagName: "INPUT", type: "checkbox" }), false);
  assert.equal(isTaken(key("Enter"), { tagName: "BUTTON" }), true);
  assert.equal(isTaken(key("2"), { tagName: "BUTTON" }), false);
});

function press(name, { quiet = false, repeat = false } = {}) {
  const page = new EventTarget();
  const heard = [];
  const hear = (action) => (value) => heard.push([action, value]);
  listen(page, { choose: hear("choose"), "go-on": hear("go-on"), viewer: hear("viewer") }, () => quiet);
  const event = Object.assign(new Event("keydown", { cancelable: true }), key(name, { repeat }));
  page.dispatchEvent(event);
  return { heard, prevented: event.defaultPrevented };
}

test("a key that is heard does nothing else", () => {
  assert.deepEqual(press("2"), { heard: [["choose", 2]], prevented: true });
  assert.deepEqual(press("q"), { heard: [], prevented: false });
});

test("Enter held down goes on once; zoom held down goes on zooming", () => {
  assert.deepEqual(press("Enter", { repeat: true }).heard, []);
  assert.deepEqual(press("z", { repeat: true }).heard, [["viewer", "zoom-in"]]);
});

test("nothing is heard while it is quiet", () => {
  assert.deepEqual(press("2", { quiet: true }), { heard: [], prevented: false });
});
