"""Papyri: lines of ancient Greek on worn papyrus, drawn by this programme. Simulated, and said so where shown."""
