"""The lab: where a team makes its project, without a shell.

Every write is a verb of projects/services, as everywhere.
"""
