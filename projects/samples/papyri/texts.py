"""The texts: beginnings of well-known Greek books, all out of copyright for two thousand years, typed for this project.

Small letters without accents or breathings. Words are parted here so that a person can check them; a scribe of the
second century parts none. The iota that printed books set below a vowel is left out, as many scribes did.
"""

from collections.abc import Iterator
from dataclasses import dataclass

VOWELS = set("αεηιουω")
STOPS, LIQUIDS = set("βγδθκπτφχ"), set("λμνρ")
MOST = 26  # letters that a verse may have in one line; a longer one is written as two, as in school copies


@dataclass(frozen=True)
class Passage:
    """key: for the catalogue. verse: whether each line of `text` is a verse; or runs on, `column` letters a line."""

    key: str
    text: str
    verse: bool = False
    column: int = 19


PASSAGES = (
    Passage("Homer, Iliad", """
        μηνιν αειδε θεα πηληιαδεω αχιληος
        ουλομενην η μυρι αχαιοις αλγε εθηκε
        πολλας δ ιφθιμους ψυχας αιδι προιαψεν
        ηρωων αυτους δε ελωρια τευχε κυνεσσιν
        οιωνοισι τε πασι διος δ ετελειετο βουλη
        εξ ου δη τα πρωτα διαστητην ερισαντε
        ατρειδης τε αναξ ανδρων και διος αχιλλευς""", verse=True),
    Passage("Homer, Odyssey", """
        ανδρα μοι εννεπε μουσα πολυτροπον ος μαλα πολλα
        πλαγχθη επει τροιης ιερον πτολιεθρον επερσεν
        πολλων δ ανθρωπων ιδεν αστεα και νοον εγνω
        πολλα δ ο γ εν ποντω παθεν αλγεα ον κατα θυμον
        αρνυμενος ην τε ψυχην και νοστον εταιρων
        αλλ ουδ ως εταρους ερρυσατο ιεμενος περ
        αυτων γαρ σφετερησιν ατασθαλιησιν ολοντο
        νηπιοι οι κατα βους υπεριονος ηελιοιο""", verse=True),
    Passage("Hesiod, Works and Days", """
        μουσαι πιεριηθεν αοιδησι κλειουσαι
        δευτε δι εννεπετε σφετερον πατερ υμνειουσαι
        ον τε δια βροτοι ανδρες ομως αφατοι τε φατοι τε
        ρητοι τ αρρητοι τε διος μεγαλοιο εκητι""", verse=True),
    Passage("Sappho, Hymn to Aphrodite", """
        ποικιλοθρον αθανατ αφροδιτα παι διος δολοπλοκε λισσομαι σε μη μ ασαισι μηδ ονιαισι δαμνα ποτνια θυμον
        αλλα τυιδ ελθ αι ποτα κατερωτα τας εμας αυδας αιοισα πηλοι εκλυες πατρος δε δομον λιποισα χρυσιον ηλθες
        αρμ υπασδευξαισα καλοι δε σ αγον ωκεες στρουθοι περι γας μελαινας πυκνα διννεντες πτερ απ ωρανω ιθερος
        δια μεσσω αιψα δ εξικοντο συ δ ω μακαιρα μειδιαισαισ αθανατω προσωπω ηρε οττι δηυτε πεπονθα κωττι
        δηυτε καλημμι""", column=18),
    Passage("Herodotus, Histories", """
        ηροδοτου αλικαρνησσεος ιστοριης αποδεξις ηδε ως μητε τα γενομενα εξ ανθρωπων τω χρονω εξιτηλα γενηται μητε
        εργα μεγαλα τε και θωμαστα τα μεν ελλησι τα δε βαρβαροισι αποδεχθεντα ακλεα γενηται τα τε αλλα και δι ην
        αιτιην επολεμησαν αλληλοισι""", column=20),
    Passage("Thucydides, Histories", """
        θουκυδιδης αθηναιος ξυνεγραψε τον πολεμον των πελοποννησιων και αθηναιων ως επολεμησαν προς αλληλους
        αρξαμενος ευθυς καθισταμενου και ελπισας μεγαν τε εσεσθαι και αξιολογωτατον των προγεγενημενων
        τεκμαιρομενος οτι ακμαζοντες τε ησαν ες αυτον αμφοτεροι παρασκευη τη παση""", column=21),
    Passage("Plato, Apology", """
        οτι μεν υμεις ω ανδρες αθηναιοι πεπονθατε υπο των εμων κατηγορων ουκ οιδα εγω δ ουν και αυτος υπ αυτων
        ολιγου εμαυτου επελαθομην ουτω πιθανως ελεγον καιτοι αληθες γε ως επος ειπειν ουδεν ειρηκασιν""",
        column=18),
    Passage("Plato, Republic", """
        κατεβην χθες εις πειραια μετα γλαυκωνος του αριστωνος προσευξομενος τε τη θεω και αμα την εορτην βουλομενος
        θεασασθαι τινα τροπον ποιησουσιν ατε νυν πρωτον αγοντες""", column=17),
    Passage("Xenophon, Anabasis", """
        δαρειου και παρυσατιδος γιγνονται παιδες δυο πρεσβυτερος μεν αρταξερξης νεωτερος δε κυρος επει δε ησθενει
        δαρειος και υπωπτευε τελευτην του βιου εβουλετο τω παιδε αμφοτερω παρειναι ο μεν ουν πρεσβυτερος παρων
        ετυγχανε κυρον δε μεταπεμπεται απο της αρχης ης αυτον σατραπην εποιησε""", column=20),
    Passage("Aristotle, Metaphysics", """
        παντες ανθρωποι του ειδεναι ορεγονται φυσει σημειον δ η των αισθησεων αγαπησις και γαρ χωρις της χρειας
        αγαπωνται δι αυτας και μαλιστα των αλλων η δια των ομματων""", column=18),
    Passage("Euclid, Elements", """
        σημειον εστιν ου μερος ουθεν γραμμη δε μηκος απλατες γραμμης δε περατα σημεια ευθεια γραμμη εστιν ητις εξ
        ισου τοις εφ εαυτης σημειοις κειται επιφανεια δε εστιν ο μηκος και πλατος μονον εχει""", column=19),
    Passage("Hippocrates, Aphorisms", """
        ο βιος βραχυς η δε τεχνη μακρη ο δε καιρος οξυς η δε πειρα σφαλερη η δε κρισις χαλεπη""", column=16),
    Passage("Gospel of John", """
        εν αρχη ην ο λογος και ο λογος ην προς τον θεον και θεος ην ο λογος ουτος ην εν αρχη προς τον θεον παντα δι
        αυτου εγενετο και χωρις αυτου εγενετο ουδε εν ο γεγονεν εν αυτω ζωη ην και η ζωη ην
        το φως των ανθρωπων""", column=17),
)  # fmt: skip


