"""What the gate says, and what a classifier looks at, in words."""

from typing import Any

from django.utils.translation import gettext as _


def reason_words(code: str, facts: dict[str, Any], labels: dict[str, str]) -> str:
    """Of mining/science/classifiers/gate.py. labels: answer key to its words."""
    if code == "few":
        return _(
            "Only %(n)s subjects were held back to judge it, and %(least)s are needed. More answers will bring them."
        ) % {"n": facts["n"], "least": facts["least"]}
    if code == "outside":
        return _(
            "It was trained elsewhere. Nobody can know here what it learnt from, so it never speaks for its question"
            " and weighs in nothing. What people answer after it has spoken tells how good it is."
        )
    if code == "one answer":
        answer = labels.get(facts["answer"], facts["answer"])
        return _("Most people gave the same answer on all subjects that judge it: %(answer)s.") % {
            "answer": answer
        }
    if code == "no better than shares":
        return _(
            "It is not surely better than saying the same of every subject: %(mean)s nats a vote, 95 %% interval"
            " %(low)s to %(high)s."
        ) % _signed(facts)
    if code == "worse":
        return _(
            "It is worse than the champion: %(mean)s nats a vote, 95 %% interval %(low)s to %(high)s."
        ) % _signed(facts)
    if code == "recall":
        answer = labels.get(facts["answer"], facts["answer"])
        return _("Of %(answer)s it finds %(fall)s points fewer than the champion, of %(n)s subjects.") % {
            "answer": answer,
            "fall": f"{100 * facts['fall']:.0f}",
            "n": facts["n"],
        }
    if code == "uncalibrated":
        return _("Its probabilities are off by %(error)s; on so few subjects up to %(usual)s is usual.") % {
            "error": f"{facts['error']:.3f}",
            "usual": f"{facts['usual']:.3f}",
        }
    return code


def source_words(name: str) -> str:
    kind, _colon, which = name.partition(":")
    if kind == "picture" and which == "lite0":
        return _("the picture, through EfficientNet-Lite0, which learnt from photographs")
    if kind == "picture":
        return _("the picture, by light, colour and edges: a stand-in, since no network is installed")
    if kind == "text":
        return _("the text, by its runs of one to four letters, in any language")
    return _("the catalogue attributes")


def _signed(facts: dict[str, Any]) -> dict[str, str]:
    return {name: f"{facts[name]:+.3f}" for name in ("mean", "low", "high")}
