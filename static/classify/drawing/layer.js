// The marks over the picture, as SVG in the picture's own pixels: those that stand, redrawn when they change, and over them
// what the hand is at. Each line lies on a light one and that on a dark one, so that it shows on any picture.

import { path } from "../geometry/plane.js";
import { SHAPES } from "../geometry/shapes.js";
import { colorOf, geometryOf, toolOf } from "./marks.js";

const SVG = "http://www.w3.org/2000/svg";
const HANDLE = 6; // CSS px, radius

function element(tag, className, attributes = {}) {
  const made = document.createElementNS(SVG, tag);
  made.setAttribute("class", className);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

// A small picture of what a tool draws.
export function swatch(tool) {
  const svg = element("svg", "swatch", { viewBox: "0 0 24 24", "aria-hidden": "true", focusable: "false" });
  const wavy = { points: [[4, 12], [7, 5], [12, 6], [17, 4], [20, 10], [18, 15], [20, 19], [13, 20], [9, 17], [5, 18]] };
  const g = tool.shape === "freehand" ? wavy : SHAPES[tool.shape].added({ x: 12, y: 12 }, 9);
  svg.append(...line(SHAPES[tool.shape].path(g, 1), colorOf(tool)));
  return svg;
}

const line = (d, color) => [
  element("path", "mark-dark", { d }), element("path", "mark-light", { d }), element("path", "mark-ink", { d, stroke: color }),
];

export function createLayer() {
  const svg = element("svg", "marks", { "aria-hidden": "true" });
  const place = element("g", "");
  const standing = element("g", "");
  const live = element("g", "");
  place.append(standing, live);
  svg.append(place);
  let drawn = null; // what `standing` shows: {marks, without, unit}

  function drawStanding(task, marks, without, unit) {
    if (drawn?.marks === marks && drawn.without === without && drawn.unit === unit) return;
    drawn = { marks, without, unit };
    standing.replaceChildren(...marks.flatMap((mark, at) => {
      const tool = toolOf(task, mark);
      return at === without ? [] : line(SHAPES[tool.shape].path(geometryOf(mark), unit), colorOf(tool));
    }));
  }

  function chosenMark(task, marks, chosen, draft, unit) {
    if (chosen < 0) return [];
    const tool = toolOf(task, marks[chosen]);
    const group = element("g", "chosen");
    const g = draft?.at === chosen && draft.g ? draft.g : geometryOf(marks[chosen]);
    group.append(...line(SHAPES[tool.shape].path(g, unit), colorOf(tool)));
    return [group];
  }

  const handle = ({ x, y, adds, turns }, isActive, unit) => element(
    "circle", `handle${adds ? " adds" : ""}${turns ? " turns" : ""}${isActive ? " active" : ""}`,
    { cx: x, cy: y, r: (adds ? HANDLE * 0.6 : HANDLE) * unit },
  );

  function begun(tool, draft, unit) {
    if (draft?.at !== -1 || !tool) return [];
    if (draft.g) return line(SHAPES[tool.shape].path(draft.g, unit), colorOf(tool));
    const corners = draft.points.slice(0, draft.corners).map((p) => handle(p, false, unit));
    return [...line(path(draft.points, false), colorOf(tool)), ...corners];
  }

  return {
    element: svg,
    place(matrix) {
      place.setAttribute("transform", `matrix(${matrix.join(" ")})`);
    },
    draw(task, { marks, tool, chosen, corner, draft }, handles, unit) {
      drawStanding(task, marks, chosen, unit);
      live.replaceChildren(
        ...chosenMark(task, marks, chosen, draft, unit),
        ...begun(tool, draft, unit),
        ...(draft?.at === -1 ? [] : handles.map((each, at) => handle(each, at === corner, unit))),
      );
    },
  };
}
