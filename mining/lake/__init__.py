"""The lake: the record of a workflow as flat rows in Parquet files, for batch mining to read instead of the database.

    LAKE_DIR/WORKFLOW/manifest.json      what counts: the partitions in order, each with its rows, bytes and sha256
    LAKE_DIR/WORKFLOW/AFTER-TO-SUM.parquet   the entries of the ledger with AFTER < position <= TO
    LAKE_DIR/WORKFLOW/lock               held by who appends

It is derived: it may be thrown away at any time, and what of it is damaged, missing or of another history is told from
what is right and made again from the database (`append`). A reader takes the partitions that are right and the rest
from the database (`read`), so runs give the same rows with and without it. docs/decisions/0029-the-lake.md
"""
