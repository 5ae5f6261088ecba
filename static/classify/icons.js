// Turns the SVG text of an answer's icon into an element of which nothing can run or load.

const SVG = "http://www.w3.org/2000/svg";
const ELEMENTS = new Set(["svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon"]);
const ATTRIBUTES = new Set([
  "viewBox", "d", "cx", "cy", "r", "rx", "ry", "x", "y", "x1", "y1", "x2", "y2", "width", "height", "points", "transform",
  "fill", "fill-rule", "fill-opacity", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-dasharray",
  "stroke-opacity", "opacity",
]);

function copy(source) {
  const made = document.createElementNS(SVG, source.localName);
  for (const { name, value } of source.attributes) {
    if (ATTRIBUTES.has(name) && !value.includes("url(")) made.setAttribute(name, value);
  }
  for (const child of source.children) {
    if (ELEMENTS.has(child.localName)) made.append(copy(child));
  }
  return made;
}

// An <svg> for the text, or null when it is not a drawing.
export function icon(text) {
  const root = text ? new DOMParser().parseFromString(text, "image/svg+xml").documentElement : null;
  if (root?.localName !== "svg") return null;
  const drawing = copy(root);
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("focusable", "false");
  return drawing;
}
