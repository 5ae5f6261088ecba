"""Text as counts of its character n-grams, hashed: stateless, of any language and script, in no vocabulary of ours.

Nothing turns into an "unknown" token: a word of Greek is its own n-grams. Weights by rarity (TF-IDF) are learnt with
the head (mining/science/classifiers/blocks.py).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import HashingVectorizer

WIDTH = 2**15
ID = f"characters-1-4-{WIDTH}"


def hashed(texts: Sequence[str]) -> csr_matrix:
    """[N, WIDTH], rows of length 1 (0 where a text is empty), float32. Case and composed letters are folded."""
    maker = HashingVectorizer(
        analyzer="char_wb", ngram_range=(1, 4), n_features=WIDTH, alternate_sign=False, norm="l2", lowercase=False,
        dtype="float32",
    )  # fmt: skip
    folded = [unicodedata.normalize("NFC", text.casefold()) for text in texts]
    return csr_matrix(maker.transform(folded)) if folded else csr_matrix((0, WIDTH), dtype="float32")
