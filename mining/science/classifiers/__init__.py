"""Classifiers that learn from votes: frozen encoder, blocks side by side, two linear heads on raw vote counts, a gate.

raws = {"picture": encoder(best()[0]).encode(files), "attributes": Table(...), "text": hashed(texts)}
made = Classifier.fit(raws, counts, answers, groups=names)
made.tell(raws_of_others).probabilities
"""

from mining.science.classifiers.blocks import Raw, Table
from mining.science.classifiers.gate import Verdict, judge
from mining.science.classifiers.model import Classifier, ClassifierError, Told
from mining.science.classifiers.scores import Scores, score

__all__ = ["Classifier", "ClassifierError", "Raw", "Scores", "Table", "Told", "Verdict", "judge", "score"]
