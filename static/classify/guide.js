// The guide: beside the task where there is room, and then it stays as it was left; over the page as a sheet on a phone.

// `key` is the memory's name for whether it is open.
export function createGuide({ dialog, button, memory, key, narrow }) {
  const tell = () => button.setAttribute("aria-expanded", String(dialog.open));

  // The focus stays where it is: the guide is to be read while one answers.
  function openBeside() {
    const focused = document.activeElement;
    dialog.show();
    if (dialog.contains(document.activeElement)) document.activeElement.blur();
    focused?.focus({ preventScroll: true });
  }

  function open() {
    if (narrow.matches) dialog.showModal();
    else openBeside();
    tell();
  }

  function toggle() {
    if (dialog.open) dialog.close();
    else open();
    if (!narrow.matches) memory.set(key, dialog.open);
    tell();
  }

  button.addEventListener("click", toggle);
  dialog.querySelector("[data-do=close]").addEventListener("click", () => {
    toggle();
    button.focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog && dialog.matches(":modal")) toggle(); // beside the sheet
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || dialog.matches(":modal")) return;
    toggle();
    button.focus();
  });
  dialog.addEventListener("close", tell);
  narrow.addEventListener("change", () => {
    if (!dialog.open) return;
    dialog.close();
    if (!narrow.matches) open();
    tell();
  });
  if (memory.get(key, false) && !narrow.matches) open();
  return { toggle };
}
