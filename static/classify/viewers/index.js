// How a subject is shown, by the kind that a workflow's definition names. One module a kind, of the same name as in
// projects/tasks/viewer.py; only the one that the workflow needs is fetched.
//
// A kind exports `createViewer({root, viewer})`: the section in which it shows, and its part of the definition. It returns
// {show(subject, image, other), act(action), picture}, where `image` is an <img> on its way, or undefined, and `other` that of
// a pair's right one; an action is what a button or a key asks for; `picture` is the <vw-viewer>, on which a task may lay
// what it draws.

const KINDS = {
  image: () => import("./image.js"),
  listing: () => import("./listing.js"),
  pair: () => import("./pair.js"),
};

export async function loadViewer({ root, viewer }) {
  const { createViewer } = await KINDS[viewer.kind]();
  return createViewer({ root, viewer });
}
