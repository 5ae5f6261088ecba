"""Content policy: listings of a market that does not exist, written and drawn for this project."""
