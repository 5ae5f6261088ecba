"""Triage: rules, then models, then people decide. What of it needs no database: policies, rules' conditions, which
verdict is the stricter. Pure."""

STRICTNESS = {"ok": 0, "error": 1, "restricted": 2, "adult": 3, "fraud": 4, "prohibited": 5}
"""Verdict to its rank: where two are due, the stricter stands. Where there is nothing to judge (error) something is at
least to be mended, so that is more than ok."""


def strictest(verdicts: "list[str]") -> str:
    return max(verdicts, key=STRICTNESS.__getitem__)
