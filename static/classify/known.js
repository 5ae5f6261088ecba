// What a known answer is for, chosen beside the question; kept for the next one, but for its messages.

export function createEntry({ form, url, memory }) {
  const uses = [...form.querySelectorAll("[name=use]")];
  const secret = form.querySelector("[name=secret]");
  const messages = ["right_message", "wrong_message"].map((name) => form.querySelector(`[name=${name}]`));
  const use = () => uses.find((each) => each.checked).value;

  function show() {
    for (const each of form.querySelectorAll("[data-for]")) each.hidden = each.dataset.for !== use();
  }

  const before = memory.get("known.use", "check");
  for (const each of uses) each.checked = each.value === before;
  form.addEventListener("change", () => {
    memory.set("known.use", use());
    show();
  });
  show();

  return {
    // The item as the outbox sends it.
    prepare(item) {
      const { subject, annotations } = item.body;
      const said = Object.fromEntries(messages.map((field) => [field.name, use() === "training" ? field.value.trim() : ""]));
      for (const field of messages) field.value = "";
      return { ...item, url, body: { subject, annotations, use: use() || null, secret: secret.checked, ...said } };
    },
  };
}
