// What is being drawn now: the marks, which is chosen, with which tool, and what the hand is about to make of one. Pure
// state; a change is told to `answer` when the gesture or the key ends, never while it goes on.
//
// `picture` knows {size(), unit(), seen()} of the picture (viewer.js); size() is null while there is none. `news(what,
// ...)` hears what happened, for words.js; `changed()` hears everything.

import { isEnough, moved, placed, SHAPES } from "../geometry/shapes.js";
import { geometryOf, hasPoints, hasRoom, markOf, toolOf, withGeometry } from "./marks.js";

export function createBoard({ task, value, kinds, picture, answer, news, changed }) {
  let marks = value;
  let tool = task.tools.find((each) => hasRoom(marks, each)) ?? null; // null: the hand that moves picture and marks
  let chosen = -1;
  let corner = -1; // the handle of the chosen mark that keys move, -1 for the whole mark
  let draft = null; // {at, g}: what a mark is about to be; at -1: a new one; {points} of one drawn corner by corner

  const shapeOf = (at) => SHAPES[toolOf(task, marks[at]).shape];
  const nameOf = (at) => toolOf(task, marks[at]).shape;
  const now = () => (draft?.at === chosen && draft.g ? draft.g : geometryOf(marks[chosen]));

  function commit(next) {
    marks = next;
    draft = null;
    if (tool && !hasRoom(marks, tool)) {
      news("full", tool);
      tool = null;
    }
    changed();
    answer(marks);
  }

  function choose(at) {
    if (at === chosen) return;
    chosen = at;
    corner = -1;
    draft = null;
    changed();
  }

  function add(geometry) {
    const mark = markOf(tool, geometry, kinds);
    draft = null;
    if (!isEnough(tool.shape, geometry)) news("short");
    else if (!hasPoints([...marks, mark])) news("points");
    else {
      chosen = marks.length;
      corner = -1;
      marks = [...marks, mark];
      news("added", chosen);
      commit(marks);
      return;
    }
    changed();
  }

  // The chosen mark as a key would have it; `release` makes it so.
  function hold(geometry) {
    const before = now();
    draft = { at: chosen, g: geometry };
    news(JSON.stringify(before) === JSON.stringify(geometry) ? "edge" : "held", chosen, geometry);
    changed();
  }

  const board = {
    get: () => ({ marks, tool, chosen, corner, draft }),
    shape: () => (tool ? SHAPES[tool.shape] : null),
    handles: () => (chosen < 0 ? [] : shapeOf(chosen).handles(now(), picture.unit(), picture.size())),

    // From the store: an undo, or what was not taken.
    set(next) {
      if (next === marks) return;
      const before = marks[chosen];
      marks = next;
      draft = null;
      if (marks[chosen]?.tool !== before?.tool) chosen = -1;
      corner = -1;
      if (tool && !hasRoom(marks, tool)) tool = null;
      changed();
    },

    take(next) {
      if (next && !hasRoom(marks, next)) {
        news("full", next);
        return;
      }
      tool = next;
      draft = null;
      if (next) {
        chosen = -1;
        corner = -1;
      }
      news("tool", next);
      changed();
    },

    choose,
    chooseCorner(at) {
      corner = at;
      changed();
    },

    show(next) {
      draft = next;
      changed();
    },

    add,
    change(at, geometry) {
      const name = nameOf(at);
      if (!isEnough(name, geometry)) {
        news("short");
        board.show(null);
        return;
      }
      const next = marks.map((mark, n) => (n === at ? withGeometry(mark, geometry) : mark));
      if (JSON.stringify(next[at]) === JSON.stringify(marks[at])) {
        board.show(null);
        return;
      }
      commit(next);
      news("changed", at);
    },

    // One of the tool in the middle of what is seen.
    place(with_) {
      const size = picture.size();
      if (!size) return news("no_picture");
      if (!hasRoom(marks, with_)) return news("full", with_);
      tool = with_;
      const { centre, half } = picture.seen();
      const taken = marks.map((mark, at) => shapeOf(at).middle(geometryOf(mark)));
      return add(placed(with_.shape, centre, half / 4, taken, size));
    },

    nudge(way) {
      const size = picture.size();
      if (chosen < 0 || !size) return;
      if (corner < 0) hold(moved(nameOf(chosen), now(), way, size));
      else {
        const handle = board.handles()[corner];
        const next = shapeOf(chosen).dragged(now(), corner, { x: handle.x + way.x, y: handle.y + way.y }, size, picture.unit());
        const at = shapeOf(chosen).cornerOf?.(now(), corner) ?? corner;
        corner = at;
        hold(next);
      }
    },

    grow(by) {
      if (chosen >= 0 && picture.size()) hold(shapeOf(chosen).grown(now(), by, picture.size()));
    },

    turn(degrees) {
      if (chosen >= 0 && picture.size()) hold(shapeOf(chosen).turned(now(), degrees, picture.size()));
    },

    // The key is up again.
    release() {
      if (chosen >= 0 && draft?.at === chosen && draft.g) board.change(chosen, draft.g);
    },

    // The next handle of the chosen mark; after the last one the whole mark again.
    walk(step) {
      const count = board.handles().length;
      if (chosen < 0 || count === 0) return;
      corner = ((corner + 1 + step + count + 1) % (count + 1)) - 1;
      news("corner", corner, count);
      changed();
    },

    // The chosen corner where the shape can do without it; else the mark.
    remove(at = chosen, whole = false) {
      if (at < 0) return;
      const left = !whole && corner >= 0 && at === chosen ? shapeOf(at).without?.(geometryOf(marks[at]), corner) : undefined;
      if (left) {
        const before = corner;
        corner = -1;
        if (left.points.length < marks[at].points.length) board.change(at, left);
        else news("last_corners", before);
        changed();
        return;
      }
      news("removed", at);
      chosen = -1;
      corner = -1;
      commit(marks.filter((_, n) => n !== at));
    },

    answerDetail(at, detail, given) {
      marks = marks.map((mark, n) => (n === at
        ? { ...mark, details: mark.details.map((each, m) => (m === detail ? given : each)) }
        : mark));
      changed();
      answer(marks, `mark${at}.${detail}`);
    },
  };
  return board;
}
