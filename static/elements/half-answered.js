// <half-answered data-word="half answered">: marks the pictures that were begun in this tab. Only the browser knows
// of them: the classify page keeps a draft in this tab's storage (static/classify/work.js) until it is done.

const DRAFT = /^voorwerp\.draft\.(\d+)\./;

// The subjects of drafts, by workflow.
export function halfAnswered(storage) {
  const found = [];
  for (let at = 0; at < (storage?.length ?? 0); at += 1) {
    const workflow = DRAFT.exec(storage.key(at))?.[1];
    if (workflow) found.push({ workflow, subject: String(JSON.parse(storage.getItem(storage.key(at))).subject) });
  }
  return found;
}

function session() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null; // forbidden: then there are no drafts either
  }
}

globalThis.customElements?.define("half-answered", class extends HTMLElement {
  connectedCallback() {
    for (const { workflow, subject } of halfAnswered(session())) {
      const item = this.querySelector(`[data-workflow="${workflow}"] [data-subject="${subject}"]`);
      if (!item) continue;
      const word = document.createElement("span");
      word.className = "tag";
      word.textContent = this.dataset.word;
      item.append(word);
      item.parentElement.prepend(item);
    }
  }
});
