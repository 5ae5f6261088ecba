// <vw-viewer>: one picture, to look at closely. Its buttons (data-do) and words come from the page's HTML.
//
// Zoom by wheel, pinch, double click, buttons and keys; pan by drag and arrow keys; quarter turns and free ones; invert; light; reset.
// With data-veil, each new picture is blurred until it is asked for; its description is kept back as long.
// A layer may lie on it (`lay`), which follows the picture and whose hands have the pointer before it moves the picture.

import { createLight } from "./light.js";
import {
  FIT, STEP, clampView, degreesOf, fittedSize, matrixOf, panned, pixelAt, seen, tilted, turned, unitOf, zoomed,
} from "./viewport.js";

const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const NUDGE = 60; // CSS pixels an arrow key

class Viewer extends HTMLElement {
  #view = FIT;
  #inverted = false;
  #image = null;
  #media = null;
  #pointers = new Map();
  #layer = null;
  #drawing = null; // the pointer that the layer's hands have

  connectedCallback() {
    this.stage = this.querySelector(".stage");
    this.light = createLight(this, (tilt) => this.#set(tilted(this.#view, tilt, ...this.#sizes())));
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (button) this.do(button.dataset.do);
    });
    this.stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.stage.addEventListener("dblclick", (event) => {
      if (!this.#layer?.hands.isBusy()) this.#zoom(STEP * STEP, this.#point(event));
    });
    this.stage.addEventListener("keydown", (event) => this.#layer?.key(event) || this.#arrow(event));
    for (const name of ["keyup", "blur"]) this.stage.addEventListener(name, (event) => this.#layer?.key(event));
    this.stage.addEventListener("pointerdown", (event) => this.#down(event));
    this.stage.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel"]) {
      this.stage.addEventListener(name, (event) => this.#up(event));
    }
    new ResizeObserver(() => this.#draw()).observe(this.stage);
  }

  // Shows a picture: {url, alt, width, height, image?}, where `image` is an <img> that is loaded or loading already.
  async show(media) {
    const image = media.image ?? new Image();
    this.#image?.remove();
    this.#image = image;
    this.#media = media;
    this.#view = FIT;
    image.className = "picture";
    image.alt = media.alt;
    if (this.#canVeil()) this.#veil(true);
    image.draggable = false;
    if (!media.image) image.src = media.url;
    this.dataset.state = image.complete && image.naturalWidth > 0 ? "ready" : "loading";
    this.stage.prepend(image);
    try {
      await image.decode();
      if (image === this.#image) this.dataset.state = "ready";
    } catch {
      if (image === this.#image) this.dataset.state = "failed";
    }
    this.#draw();
  }

  // Lays {element, place(matrix, unit), hands, key(event)} on the picture, or takes the layer away with null. `hands`
  // has down(point, type), which says whether it takes the pointer, move, up, cancel, isBusy: points in the picture's pixels.
  // `key` hears the stage's keydown, keyup and blur, and says whether a key was for it.
  lay(layer) {
    this.#layer?.element.remove();
    this.#layer = layer;
    this.#drawing = null;
    this.classList.toggle("drawing", layer !== null);
    if (layer) this.stage.append(layer.element);
    this.#draw();
  }

  // What a layer asks of the picture; nothing while it is on its way, or blurred.
  size() {
    const there = this.dataset.state === "ready" && this.#image.naturalWidth > 0 && this.dataset.veil !== "on";
    return there ? this.#sizes()[1] : null;
  }

  unit = () => unitOf(this.#view, ...this.#sizes());
  seen = () => seen(this.#view, ...this.#sizes());
  degrees = () => degreesOf(this.#view);

  // One of zoom-in, zoom-out, turn, invert, light, reset, veil: what a button or a key asks for.
  do(action) {
    const centre = { x: 0, y: 0 };
    if (action === "zoom-in") this.#zoom(STEP, centre);
    if (action === "zoom-out") this.#zoom(1 / STEP, centre);
    if (action === "turn") this.#set(turned(this.#view, ...this.#sizes()));
    if (action === "invert") this.#inverted = !this.#inverted;
    if (action === "light") this.light.toggle();
    if (action === "reset") {
      this.light.reset();
      this.#inverted = false;
      this.#view = FIT;
    }
    if (action === "veil" && this.#canVeil()) this.#veil(this.dataset.veil === "off");
    if (action === "reload") this.show({ ...this.#media, image: undefined });
    this.#draw();
  }

  #canVeil() {
    return this.dataset.veil !== undefined;
  }

  #veil(on) {
    const [word, toggle] = [this.querySelector("[data-part=veil]"), this.querySelector(".tools [data-do=veil]")];
    const said = this.querySelector("[data-part=veil-said]");
    const changed = (this.dataset.veil === "on") !== on;
    if (word.contains(document.activeElement)) toggle.focus(); // the word goes away with its button
    this.dataset.veil = on ? "on" : "off";
    toggle.setAttribute("aria-pressed", String(!on));
    if (this.#image) this.#image.alt = on ? word.dataset.alt : this.#media.alt;
    if (changed) said.textContent = on ? said.dataset.on : said.dataset.off;
  }

  #sizes() {
    const stage = { width: this.stage.clientWidth, height: this.stage.clientHeight };
    const picture = { width: this.#image?.naturalWidth || 1, height: this.#image?.naturalHeight || 1 };
    return [stage, picture];
  }

  // From the stage's centre, in CSS pixels.
  #point(event) {
    const box = this.stage.getBoundingClientRect();
    return { x: event.clientX - box.left - box.width / 2, y: event.clientY - box.top - box.height / 2 };
  }

  #set(view) {
    this.#view = view;
    this.#draw();
  }

  #zoom(factor, point) {
    this.#set(zoomed(this.#view, factor, point, ...this.#sizes()));
  }

  #wheel(event) {
    event.preventDefault();
    this.#zoom(Math.exp(-event.deltaY * (event.deltaMode === 0 ? 0.002 : 0.06)), this.#point(event));
  }

  #arrow(event) {
    const step = ARROWS[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#set(panned(this.#view, step[0] * NUDGE, step[1] * NUDGE, ...this.#sizes()));
  }

  #pixel(event) {
    return pixelAt(this.#point(event), this.#view, ...this.#sizes());
  }

  #down(event) {
    if (event.button > 1 || event.target.closest("button")) return; // a captured pointer would not click it
    if (event.button === 1) event.preventDefault(); // the middle button moves the picture
    this.stage.setPointerCapture(event.pointerId);
    if (this.#drawing?.type === "pen") return; // the palm of the hand that holds it
    if (event.pointerType === "pen") this.#pointers.clear(); // the palm came first
    this.#pointers.set(event.pointerId, this.#point(event));
    if (this.#drawing !== null) {
      this.#drawing = null; // a second finger: both move the picture
      this.#layer.hands.cancel();
    } else if (event.button === 0 && this.#pointers.size === 1 && this.#layer?.hands.down(this.#pixel(event), event.pointerType)) {
      this.#drawing = { id: event.pointerId, type: event.pointerType };
    }
  }

  #up(event) {
    this.#pointers.delete(event.pointerId);
    if (this.#drawing?.id !== event.pointerId) return;
    this.#drawing = null;
    if (event.type === "pointerup") this.#layer.hands.up(this.#pixel(event));
    else this.#layer.hands.cancel();
  }

  #move(event) {
    const before = this.#pointers.get(event.pointerId);
    if (this.#layer && (this.#drawing?.id === event.pointerId || event.buttons === 0)) {
      const all = event.getCoalescedEvents?.() ?? []; // a pen is faster than the screen
      for (const each of all.length > 0 ? all : [event]) this.#layer.hands.move(this.#pixel(each));
      return;
    }
    if (!before) return;
    const after = this.#point(event);
    const other = [...this.#pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.#pointers.set(event.pointerId, after);
    if (!other) {
      this.#set(panned(this.#view, after.x - before.x, after.y - before.y, ...this.#sizes()));
      return;
    }
    const apart = (a, b) => Math.max(1, Math.hypot(a.x - b.x, a.y - b.y));
    const middle = { x: (after.x + other.x) / 2, y: (after.y + other.y) / 2 };
    this.#set(panned(this.#view, (after.x - before.x) / 2, (after.y - before.y) / 2, ...this.#sizes()));
    this.#zoom(apart(after, other) / apart(before, other), middle);
  }

  #draw() {
    const image = this.#image;
    if (!image?.naturalWidth) return;
    const [stage, picture] = this.#sizes();
    const view = clampView(this.#view, stage, picture);
    this.#view = view;
    const size = fittedSize(stage, picture, view);
    image.style.width = `${size.width}px`;
    image.style.height = `${size.height}px`;
    image.style.transform =
      `translate(-50%, -50%) translate(${view.x}px, ${view.y}px) rotate(${degreesOf(view)}deg) scale(${view.zoom})`;
    image.classList.toggle("inverted", this.#inverted);
    this.light.apply(image, view.tilt ?? 0);
    this.classList.toggle("zoomed", view.zoom > 1);
    this.#layer?.place(matrixOf(view, stage, picture), unitOf(view, stage, picture));
    this.querySelector("[data-do=invert]")?.setAttribute("aria-pressed", String(this.#inverted));
    const level = this.querySelector(".zoom-level");
    if (level) level.textContent = `${Math.round(view.zoom * 100)} %`;
  }
}

customElements.define("vw-viewer", Viewer);
