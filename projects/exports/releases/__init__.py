"""Releases: a project's data at a position of the record, in one archive with all that it takes to cite it."""
