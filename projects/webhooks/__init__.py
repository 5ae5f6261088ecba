"""Telling other programs: where a message may go, how it is signed and sent, what it says, who sends it."""
