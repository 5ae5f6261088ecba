// The hand on the picture: what pressing, moving and letting go of mouse, pen or finger does to the board. Pure: points come
// in pixels of the picture, and `down` says whether the gesture is the board's or moves the picture.

import { apart, into } from "../geometry/plane.js";
import { grasped, hit, moved, SHAPES } from "../geometry/shapes.js";
import { geometryOf, outlines, toolOf } from "./marks.js";

// In CSS pixels: how near counts as on it, and how far the hand must go before it is a drag.
const REACH = { mouse: 8, pen: 12, touch: 22 };
const STILL = { mouse: 3, pen: 5, touch: 8 };
const MOST_CORNERS = 500;

export function createHands({ task, board, picture, news }) {
  let gesture = null; // {kind, from, ...}, while something is pressed
  let anchor = null; // the first end of a shape that is drawn by two taps instead of a drag
  let corners = []; // of a shape that is drawn corner by corner
  let by = "mouse";

  const reach = () => REACH[by] * picture.unit();
  const isStill = (p) => apart(gesture.from, p) < STILL[by] * picture.unit();
  const drop = () => {
    gesture = null;
    anchor = null;
    corners = [];
  };

  const made = (a, b) => board.shape().from(a, b, picture.size());

  function showCorners(p) {
    board.show({ at: -1, points: p ? [...corners, into(p, picture.size())] : [...corners], corners: corners.length });
  }

  // Whether a tap here ends the shape: on its last corner, or, of a closed one, on its first.
  function ends(p) {
    const { fewest, closed } = board.shape();
    if (corners.length < fewest) return false;
    return apart(corners.at(-1), p) < STILL[by] * 1.5 * picture.unit() || (closed && apart(corners[0], p) < reach());
  }

  function finish() {
    const points = corners;
    const had = points.length > 0 || anchor !== null;
    drop();
    if (points.length > 0) board.add(board.shape().from(points, picture.size()));
    else if (had) board.show(null);
  }

  function begin(p) {
    const kind = { tap: "new", drag: "new", stroke: "stroke", taps: "corner" }[board.shape().gesture];
    gesture = { kind, from: anchor ?? p, points: [] };
    move(p);
  }

  function move(p) {
    if (!gesture) return;
    const { kind, at, g, handle, from } = gesture;
    const size = picture.size();
    gesture.isMoving ||= !isStill(p);
    if (kind === "new") board.show({ at: -1, g: made(from, p) });
    if (kind === "corner") showCorners(p);
    if (kind === "stroke") {
      gesture.points.push(p);
      board.show({ at: -1, points: gesture.points.map((each) => into(each, size)), corners: 0 });
    }
    if (!gesture.isMoving) return;
    const shape = at === undefined ? null : toolOf(task, board.get().marks[at]).shape;
    if (kind === "move") board.show({ at, g: moved(shape, g, { x: p.x - from.x, y: p.y - from.y }, size) });
    if (kind === "handle") board.show({ at, g: SHAPES[shape].dragged(g, handle, p, size, picture.unit()) });
  }

  // A drag draws at once; a tap waits for a second one.
  function endNew(p) {
    const { from } = gesture;
    const isTap = board.shape().gesture === "drag" && isStill(p);
    if (isTap && anchor === null) {
      anchor = from;
      news("anchored");
    } else if (isTap) {
      anchor = null;
      board.show(null);
    } else {
      anchor = null;
      board.add(made(from, p));
    }
  }

  function endCorner(p) {
    if (ends(p)) finish();
    else if (corners.length < MOST_CORNERS) {
      corners.push(into(p, picture.size()));
      showCorners(null);
      news("cornered", corners.length);
    }
  }

  function endChange() {
    const { kind, at, g, handle, isMoving } = gesture;
    const { draft } = board.get();
    if (isMoving && draft?.g) board.change(at, draft.g);
    else board.show(null);
    if (kind !== "handle") return;
    const shape = SHAPES[toolOf(task, board.get().marks[at]).shape];
    if (isMoving || !g.points || handle < g.points.length) board.chooseCorner(shape.cornerOf?.(g, handle) ?? handle);
  }

  return {
    // `type` is the pointer's: mouse, pen or touch.
    down(p, type = "mouse") {
      by = type in REACH ? type : "mouse";
      if (!picture.size()) return false;
      const { tool, chosen, marks } = board.get();
      if (corners.length > 0 || anchor !== null) {
        begin(p);
        return true;
      }
      const handle = grasped(board.handles(), p, reach());
      if (handle >= 0) {
        gesture = { kind: "handle", at: chosen, handle, from: p, g: geometryOf(marks[chosen]) };
        return true;
      }
      const at = hit(outlines(task, marks), p, reach(), tool === null);
      board.choose(at);
      if (at >= 0) gesture = { kind: "move", at, from: p, g: geometryOf(marks[at]) };
      else if (tool) begin(p);
      return gesture !== null;
    },

    // Also without anything pressed, where a mouse shows what the next tap would do.
    move(p) {
      if (gesture) move(p);
      else if (anchor) board.show({ at: -1, g: made(anchor, p) });
      else if (corners.length > 0) showCorners(p);
    },

    up(p) {
      if (!gesture) return;
      move(p);
      if (gesture.kind === "stroke") board.add(board.shape().from(gesture.points, picture.unit(), picture.size()));
      else if (gesture.kind === "new") endNew(p);
      else if (gesture.kind === "corner") endCorner(p);
      else endChange();
      gesture = null;
    },

    // A second finger came, or the system took the pointer: the gesture has not been.
    cancel() {
      gesture = null;
      if (corners.length > 0) showCorners(null);
      else if (board.get().draft) board.show(null);
    },

    finish,

    // What was begun by taps is given up; true where there was anything.
    drop() {
      const had = gesture !== null || anchor !== null || corners.length > 0;
      drop();
      if (had) board.show(null);
      return had;
    },

    // One corner less; true where there was one.
    back() {
      if (corners.length === 0 && anchor === null) return false;
      if (anchor !== null) anchor = null;
      else corners.pop();
      if (corners.length > 0) showCorners(null);
      else board.show(null);
      return true;
    },

    // {corners, isEnough} of a shape that is drawn by taps, null where none is.
    begun: () => (corners.length > 0 || anchor ? { corners: corners.length, isEnough: corners.length >= (board.shape().fewest ?? 99) } : null),
  };
}
