"""The whole site on one machine, under one command: `python -m portal.supervisor` (what `make demo` runs).

It starts PostgreSQL and Redis from their wheels unless DATABASE_URL / REDIS_URL are set, prepares the database, then
keeps the web processes, one worker and beat running until Ctrl-C, SIGTERM or SIGHUP. Nothing outlives it.
"""
