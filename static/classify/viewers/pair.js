// pair: the first two pictures of a pair subject side by side, the members in their order. A button is for its own picture, a
// key for both, so that two that are compared are seen alike; each has its own zoom by pointer.

import "../viewer.js";

export function createViewer({ root }) {
  const [left, right] = root.querySelectorAll("vw-viewer");
  return {
    show(subject, image, other) {
      left.show({ url: "", alt: "", ...subject.media[0], image });
      right.show({ url: "", alt: "", ...subject.media[1], image: other });
    },
    act(action) {
      left.do(action);
      right.do(action);
    },
    picture: left,
  };
}
