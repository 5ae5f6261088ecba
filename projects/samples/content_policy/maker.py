"""Makes the subjects of Content policy: drawn pictures as PNG files and `subjects.csv`. Needs no network.

The same files for the same seed and versions of the libraries. A few seconds.
"""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from projects.samples.content_policy.drawings import DRAWINGS, Sheet
from projects.samples.content_policy.drawings.scene import blank, photograph
from projects.samples.content_policy.listings import Listing, compose

SEED = 20261123
WITH_WORDS = {"covered box", "covered magazine", "pill bottle", "gift card", "play money", "tickets"}
TRAINING, EXAM, CHECKS = 2, 3, 2
"""Listings of each verdict. The exam asks eight of its eighteen, so there is enough for two tries."""

GOLD_COLUMNS = (
    "external_id", "workflow", "use", "secret", "T0", "right_message", "wrong_message", "expert",
)  # fmt: skip
MESSAGES = {
    "no_restrictions": ("Harmless, and fairly offered.", "Nothing in the policy speaks against it."),
    "restricted_display": (
        "Legal, but not for everybody.",
        "It is legal, but only for adults or in some places.",
    ),
    "adult": ("Of a sexual nature, however it is packed.", "Look at what is sold, not at how it is packed."),
    "prohibited": ("It must not be sold at all.", "The policy's list of what must not be sold has it."),
    "suspected_fraud": (
        "The thing is harmless, the offer is not.",
        "Price, seller and how it is to be paid: put them together.",
    ),
    "task_error": ("There is nothing to judge.", "Something is missing here, so that nobody could judge it."),
}
"""Said in the training after a right and after a wrong answer, by verdict."""

OFFERS, HONEST = 16, 8
"""Of the set whose texts are marked: so many frauds and so many others, composed apart from the listings."""

WITHOUT_ROOM = {"missing", "empty form"}


def make(folder: Path, progress: Callable[[str], None]) -> None:
    """Writes images/*.png and subjects.csv into `folder` (made when absent); tells each step."""
    (folder / "images").mkdir(parents=True, exist_ok=True)
    listings = compose(SEED)
    progress(f"Content policy: drawing {len(listings)} pictures")
    rows = []
    for number, listing in enumerate(listings, start=1):
        name = f"listing-{number:03d}"
        _draw(listing, folder / "images" / f"{name}.png", np.random.default_rng([SEED, number]))
        rows.append(_row(name, listing))
    for number, listing in enumerate(offers(), start=1):
        name = f"offer-{number:02d}"
        _draw(listing, folder / "images" / f"{name}.png", np.random.default_rng([SEED + 1, number]))
        rows.append(_row(name, listing, subject_set="offers"))
    with (folder / "subjects.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    with (folder / "gold.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, fieldnames=list(GOLD_COLUMNS), lineterminator="\n")
        table.writeheader()
        table.writerows(known(rows))
    progress(f"Content policy: {len(rows)} subjects made")


def offers() -> list[Listing]:
    """Frauds and honest ones in turn."""
    made = compose(SEED + 1)
    frauds = [each for each in made if each.lures][:OFFERS]
    honest = [each for each in made if each.verdict == "no_restrictions"][:HONEST]
    return [each for at in range(HONEST) for each in (*frauds[2 * at : 2 * at + 2], honest[at])]


def known(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Known answers: of each verdict, as they come, the first for training, the next for the exam, the rest of its
    share for hidden checks. The truth is the verdict with which the listing was made."""
    wanted = [*["training"] * TRAINING, *["exam"] * EXAM, *["check"] * CHECKS]
    by_verdict: dict[str, list[str]] = {}
    for row in rows:
        by_verdict.setdefault(row["meta:#verdict"], []).append(row["external_id"])
    made = []
    for verdict, names in sorted(by_verdict.items()):
        for name, use in zip(names, wanted, strict=False):
            right, wrong = MESSAGES[verdict] if use == "training" else ("", "")
            cells = (
                name,
                "verdicts",
                use,
                "yes" if use == "check" else "no",
                verdict,
                right,
                wrong,
                "policy team",
            )
            made.append(dict(zip(GOLD_COLUMNS, cells, strict=True)))
    return made


def _draw(listing: Listing, path: Path, rng: np.random.Generator) -> None:
    sheet = Sheet()
    DRAWINGS[listing.drawing](sheet, listing.colour, rng)
    if listing.drawing in WITHOUT_ROOM:
        picture = blank(sheet)
    else:
        picture = photograph(sheet, rng, mirrored=listing.drawing not in WITH_WORDS)
    picture.save(path, compress_level=6)


def _row(name: str, listing: Listing, subject_set: str = "listings") -> dict[str, str]:
    """Verdict and lures are the team's alone: keys with # never reach a volunteer."""
    spans = [{"label": label, "start": start, "end": end} for label, start, end in listing.lures]
    return {
        "external_id": name,
        "subject_set": subject_set,
        "file": f"images/{name}.png",
        "alt": f"A drawn picture: {listing.alt}.",
        "meta:Title": listing.title,
        "meta:Text": listing.text,
        "meta:Price": f"{listing.price} EUR",
        "meta:Seller": listing.seller,
        "meta:Selling for": _since(listing.seller_days),
        "meta:Country": listing.country,
        "meta:#verdict": listing.verdict,
        "meta:#lures": json.dumps({"text": listing.text, "spans": spans}) if subject_set == "offers" else "",
        "attr:price": str(listing.price),
        "attr:price_share": f"{listing.price / (sum(listing.usual) / 2):.4f}",
        "attr:seller_age": str(listing.seller_days),
        "attr:seller_listings": str(listing.seller_listings),
        "attr:title_length": str(len(listing.title)),
        "attr:text_length": str(len(listing.text)),
        "attr:country": listing.country,
        "attr:category": listing.category,
    }


def _since(days: int) -> str:
    if days < 60:
        return f"{days} days"
    return f"{days // 30} months" if days < 730 else f"{days // 365} years"
