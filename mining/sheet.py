"""The texts of one subject under one task of kind text: the part of the online state that texts have.

Like votes they follow the ledger: a person has one text a task and subject (a second one, should the record hold it,
is counted as asked only), a discount takes it out again, a joining makes the alias's text the person's.
"""

from dataclasses import dataclass, field


@dataclass
class Sheet:
    """asked: counted classifications that came to the task, also empty ones. The lists go together, by receipt."""

    asked: int = 0
    classifications: list[int] = field(default_factory=list)
    writers: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def add(self, classification: int, person: int, text: str) -> None:
        self.asked += 1
        if text and person not in self.writers:
            self.classifications.append(classification)
            self.writers.append(person)
            self.texts.append(text)

    def discount(self, classification: int) -> None:
        self.asked -= 1
        if classification in self.classifications:
            self._take_out(self.classifications.index(classification))

    def join(self, alias: int, person: int) -> bool:
        """Whether the alias had written here. Where both have, the alias's text is taken out."""
        if alias not in self.writers:
            return False
        if person in self.writers:
            self._take_out(self.writers.index(alias))
        else:
            self.writers[self.writers.index(alias)] = person
        return True

    def _take_out(self, at: int) -> None:
        del self.classifications[at], self.writers[at], self.texts[at]
