// Marks on the picture, drawn with tools of several shapes. Value: the marks in the order drawn, [] when skipped.
//
// The geometry is in ../geometry, what is being drawn in ../drawing: board.js holds it, hands.js and keys.js change it,
// layer.js, bar.js and list.js show it. Here they are joined.

import { createBar } from "../drawing/bar.js";
import { createBoard } from "../drawing/board.js";
import { element } from "../drawing/elements.js";
import { createHands } from "../drawing/hands.js";
import { isHeld, keyOn } from "../drawing/keys.js";
import { createLayer } from "../drawing/layer.js";
import { createList } from "../drawing/list.js";
import { lacking } from "../drawing/marks.js";
import { missing, told } from "../drawing/words.js";

export const empty = [];

export const isWhole = (task, value, kinds) => (value ?? []).length === 0 || lacking(task, value, kinds) === null;

export function render({ key, task, value, icons, answer, kinds, picture, history }) {
  const body = element("div", "drawing-answer");
  const said = element("p", "visually-hidden");
  said.setAttribute("role", "status");
  const layer = createLayer();
  let sentences = [];
  let toRow = false; // the next mark comes from a key, and the next keys are for it

  // What happens at once is said at once, in one breath.
  function news(what, ...given) {
    if (sentences.length === 0) {
      queueMicrotask(() => {
        said.textContent = sentences.join(" ");
        sentences = [];
      });
    }
    sentences.push(told(task, board.get().marks, what, given));
  }

  let known = value ?? empty; // what the store has
  let sent = []; // what it will have: it takes an answer only when consent is given, and meanwhile more is drawn

  function send(marks, join) {
    sent.push(marks);
    answer(marks, join);
  }

  const board = createBoard({ task, value: known, kinds, picture, answer: send, news, changed: () => show() });
  const hands = createHands({ task, board, picture, news });

  // The same on the picture and on a mark's row.
  function onKey(event, onPicture) {
    if (event.type !== "keydown") {
      board.release();
      return false;
    }
    const found = keyOn(event, picture.degrees());
    const { chosen, corner } = board.get();
    const isBegun = onPicture && hands.begun() !== null;
    if (event.key === "Escape" && hands.drop()) show();
    else if (event.key === "Escape" && chosen >= 0) corner >= 0 ? board.chooseCorner(-1) : board.choose(-1);
    else if (isBegun && event.key === "Enter") hands.finish();
    else if (isBegun && found?.act === "remove") hands.back();
    else if (found && chosen >= 0) act(found, onPicture);
    else return false;
    event.preventDefault();
    return true;
  }

  function act(found, onPicture) {
    const { chosen } = board.get();
    if (!isHeld(found)) board.release();
    board[found.act](found.value);
    if (found.act === "remove" && !onPicture) refocus(chosen);
  }

  // Where the row that had the focus is gone.
  function refocus(at) {
    const { marks } = board.get();
    if (marks.length > 0) list.focusRow(Math.min(at, marks.length - 1));
    else body.querySelector("button").focus();
  }

  const list = createList({
    name: key, task, kinds, icons,
    acts: {
      choose: board.choose,
      remove(at) {
        board.remove(at, true);
        refocus(at);
      },
      key: (event) => onKey(event, false),
      answerDetail: board.answerDetail,
    },
  });

  const bar = createBar({
    task,
    acts: {
      take(tool) {
        if (hands.begun()?.isEnough) hands.finish();
        else hands.drop();
        board.take(tool);
      },
      // The buttons go away with what was begun; the focus goes to the picture.
      finish() {
        hands.finish();
        picture.stage.focus({ preventScroll: true });
      },
      drop() {
        hands.drop();
        picture.stage.focus({ preventScroll: true });
      },
      place(tool) {
        toRow = true;
        board.place(tool);
        toRow = false;
      },
      undo: () => history.undo(),
      redo: () => history.redo(),
    },
  });

  function show() {
    const state = board.get();
    const unit = picture.size() ? picture.unit() : 1;
    picture.classList.toggle("by-hand", state.tool === null);
    if (Number.isFinite(unit)) layer.draw(task, state, picture.size() ? board.handles() : [], unit); // else the picture is put away
    list.show(state);
    if (toRow) list.focusRow(state.chosen); // before the first answer asks for consent, so that the focus comes back here
    bar.show(state, hands.begun(), { undo: history.canUndo(), redo: history.canRedo() });
  }

  const laid = {
    element: layer.element,
    place(matrix) {
      layer.place(matrix);
      show();
    },
    hands: { ...hands, isBusy: () => board.get().tool !== null },
    key: (event) => event.target === picture.stage && onKey(event, true),
  };

  // What the store has now: an answer from here, or marks that an undo brings.
  function take(marks) {
    known = marks;
    const at = sent.indexOf(marks);
    sent = sent.slice(at + 1);
    if (at >= 0) return;
    hands.drop();
    board.set(marks);
  }

  body.append(...bar.element, list.element, said);
  picture.lay(laid);
  show();
  return {
    body,
    get field() {
      return list.field();
    },
    choose: bar.choose,
    missing() {
      const { marks } = board.get();
      const lack = lacking(task, marks, kinds);
      if (lack?.mark !== undefined) board.choose(lack.mark);
      return missing(task, marks, lack);
    },
    update(next) {
      if ((next ?? empty) !== known) take(next ?? empty);
      show(); // whether there is something to undo
    },
    add: bar.add,
    back: hands.back,
    settle: hands.finish,
    activate: () => picture.lay(laid),
    gone: () => picture.lay(null),
  };
}
