// The tools, how the one in hand draws, and what can be done now: finish, give up, add without a pointer, undo, redo.

import { t } from "../text.js";
import { button, element } from "./elements.js";
import { swatch } from "./layer.js";
import { countOf, hasRoom } from "./marks.js";
import { counted, how } from "./words.js";

const HAND = "M9 11V5.5a1.5 1.5 0 0 1 3 0V11m0-1V4.5a1.5 1.5 0 0 1 3 0V11m0-4.5a1.5 1.5 0 0 1 3 0V15c0 4-2.5 6-6 6s-5-2-7-5.5l-1.5-3a1.4 1.4 0 0 1 2.4-1.4L9 14";

function hand() {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const d = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  d.setAttribute("d", HAND);
  svg.append(d);
  return svg;
}

// `acts`: take(tool or null), finish(), drop(), place(tool), undo(), redo().
export function createBar({ task, acts }) {
  const tools = element("div", task.tools.length > 5 ? "draw-tools many" : "draw-tools");
  tools.setAttribute("role", "group");
  tools.setAttribute("aria-label", t("draw_tools"));
  const note = element("p", "draw-how small muted");
  const chips = [null, ...task.tools].map((tool, at) => {
    const chip = button("draw-tool", () => acts.take(tool), tool ? swatch(tool) : hand());
    const count = element("span", "draw-count number");
    chip.append(element("span", "draw-label", tool ? tool.label : t("draw_hand")), count);
    if (tool && at < 10) {
      const key = element("span", "answer-key", String(at));
      key.setAttribute("aria-hidden", "true");
      chip.append(key);
    }
    tools.append(chip);
    return { tool, chip, count };
  });

  const row = element("div", "draw-acts");
  const finish = button("button primary", acts.finish, t("draw_finish"));
  const drop = button("button", acts.drop, t("draw_drop"));
  const undo = button("button", acts.undo, t("draw_undo"));
  const redo = button("button", acts.redo, t("draw_redo"));
  let placing = null;
  const add = () => placing && acts.place(placing);
  const place = button("button", add, t("draw_place"));
  place.setAttribute("aria-keyshortcuts", "a");
  undo.setAttribute("aria-keyshortcuts", "Control+Z");
  redo.setAttribute("aria-keyshortcuts", "Control+Shift+Z");
  row.append(undo, redo, place, finish, drop);

  return {
    element: [tools, note, row],
    // `begun` as of hands.js; `can`: {undo, redo}.
    show({ marks, tool }, begun, can) {
      for (const each of chips) {
        each.chip.setAttribute("aria-pressed", String(each.tool === tool));
        if (!each.tool) continue;
        each.count.textContent = counted(each.tool, countOf(marks, each.tool));
        each.chip.setAttribute("aria-disabled", String(!hasRoom(marks, each.tool)));
      }
      note.textContent = how(tool);
      placing = tool ?? task.tools.find((each) => hasRoom(marks, each)) ?? null;
      place.hidden = placing === null || begun !== null;
      place.title = placing ? t("draw_place_title", { tool: placing.label }) : "";
      finish.hidden = !begun?.isEnough;
      drop.hidden = begun === null;
      undo.setAttribute("aria-disabled", String(!can.undo && begun === null));
      redo.setAttribute("aria-disabled", String(!can.redo));
    },
    add,
    choose: (number) => task.tools[number - 1] && acts.take(task.tools[number - 1]),
  };
}
