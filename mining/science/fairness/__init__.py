"""Who does not play fair: answers in, findings out, with a bound on false alarms.

Each rule turns a volunteer's answers into trials that an honest person *hits* with at most a known chance e: to be
faster than a fifth of the usual time, to give the one answer that somebody always gives, to say what another said.
Against that stands somebody who does so with the chance s whatever they see, and else as an honest person: P = s + (1 -
s) e. The
**evidence** is the likelihood ratio of the two,

    E_s = product over hits of (s + (1 - s) e) / e    *    (1 - s) ^ misses,        E = mean of E_s over `STRENGTHS`

an e-value (Vovk and Wang 2021; Gruenwald, de Heide, Koolen 2024, "Safe testing"). For an honest volunteer E is a
supermartingale that begins at 1, so the chance that it *ever* exceeds x is at most 1/x (Ville 1939), however often one
looks. A volunteer is found where E reaches `tested / alarms` (`evidence.bound`): of all volunteers tested the expected
number of honest ones ever found is then about `alarms`. Precisely: the k-th who comes to be tested is held to at least
k / alarms, so over a project's life it is at most alarms * (1 + ln of how many). Pairs are counted as pairs.

What e is, each module says. It is estimated from the crowd, so the bound holds as far as honest people do not differ
from one another by more than the rule's tolerance (`lean`, `of_median`, `fall`): tests/science/test_fairness.py
measures it.

    fast       too fast for the usual time of the same questions
    same       always the same answer
    copies     says what another says
    character  recent answers are worth less than one's own earlier ones
    flagged    answers that can't be true together
"""

from mining.science.fairness.character import Fall, out_of_character
from mining.science.fairness.copies import Copy, copies
from mining.science.fairness.evidence import Finding, bound
from mining.science.fairness.fast import Timed, too_fast
from mining.science.fairness.flagged import too_often
from mining.science.fairness.predict import Predicted, predict
from mining.science.fairness.same import Same, same_answer

__all__ = [
    "Copy",
    "Fall",
    "Finding",
    "Predicted",
    "Same",
    "Timed",
    "bound",
    "copies",
    "out_of_character",
    "predict",
    "same_answer",
    "too_fast",
    "too_often",
]
