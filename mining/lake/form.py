"""The form of a partition: one row for each vote, text or other event, in the order of the ledger.

| entry | what it fills, beside position |
|---|---|
| vote | classification, subject, volunteer (who gave it, not the person), version, task, kind, key, value, at, first,
         counted |
| text | the same but key and value, with what was said in `text`: words, a number, an option of a long list |
| discount, restoration | classification |
| joining | volunteer (the alias), person |
| gold | subject, record, text (the expert), value (1 stands, 0 withdrawn) |
| known | a question of the gold row before it: subject, record, task, key |

`counted`: false for an un-helped answer on a known subject. What moves nothing has no row, nor has a retirement.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

FORM = 2
"""Goes up when the columns change, or what mining/ballots.py or mining/written.py make of an answer."""

CODED = ("entry", "task", "kind", "key")
WHOLE = ("position", "classification", "volunteer", "person", "record", "version", "at")

SCHEMA = pa.schema(
    [
        ("position", pa.int64()),
        ("entry", pa.string()),
        ("classification", pa.int64()),
        ("subject", pa.int64()),
        ("volunteer", pa.int64()),
        ("version", pa.int64()),
        ("task", pa.string()),
        ("kind", pa.string()),
        ("key", pa.string()),
        ("value", pa.float64()),
        ("at", pa.timestamp("us", "UTC")),
        ("first", pa.bool_()),
        ("counted", pa.bool_()),
        ("text", pa.string()),
        ("person", pa.int64()),
        ("record", pa.int64()),
    ]
)

ROW_GROUP = 1_000_000

# Whole numbers as differences: half the bytes of a dictionary's, and read twice as fast; subjects byte by byte, since
# their ids are random. The Arrow schema is left out: with it readers would take coded columns for categories.
OPTIONS = {
    "use_dictionary": [*CODED, "text", "value"],
    "column_encoding": dict.fromkeys(WHOLE, "DELTA_BINARY_PACKED") | {"subject": "BYTE_STREAM_SPLIT"},
    "compression": "zstd",
    "compression_level": 1,
    "store_schema": False,
}


def write(path: Path, table: pa.Table) -> None:
    pq.write_table(table, path, row_group_size=ROW_GROUP, **OPTIONS)


def read(path: Path) -> pa.Table:
    """Texts that come again stay codes, which saves most of the memory."""
    return pq.read_table(path, read_dictionary=list(CODED))
