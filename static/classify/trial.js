// A draft's answers, as the server checks them; nothing of them is kept.

export function createTrial({ url, edition }) {
  return {
    // The item as the outbox sends it.
    prepare(item) {
      const { subject, annotations } = item.body;
      return { ...item, url, body: { edition, subject, annotations } };
    },
  };
}
