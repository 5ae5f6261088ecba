"""The desk: where people of the team decide, one item at a time or a seller's items at once.

Every write is a verb of projects/services, as everywhere.
"""
