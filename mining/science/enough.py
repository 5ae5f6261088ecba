"""How many known answers are enough. Loads nothing: web processes read it too."""

LEAST_GOLD = 50
"""Known items with votes from which certainty is given and accuracy is judged; docs/science.md says why."""
