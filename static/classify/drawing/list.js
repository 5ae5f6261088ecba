// The marks as a list: each a button that chooses its mark and takes the keys for it, and under the chosen one what is asked
// of it.

import { t } from "../text.js";
import { button, element } from "./elements.js";
import { swatch } from "./layer.js";
import { geometryOf, openDetail, toolOf } from "./marks.js";
import { nameOf, where } from "./words.js";

// `acts`: choose(at), remove(at), key(event), answerDetail(at, detail, value).
export function createList({ name, task, kinds, icons, acts }) {
  const list = element("ol", "mark-list");
  list.setAttribute("aria-label", t("draw_list"));
  let rows = []; // {item, mark, tool, details}
  let shown = { marks: [], chosen: -1 };

  function makeRow(tool) {
    const row = { tool, item: element("li", "mark"), text: element("span", "mark-name"), at: element("span", "mark-at small muted"), open: element("span", "mark-open small") };
    const index = () => rows.indexOf(row);
    row.choose = button("mark-row", () => acts.choose(index()), swatch(tool), row.text, row.at, row.open);
    row.remove = button("icon-button mark-remove", () => acts.remove(index()), "×");
    row.choose.addEventListener("focus", () => acts.choose(index()));
    for (const type of ["keydown", "keyup", "blur"]) row.choose.addEventListener(type, acts.key);
    row.item.append(row.choose, row.remove);
    return row;
  }

  function makeDetails(row, at, mark) {
    const { tool } = row;
    const box = element("div", "mark-details");
    const asked = tool.details.map((detail, n) => {
      const rendered = kinds[detail.kind].render({
        key: `${name}-${at}-${n}`, task: detail, value: mark.details[n], icons, kinds,
        goOn: () => further(n),
        answer(value) {
          row.knows = true; // what comes back stands here already
          acts.answerDetail(rows.indexOf(row), n, value);
        },
      });
      const legend = element("legend", "member-question", detail.question);
      if (detail.required === false) legend.append(" ", element("span", "muted small", t("member_optional")));
      const place = element("fieldset", "member", legend, rendered.body);
      return { rendered, place };
    });
    // Enter in a field: to the next question, and from the last one back to the mark.
    const further = (n) => focusOn(asked[n + 1]) ?? row.choose.focus();
    box.append(...asked.map((each) => each.place));
    box.addEventListener("keydown", (event) => {
      if (!/^[1-9]$/.test(event.key) || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.target.matches("input:not([type=radio], [type=checkbox]), textarea, select")) return;
      event.preventDefault();
      asked.find((each) => each.place.contains(event.target))?.rendered.choose(Number(event.key));
    });
    row.details = { box, asked, values: mark.details };
    row.item.append(box);
  }

  function focusOn(asked) {
    const field = asked?.rendered.field ?? asked?.place.querySelector("input:checked, input, button");
    field?.focus();
    return field;
  }

  function showRow(row, at, marks, isChosen) {
    const mark = marks[at];
    row.text.textContent = nameOf(task, marks, at);
    row.at.textContent = where(geometryOf(mark));
    const open = openDetail(row.tool, mark, kinds) >= 0;
    row.open.textContent = open ? t("draw_open") : "";
    row.item.classList.toggle("chosen", isChosen);
    if (isChosen) row.choose.setAttribute("aria-current", "true");
    else row.choose.removeAttribute("aria-current");
    row.remove.setAttribute("aria-label", t("draw_remove", { mark: row.text.textContent }));
    row.remove.hidden = !isChosen;
    const asks = isChosen && (row.tool.details ?? []).length > 0;
    if (row.details && row.knows) row.details.values = mark.details;
    row.knows = false;
    if (row.details && (!asks || row.details.values !== mark.details)) {
      if (row.details.box.contains(document.activeElement)) row.choose.focus();
      row.details.box.remove();
      row.details = null;
    }
    if (asks && !row.details) makeDetails(row, at, mark);
  }

  return {
    element: list,
    show({ marks, chosen }) {
      if (marks === shown.marks && chosen === shown.chosen) return;
      // A row belongs to its mark while that is changed, and goes with it.
      const before = new Map(shown.marks.map((mark, at) => [mark, rows[at]]));
      const isSame = marks.length === shown.marks.length;
      rows = marks.map((mark, at) => {
        const kept = before.get(mark) ?? (isSame ? rows[at] : null);
        return kept?.tool.key === mark.tool ? kept : makeRow(toolOf(task, mark));
      });
      const items = rows.map((row) => row.item);
      for (const item of [...list.children]) if (!items.includes(item)) item.remove();
      items.forEach((item, at) => list.children[at] !== item && list.insertBefore(item, list.children[at] ?? null));
      rows.forEach((row, at) => showRow(row, at, marks, at === chosen));
      list.hidden = marks.length === 0;
      shown = { marks, chosen };
    },
    focusRow: (at) => rows[at]?.choose.focus(),
    reveal: (at) => rows[at]?.item.scrollIntoView({ block: "nearest" }),
    // Where the chosen mark's first open question is answered.
    field() {
      const row = rows[shown.chosen];
      const open = row?.details ? openDetail(row.tool, shown.marks[shown.chosen], kinds) : -1;
      if (open < 0) return undefined;
      return row.details.asked[open].rendered.field ?? row.details.asked[open].place.querySelector("input");
    },
  };
}
