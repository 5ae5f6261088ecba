// image: the subject's picture, to look at closely.

import "../viewer.js";

export function createViewer({ root }) {
  const picture = root.querySelector("vw-viewer");
  return {
    show: (subject, image) => picture.show({ url: "", alt: "", ...subject.media[0], image }),
    act: (action) => picture.do(action),
    picture,
  };
}
