// Pictures ahead, loaded one after the other in the order they will be shown: side by side they would all be late.

export function createPictures(newImage = () => new Image()) {
  const images = new Map(); // subject id -> <img>
  let waiting = []; // [{id, url}], not begun
  let busy = false;

  function begin({ id, url }) {
    busy = true;
    const image = images.get(id);
    const then = () => {
      busy = false;
      if (waiting.length > 0) begin(waiting.shift());
    };
    image.addEventListener("load", then, { once: true });
    image.addEventListener("error", then, { once: true });
    image.src = url;
  }

  return {
    add(id, url) {
      images.set(id, newImage());
      if (busy) waiting.push({ id, url });
      else begin({ id, url });
    },

    // The <img> of a subject that is to be shown now, on its way if it was not yet; undefined for an unknown one.
    take(id) {
      const image = images.get(id);
      images.delete(id);
      const late = waiting.find((each) => each.id === id);
      waiting = waiting.filter((each) => each !== late);
      if (late) image.src = late.url;
      return image;
    },
  };
}
