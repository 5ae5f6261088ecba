import assert from "node:assert/strict";
import test from "node:test";

import { createBoard } from "../../static/classify/drawing/board.js";
import { createHands } from "../../static/classify/drawing/hands.js";
import { isHeld, keyOn } from "../../static/classify/drawing/keys.js";
import { lacking } from "../../static/classify/drawing/marks.js";
import * as number from "../../static/classify/tasks/number.js";

const KINDS = { number, single: { empty: null } };
const TASK = {
  kind: "drawing",
  tools: [
    { key: "star", label: "Star", shape: "point", color: "yellow", max: 2 },
    { key: "bar", label: "Bar", shape: "line", color: "sky" },
    { key: "ring", label: "Ring", shape: "circle", color: "#d55e00", min: 1, details: [
      { kind: "single", question: "Whole?", answers: [] }, { kind: "number", question: "Arms?", min: 0, max: 9, required: false },
    ] },
    { key: "cloud", label: "Cloud", shape: "polygon", color: "green" },
    { key: "edge", label: "Edge", shape: "freehand", color: "blue" },
  ],
};
const SIZE = { width: 200, height: 100 };
const P = (x, y) => ({ x, y });

// A board of which each answer and each piece of news is kept.
function setUp(value = [], unit = 1) {
  const answers = [];
  const heard = [];
  const news = (what) => heard.push(what);
  const picture = { size: () => SIZE, unit: () => unit, seen: () => ({ centre: P(100, 50), half: 40 }) };
  const board = createBoard({
    task: TASK, value, kinds: KINDS, picture, answer: (...given) => answers.push(given), news, changed: () => {},
  });
  const hands = createHands({ task: TASK, board, picture, news });
  const drag = (a, b, type) => {
    const taken = hands.down(a, type);
    hands.move(P((a.x + b.x) / 2, (a.y + b.y) / 2));
    hands.up(b);
    return taken;
  };
  const take = (key) => board.take(TASK.tools.find((tool) => tool.key === key) ?? null);
  return { board, hands, answers, heard, drag, tap: (p, type) => drag(p, p, type), take, marks: () => board.get().marks };
}

test("a drag draws, and is told once, when it ends", () => {
  const { hands, answers, take } = setUp();
  take("bar");
  assert.equal(hands.down(P(20, 30)), true);
  hands.move(P(40, 40));
  hands.move(P(60, 50.004));
  assert.deepEqual(answers, []);
  hands.up(P(60, 50.004));
  assert.deepEqual(answers, [[[{ tool: "bar", frame: 0, x1: 20, y1: 30, x2: 60, y2: 50, details: [] }]]]);
});

test("two taps draw what a drag draws; the same place twice draws nothing", () => {
  const { tap, take, marks, heard } = setUp();
  take("ring");
  tap(P(20, 30));
  assert.ok(heard.includes("anchored"));
  tap(P(60, 30));
  assert.deepEqual(marks(), [{ tool: "ring", frame: 0, x_center: 20, y_center: 30, r: 40, details: [null, null] }]);
  tap(P(150, 80));
  tap(P(151, 80));
  assert.equal(marks().length, 1);
});

test("a tool that has its most is laid down, and not taken up again", () => {
  const { board, tap, take, marks, heard } = setUp();
  take("star");
  tap(P(20, 30));
  tap(P(60, 30));
  assert.deepEqual([board.get().tool, heard.includes("full")], [null, true]);
  take("star");
  assert.equal(board.get().tool, null);
  tap(P(100, 80));
  assert.equal(marks().length, 2);
});

test("a polygon grows corner by corner, goes back corner by corner, and closes on its first", () => {
  const { hands, tap, take, marks, answers } = setUp();
  take("cloud");
  for (const p of [P(20, 20), P(80, 20), P(90, 90), P(80, 60)]) tap(p);
  assert.equal(hands.back(), true);
  assert.deepEqual(hands.begun(), { corners: 3, isEnough: true });
  assert.deepEqual(answers, []);
  tap(P(22, 23));
  assert.deepEqual(marks().map((mark) => mark.points), [[[20, 20], [80, 20], [90, 90]]]);
  assert.equal(hands.back(), false);
  for (const p of [P(120, 20), P(180, 20), P(190, 90)]) tap(p);
  tap(P(190, 90));
  assert.deepEqual(marks()[1].points, [[120, 20], [180, 20], [190, 90]]);
});

test("what is begun can be given up, and two corners are no polygon", () => {
  const { hands, tap, take, marks, heard } = setUp();
  take("cloud");
  tap(P(20, 20));
  assert.equal(hands.drop(), true);
  assert.equal(hands.drop(), false);
  tap(P(20, 20));
  tap(P(80, 20));
  hands.finish();
  assert.deepEqual([marks(), heard.at(-1)], [[], "short"]);
});

test("a second finger takes the gesture back; corners that stand stay", () => {
  const { board, hands, tap, take, answers } = setUp();
  take("edge");
  hands.down(P(20, 20), "touch");
  for (const p of [P(40, 20), P(40, 60)]) hands.move(p);
  hands.cancel();
  assert.deepEqual([board.get().draft, answers], [null, []]);
  take("cloud");
  tap(P(20, 20));
  hands.down(P(80, 20));
  hands.cancel();
  assert.deepEqual(board.get().draft.points, [P(20, 20)]);
});

