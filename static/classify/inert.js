// Text of strangers, with what would act on the text around it made visible instead of obeyed.
//
// Embeddings, overrides and isolates of writing direction can make "gpj.exe" read "exe.jpg"; other control characters
// have no business in a sentence. Each becomes its number, such as [U+202E]. Line breaks, tabs and the two marks of
// direction, which plain Arabic or Hebrew needs, stay.

const ACTING = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\uFFF9-\uFFFB]/g;

const named = (character) => `[U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}]`;

export function inert(value) {
  return String(value).replace(/\r\n?|[\u2028\u2029]/g, "\n").replace(ACTING, named);
}
