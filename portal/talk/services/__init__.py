"""The verbs of Talk: every write goes through one of these."""