def lines(passage: Passage) -> list[str]:
    """What stands in each written line: 9 to 27 letters, no spaces, every sigma σ."""
    text = passage.text.replace("ς", "σ")
    if passage.verse:
        return [part for verse in text.split("\n") if verse.strip() for part in _verse(verse.split())]
    return _running(text.split(), passage.column)


def _verse(words: list[str]) -> list[str]:
    """A verse, or its two halves, divided between words as near the middle as can be."""
    whole = "".join(words)
    if len(whole) <= MOST:
        return [whole]
    starts = [len("".join(words[:count])) for count in range(1, len(words))]
    middle = min(starts, key=lambda start: abs(2 * start - len(whole)))
    return [whole[:middle], whole[middle:]]


def _running(words: list[str], column: int) -> list[str]:
    """Each line ends with a word or a syllable, as near the column's width as can be; a short rest joins the last."""
    whole = "".join(words)
    ends = [0]
    while len(whole) - ends[-1] > column + 7:
        ends.append(min(_breaks(words), key=lambda at: abs(at - ends[-1] - column)))
    return [whole[start:end] for start, end in zip(ends, [*ends[1:], len(whole)], strict=True)]


def _breaks(words: list[str]) -> Iterator[int]:
    """Where a line may end, in letters from the beginning: after a word, and in a word before a syllable."""
    start = 0
    for word in words:
        yield from (start + at for at in range(2, len(word) - 1) if _syllable_begins(word, at))
        start += len(word)
        yield start


def _syllable_begins(word: str, at: int) -> bool:
    """A consonant before a vowel begins one, unless it belongs to the stop before it."""
    one, two = word[at], word[at + 1]
    return one not in VOWELS and two in VOWELS and not (one in LIQUIDS and word[at - 1] in STOPS)
