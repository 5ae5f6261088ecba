// The page's words, which the server has put through gettext (portal/pages/classify_texts.py).

let texts = {};

export function setTexts(given) {
  texts = given;
}

export function t(key, values = {}) {
  const text = texts[key];
  if (text === undefined) throw new Error(`No text called ${key}`);
  return text.replace(/\{(\w+)\}/g, (_, name) => String(values[name]));
}