test("with the hand a mark is chosen by its inside and dragged; beside it the picture moves", () => {
  const { board, drag, take, marks } = setUp();
  take("ring");
  drag(P(50, 50), P(80, 50));
  take(null);
  assert.equal(drag(P(190, 10), P(150, 10)), false);
  assert.equal(board.get().chosen, -1);
  assert.equal(drag(P(45, 50), P(55, 60)), true);
  assert.deepEqual([board.get().chosen, marks()[0].x_center, marks()[0].y_center], [0, 60, 60]);
  drag(P(90, 60), P(70, 60)); // by its handle
  assert.equal(marks()[0].r, 10);
  drag(P(60, 60), P(-500, 60));
  assert.equal(marks()[0].x_center, 0);
});

test("with a tool a line of a mark is dragged, and its inside drawn in; a trembling hand moves nothing", () => {
  const { drag, take, marks, answers } = setUp();
  take("ring");
  drag(P(50, 50), P(80, 50));
  drag(P(50, 45), P(50, 55));
  assert.equal(marks().length, 2);
  drag(P(50, 20), P(52, 21));
  assert.equal(answers.length, 2);
  drag(P(50, 20), P(60, 20));
  assert.deepEqual(marks().map((mark) => mark.x_center), [60, 50]);
});

test("a finger reaches further than a mouse, however far the picture is zoomed", () => {
  for (const [type, off, found] of [["mouse", 4, 0], ["mouse", 6, -1], ["touch", 10, 0], ["touch", 12, -1]]) {
    const { board, hands, take } = setUp([{ tool: "star", frame: 0, x: 50, y: 50, details: [] }], 0.5);
    take(null);
    hands.down(P(50 + off, 50), type);
    assert.equal(board.get().chosen, found, `${type} ${off}`);
  }
});

test("keys: a held one is one change when it is up; corners move alone; the edge is said", () => {
  const { board, answers, marks, heard } = setUp([{ tool: "bar", frame: 0, x1: 20, y1: 30, x2: 60, y2: 50, details: [] }]);
  board.choose(0);
  for (let n = 0; n < 3; n += 1) board.nudge(P(0, -10));
  assert.equal(answers.length, 0);
  board.release();
  board.release();
  assert.deepEqual(answers.length, 1);
  assert.deepEqual([marks()[0].y1, marks()[0].y2], [0, 20]);
  board.nudge(P(0, -1));
  assert.equal(heard.at(-1), "edge");
  board.release();
  assert.equal(answers.length, 1);
  board.walk(1);
  board.walk(1);
  board.nudge(P(5, 0));
  board.release();
  assert.deepEqual(marks()[0], { tool: "bar", frame: 0, x1: 20, y1: 0, x2: 65, y2: 20, details: [] });
  board.walk(1);
  assert.equal(board.get().corner, -1);
});

test("removing: a corner where one is chosen, else the mark; the tool may be taken again", () => {
  const cloud = { tool: "cloud", frame: 0, points: [[1, 1], [50, 1], [50, 50], [1, 50]], details: [] };
  const { board, marks, heard } = setUp([cloud]);
  board.choose(0);
  board.chooseCorner(1);
  board.remove();
  assert.deepEqual(marks()[0].points, [[1, 1], [50, 50], [1, 50]]);
  board.chooseCorner(0);
  board.remove();
  assert.deepEqual([marks().length, heard.at(-1)], [1, "last_corners"]);
  board.remove();
  assert.deepEqual([marks(), board.get().chosen], [[], -1]);
});

test("what came from elsewhere, as an undo does, ends what is begun", () => {
  const one = [{ tool: "star", frame: 0, x: 50, y: 50, details: [] }];
  const { board, marks } = setUp(one);
  board.choose(0);
  board.nudge(P(1, 0));
  board.set([]);
  assert.deepEqual([marks(), board.get().chosen, board.get().draft], [[], -1, null]);
});

test("answers about a mark lie beside it, and are one change as they are written", () => {
  const { board, drag, take, answers } = setUp();
  take("ring");
  drag(P(50, 50), P(80, 50));
  board.answerDetail(0, 1, { text: "x" });
  assert.deepEqual(answers.at(-1)[0][0].details, [null, { text: "x" }]);
  assert.equal(answers.at(-1)[1], "mark0.1");
});

test("what still lacks: too few of a tool, an open question, a number that is none", () => {
  const ring = (details) => ({ tool: "ring", frame: 0, x_center: 1, y_center: 1, r: 1, details });
  const star = { tool: "star", frame: 0, x: 5, y: 5, details: [] };
  assert.deepEqual(lacking(TASK, [star], KINDS), { tool: TASK.tools[2], n: 1 });
  assert.deepEqual(lacking(TASK, [star, ring([null, null])], KINDS), { mark: 1, detail: 0 });
  assert.deepEqual(lacking(TASK, [star, ring(["yes", { text: "x" }])], KINDS), { mark: 1, detail: 1 });
  assert.equal(lacking(TASK, [star, ring(["yes", null])], KINDS), null);
});

test("arrows go where they point, also on a turned picture; other keys are left alone", () => {
  const on = (key, more = {}, turn = 0) => keyOn({ key, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...more }, turn);
  assert.deepEqual(on("ArrowRight"), { act: "nudge", value: P(1, 0) });
  assert.deepEqual(on("ArrowRight", { shiftKey: true }, 90), { act: "nudge", value: P(0, -10) });
  assert.deepEqual(on("ArrowUp", {}, 180), { act: "nudge", value: P(0, 1) });
  assert.deepEqual([on("+"), on("["), on("."), on("Delete")].map(({ act, value }) => [act, value]), [["grow", 1], ["turn", -1], ["walk", 1], ["remove", undefined]]);
  for (const [key, more] of [["z"], ["Tab"], ["Enter"], ["ArrowUp", { ctrlKey: true }]]) assert.equal(on(key, more), null);
  assert.equal(isHeld(on("]")), true);
  assert.equal(isHeld(on("Delete")), false);
});
