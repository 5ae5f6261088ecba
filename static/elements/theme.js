// Sets the volunteer's chosen theme before the first paint. "auto" (or nothing stored) leaves it to the device.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("voorwerp-theme");
  } catch {
    // Storage is forbidden (private window): the device decides.
  }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
})();
