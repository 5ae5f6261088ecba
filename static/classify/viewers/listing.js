// listing: a picture and a card of text, as an item for sale is shown. What stands on the card was written by somebody who
// may wish to deceive: it is put there as text, whatever it looks like.

import { inert } from "../inert.js";
import { createViewer as createPicture } from "./image.js";

const isPlain = (value) => ["string", "number", "boolean"].includes(typeof value) && value !== "";

function element(tag, value) {
  const made = document.createElement(tag);
  made.dir = "auto";
  made.textContent = inert(value);
  return made;
}

export function createViewer({ root, viewer }) {
  const picture = createPicture({ root });
  const card = root.querySelector("[data-part=card]");
  const part = (name) => card.querySelector(`[data-part=card-${name}]`);
  let shown = false;

  function fill(metadata) {
    const values = { title: metadata[viewer.title], text: metadata[viewer.text] };
    for (const [name, value] of Object.entries(values)) {
      part(name).hidden = !isPlain(value);
      part(name).textContent = isPlain(value) ? inert(value) : "";
    }
    const known = viewer.fields.filter((key) => isPlain(metadata[key]));
    part("fields").replaceChildren(...known.map((key) => {
      const pair = document.createElement("div");
      pair.append(element("dt", key), element("dd", metadata[key]));
      return pair;
    }));
    card.scrollTop = 0;
  }

  return {
    show(subject, image) {
      fill(subject.metadata ?? {});
      picture.show(subject, image);
      if (shown) window.scrollTo(0, 0); // on a phone the answers were scrolled to; the next listing begins at its picture
      shown = true;
    },
    act: picture.act,
    picture: picture.picture,
  };
}
