"""What counts at a position, from the rows of the lake: the same as mining/frames.py finds in the database."""

import polars as pl

from mining.frames import SCHEMA, Sheets
from mining.known import settled
from mining.sheet import Sheet
from projects.services import get_version


def votes_of(rows: pl.DataFrame) -> pl.DataFrame:
    """`mining.frames.votes_frame` of the rows up to a position."""
    return _answers(rows, "vote", counted=True).select(_columns())


def checks_of(rows: pl.DataFrame) -> pl.DataFrame:
    """`mining.frames.checks_frame`."""
    known = pl.DataFrame(
        [(task, subject, truth) for task, of in known_of(rows).items() for subject, truth in of.items()],
        schema={"task": pl.String, "subject": pl.Int64, "truth": pl.String},
        orient="row",
    )
    answers = _answers(rows, "vote", counted=False).select(_columns())
    return answers.join(known, on=["task", "subject"], how="inner", maintain_order="left")


def sheets_of(rows: pl.DataFrame) -> dict[str, Sheets]:
    """`mining.frames.sheets`."""
    found: dict[str, Sheets] = {}
    texts = _answers(rows, "text", counted=True)
    for task, subject, classification, person, text, version in texts.select(
        "task", "subject", "classification", "volunteer", "text", "version"
    ).iter_rows():
        body = get_version(version).definition.tasks[task]
        of_task = found.setdefault(task, {})
        sheet, _ = of_task.get(subject, (Sheet(), body))
        sheet.add(classification, person, text)
        of_task[subject] = sheet, body
    return found


def known_of(rows: pl.DataFrame) -> dict[str, dict[int, str]]:
    """`mining.known.known_at`: of each expert the newest record on a subject stands, unless it was withdrawn."""
    newest: dict[int, dict[str, int | None]] = {}
    gold = rows.filter(pl.col("entry") == "gold").sort("record")
    for subject, record, expert, stands in gold.select("subject", "record", "text", "value").iter_rows():
        newest.setdefault(subject, {})[expert] = record if stands else None
    standing = {record for of in newest.values() for record in of.values() if record is not None}
    given: dict[tuple[str, int], list[str]] = {}
    known = rows.filter(pl.col("entry") == "known")
    for task, subject, record, key in known.select("task", "subject", "record", "key").iter_rows():
        if record in standing:
            given.setdefault((task, subject), []).append(key)
    found: dict[str, dict[int, str]] = {}
    for (task, subject), keys in given.items():
        if truth := settled(keys):
            found.setdefault(task, {})[subject] = truth
    return found


def discounted(rows: pl.DataFrame) -> pl.DataFrame:
    """The classifications on which a discount stands, as a frame of one column."""
    changes = rows.filter(pl.col("entry").is_in(["discount", "restoration"]))
    change = pl.when(pl.col("entry") == "discount").then(1).otherwise(-1)
    net = changes.group_by("classification").agg(change.sum().alias("net"))
    return net.filter(pl.col("net") > 0).select("classification")


def joined(rows: pl.DataFrame) -> pl.DataFrame:
    """Alias (`volunteer`) and person."""
    return rows.filter(pl.col("entry") == "joining").select("volunteer", "person")


def _answers(rows: pl.DataFrame, entry: str, *, counted: bool) -> pl.DataFrame:
    """Rows of answers that stand, each with its person as `volunteer`, in the order of the ledger."""
    answers = rows.filter((pl.col("entry") == entry) & (pl.col("counted") == counted)).drop("person")
    answers = answers.join(discounted(rows), on="classification", how="anti", maintain_order="left")
    answers = answers.join(joined(rows), on="volunteer", how="left", maintain_order="left")
    return answers.with_columns(pl.coalesce("person", "volunteer").alias("volunteer"))


def _columns() -> list[pl.Expr]:
    return [pl.col(name).cast(kind) for name, kind in SCHEMA.items()]
