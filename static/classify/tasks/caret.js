// The first answer asks for consent in a dialog; when that closes, the browser gives the field its focus back, but not
// its caret.

export async function keepCaret(field, act) {
  const caret = field.selectionEnd;
  let left = false;
  const leave = () => {
    left = true;
  };
  field.addEventListener("blur", leave);
  await act();
  field.removeEventListener("blur", leave);
  if (left && document.activeElement === field) field.setSelectionRange(caret, caret);
}
