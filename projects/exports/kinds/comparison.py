"""comparison: as of single; what left and right are stands in the subject's members."""

from projects.exports.kinds.single import annotation, columns, flat

__all__ = ["annotation", "columns", "flat"]
