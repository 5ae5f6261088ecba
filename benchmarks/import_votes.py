"""How fast do a million crowd labels come in? `python -m benchmarks.import_votes [--votes 1000000]`.

Makes a file of votes (ten an item, 5,000 workers, four labels, in no order), takes it in with `manage.py import_votes`
into a durable database, and prints votes a second, from the command's start to its end; beside it what a plain COPY of
the same file into a table without an index takes, before and after, and the ratio to it; and the processor time of both
processes, which a busy machine does not change much: they hardly work at the same time. Then the same file once more.
"""

import argparse
import os
import random
import time
from pathlib import Path

import psycopg

from benchmarks.cpu import by_group, spent
from benchmarks.site import Stage, stage
from portal.embedded.postgres import dsn

LABELS = ("spiral", "elliptical", "merger", "star or artifact")
WORKERS = 5_000
AN_ITEM = 10


def write_votes(path: Path, votes: int, seed: int = 1) -> None:
    draw = random.Random(seed)
    items = [f"item-{number // AN_ITEM:07d}" for number in range(votes)]
    draw.shuffle(items)
    with path.open("w", encoding="utf-8") as file:
        file.write("item,worker,label\n")
        for item in items:
            file.write(f"{item},worker-{draw.randrange(WORKERS):05d},{draw.choice(LABELS)}\n")


def plain_copy(here: Stage, path: Path) -> float:
    """Seconds."""
    with psycopg.connect(dsn(here.servers.places)) as connection:
        connection.execute("DROP TABLE IF EXISTS plain")
        connection.execute("CREATE TABLE plain (item text, worker text, label text)")
        connection.commit()
        started = time.monotonic()
        with (
            connection.cursor().copy("COPY plain FROM STDIN (FORMAT csv, HEADER)") as copy,
            path.open("rb") as file,
        ):
            while block := file.read(1 << 18):
                copy.write(block)
        connection.commit()
        return time.monotonic() - started


def imported(here: Stage, path: Path) -> tuple[float, float, float]:
    """Seconds: by the clock, of the command's processor, of PostgreSQL's."""
    groups = {"command": os.getpid(), "postgres": here.pids["postgres"]}
    started, before = time.monotonic(), by_group(groups)
    print(here.run("manage.py", "import_votes", str(path), "--project", "million"), end="")
    cpu = spent(before, by_group(groups))
    ours = cpu["command"] - cpu["postgres"]  # the server is a child of this process too
    return time.monotonic() - started, ours / 1000, cpu["postgres"] / 1000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--votes", type=int, default=1_000_000)
    votes = parser.parse_args().votes
    with stage() as here:
        path = here.servers.places.var / "votes.csv"
        write_votes(path, votes)
        before = plain_copy(here, path)
        seconds, command, postgres = imported(here, path)
        plain = (before + plain_copy(here, path)) / 2
        print(f"{votes:,} votes in {seconds:.1f} s: {votes / seconds:,.0f} votes/s")
        print(
            f"a plain COPY of the file: {plain:.2f} s; the import takes {seconds / plain:.1f} times as long"
        )
        print(
            f"processors: {command:.1f} s in the command, {postgres:.1f} s in PostgreSQL, "
            f"{votes / (command + postgres):,.0f} votes a second of theirs"
        )
        again = imported(here, path)[0]
        print(f"the same file again, nothing to add: {again:.1f} s")


if __name__ == "__main__":
    main()
