// What is said of marks: beside the picture, and to those who do not see it.

import { stored } from "../geometry/shapes.js";
import { t } from "../text.js";
import { geometryOf, numberOf, toolOf } from "./marks.js";

const HOW = {
  point: () => t("draw_how_point"),
  line: () => t("draw_how_line"),
  rectangle: () => t("draw_how_rectangle"),
  rotated_rectangle: () => t("draw_how_rotated_rectangle"),
  circle: () => t("draw_how_circle"),
  ellipse: () => t("draw_how_ellipse"),
  polygon: () => t("draw_how_polygon"),
  segmented_line: () => t("draw_how_segmented_line"),
  freehand: () => t("draw_how_freehand"),
};

export const how = (tool) => (tool ? HOW[tool.shape]() : t("draw_how_hand"));

export const nameOf = (task, marks, at) => t("draw_mark", { tool: toolOf(task, marks[at]).label, n: numberOf(marks, at) });

// Where a mark is, in whole pixels: finer than that nobody hears.
export function where(geometry) {
  const g = stored(geometry);
  const n = (value) => Math.round(value);
  const turned = (text) => (n(g.angle) === 0 ? text : t("draw_turned", { where: text, angle: n(g.angle) }));
  if (g.points) {
    const middle = (axis) => n(g.points.reduce((sum, p) => sum + p[axis], 0) / g.points.length);
    return t("draw_at_points", { n: g.points.length, x: middle(0), y: middle(1) });
  }
  if ("x1" in g) return t("draw_at_line", { x1: n(g.x1), y1: n(g.y1), x2: n(g.x2), y2: n(g.y2) });
  if ("r" in g) return t("draw_at_circle", { x: n(g.x_center), y: n(g.y_center), r: n(g.r) });
  if ("rx" in g) return turned(t("draw_at_ellipse", { x: n(g.x_center), y: n(g.y_center), rx: n(g.rx), ry: n(g.ry) }));
  if ("x_center" in g) {
    return turned(t("draw_at_turned_box", { x: n(g.x_center), y: n(g.y_center), width: n(g.width), height: n(g.height) }));
  }
  if ("width" in g) return t("draw_at_box", { x: n(g.x), y: n(g.y), width: n(g.width), height: n(g.height) });
  return t("draw_at", { x: n(g.x), y: n(g.y) });
}

// How many of a tool there are, and how many there may be.
export function counted(tool, n) {
  const { min = 0, max = 200 } = tool;
  if (max < 200 && min > 0) return min === max ? t("draw_count_just", { n, max }) : t("draw_count_both", { n, min, max });
  if (max < 200) return t("draw_count_most", { n, max });
  return min > 0 ? t("draw_count_least", { n, min }) : String(n);
}

// One sentence for what happened (board.js, hands.js), as it was before the change where a mark goes.
export function told(task, marks, what, given) {
  const [first, second] = given;
  const mark = () => nameOf(task, marks, first);
  const sentences = {
    added: () => t("draw_added", { mark: mark(), where: where(geometryOf(marks[first])) }),
    changed: () => t("draw_changed", { mark: mark(), where: where(geometryOf(marks[first])) }),
    removed: () => t("draw_removed", { mark: mark() }),
    held: () => where(second),
    edge: () => t("draw_edge"),
    corner: () => (first < 0 ? t("draw_corner_none") : t("draw_corner", { n: first + 1, of: second })),
    cornered: () => t("draw_cornered", { n: first }),
    last_corners: () => t("draw_last_corners"),
    anchored: () => t("draw_anchored"),
    full: () => t("draw_full", { tool: first.label, max: first.max ?? 200 }),
    short: () => t("draw_short"),
    points: () => t("draw_points"),
    no_picture: () => t("draw_no_picture"),
    tool: () => (first ? `${first.label}. ${how(first)}` : how(null)),
  };
  return sentences[what]();
}

// What keeps one from going on (`lacking` of marks.js), or null.
export function missing(task, marks, lack) {
  if (marks.length === 0 && !lack?.tool) return t("draw_missing");
  if (lack?.tool) return t("draw_missing_tool", { tool: lack.tool.label, n: lack.n });
  return lack ? t("draw_missing_detail", { mark: nameOf(task, marks, lack.mark) }) : null;
}
