// Keys on a mark, wherever the focus is: on the picture or on the mark's row. Pure.

const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const SIZES = { "+": 1, "=": 1, "-": -1, _: -1, PageUp: 10, PageDown: -10 };
const TURNS = { "[": -1, "]": 1, "{": -15, "}": 15 };
const CORNERS = { ".": 1, ",": -1 };

// {act, value?} or null. `turn`: by how many degrees the picture is turned on the screen, so that an arrow goes where it points.
export function keyOn(event, turn = 0) {
  if ((event.ctrlKey || event.altKey || event.metaKey) && !event.getModifierState?.("AltGraph")) return null;
  const { key } = event;
  if (key in WAYS) {
    const step = event.shiftKey ? 10 : 1;
    const quarters = ((Math.round(turn / 90) % 4) + 4) % 4;
    let [x, y] = WAYS[key];
    for (let n = 0; n < quarters; n += 1) [x, y] = [y, -x];
    return { act: "nudge", value: { x: x * step + 0, y: y * step + 0 } };
  }
  if (key in SIZES) return { act: "grow", value: SIZES[key] };
  if (key in TURNS) return { act: "turn", value: TURNS[key] };
  if (key in CORNERS) return { act: "walk", value: CORNERS[key] };
  if (key === "Delete" || key === "Backspace") return { act: "remove" };
  return null;
}

// Those that a held key repeats, and that are one change when it is up again.
export const isHeld = ({ act }) => act === "nudge" || act === "grow" || act === "turn";
