"""Tables that a researcher takes away, written a page at a time: memory does not grow with the data."""
