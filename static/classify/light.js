// How bright the picture is shown, with how much contrast, and which way up: sliders over the tools, opened by a button or a key.
// The light lasts from picture to picture, until it is reset; the turn is the view's. Only the look changes, never the picture.

const PLAIN = 100; // per cent

// `changed(tilt)` hears each change: by how many degrees the picture is to be turned.
export function createLight(root, changed) {
  const panel = root.querySelector("[data-part=light]");
  const toggle = root.querySelector("[data-do=light]");
  const tilt = panel.querySelector("[name=tilt]");
  const sliders = [...panel.querySelectorAll("input")].filter((slider) => slider !== tilt);

  const isPlain = () => sliders.every((slider) => Number(slider.value) === PLAIN);

  function show() {
    for (const slider of sliders) slider.setAttribute("aria-valuetext", `${slider.value} %`);
    tilt.setAttribute("aria-valuetext", `${tilt.value}°`);
    toggle.setAttribute("aria-expanded", String(!panel.hidden));
    toggle.classList.toggle("on", !isPlain());
  }

  panel.addEventListener("input", () => {
    show();
    changed(Number(tilt.value));
  });
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    panel.hidden = true;
    show();
    toggle.focus();
  });
  show();

  return {
    toggle() {
      panel.hidden = !panel.hidden;
      show();
      if (!panel.hidden) sliders[0].focus();
    },

    reset() {
      for (const slider of sliders) slider.value = PLAIN;
      show();
    },

    // The stylesheet makes the filter of it, so that a veil goes before.
    apply(image, degrees) {
      if (Number(tilt.value) !== degrees) {
        tilt.value = degrees;
        show();
      }
      image.classList.toggle("lit", !isPlain());
      for (const slider of sliders) image.style.setProperty(`--${slider.name}`, Number(slider.value) / 100);
    },
  };
}
