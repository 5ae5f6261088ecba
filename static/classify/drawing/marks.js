// Marks as they are stored: {tool, frame, the shape's numbers, details}; what is asked of them, and what still lacks. Pure.

import { stored } from "../geometry/shapes.js";
import { isEmpty } from "../store.js";

export const MOST_MARKS = 200; // of one answer, and
const MOST_POINTS = 5000; // of all its marks; projects/tasks/drawing.py refuses more

// Okabe and Ito's colours, which are told apart with any colour vision (projects/tasks/drawing.py).
const PALETTE = {
  orange: "#e69f00", sky: "#56b4e9", green: "#009e73", yellow: "#f0e442", blue: "#0072b2", vermilion: "#d55e00", purple: "#cc79a7",
};

export const colorOf = (tool) => PALETTE[tool.color] ?? tool.color;
export const toolOf = (task, mark) => task.tools.find((tool) => tool.key === mark.tool);

export function geometryOf({ tool, frame, details, ...geometry }) {
  return geometry;
}

// `kinds` are the modules of static/classify/tasks, by kind; each says what its empty value is.
export const markOf = (tool, geometry, kinds) =>
  ({ tool: tool.key, frame: 0, ...stored(geometry), details: (tool.details ?? []).map((each) => kinds[each.kind].empty) });

export const withGeometry = (mark, geometry) => ({ tool: mark.tool, frame: mark.frame, ...stored(geometry), details: mark.details });

// {shape, g} of each, as geometry/shapes.js reads them.
export const outlines = (task, marks) => marks.map((mark) => ({ shape: toolOf(task, mark).shape, g: geometryOf(mark) }));

export const countOf = (marks, tool) => marks.filter((mark) => mark.tool === tool.key).length;

// How a mark is called: its tool, and its number among those of the tool.
export function numberOf(marks, at) {
  return marks.slice(0, at + 1).filter((mark) => mark.tool === marks[at].tool).length;
}

export const hasRoom = (marks, tool) => marks.length < MOST_MARKS && countOf(marks, tool) < (tool.max ?? MOST_MARKS);

export const hasPoints = (marks) => marks.reduce((sum, mark) => sum + (mark.points?.length ?? 0), 0) <= MOST_POINTS;

// The first question of a mark that is not answered as it must be, or -1.
export function openDetail(tool, mark, kinds) {
  return (tool.details ?? []).findIndex((detail, at) => {
    const value = mark.details[at];
    const isWhole = kinds[detail.kind].isWhole?.(detail, value, kinds) ?? true;
    return !isWhole || (detail.required !== false && isEmpty(value));
  });
}

// What still lacks: {tool, n}, so many too few of a tool; {mark, detail}, a question of a mark; null when nothing does.
export function lacking(task, marks, kinds) {
  for (const tool of task.tools) {
    const n = (tool.min ?? 0) - countOf(marks, tool);
    if (n > 0) return { tool, n };
  }
  for (const [at, mark] of marks.entries()) {
    const detail = openDetail(toolOf(task, mark), mark, kinds);
    if (detail >= 0) return { mark: at, detail };
  }
  return null;
}
