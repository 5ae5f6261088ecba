"""Memory does not grow with the data."""

import os
import time
import tracemalloc
import urllib.request

import httpx
import psutil
import pytest

from projects.exports.files import pieces
from tests.load.size import size
from tests.projects.exports.bulk import ANSWERS, make_big_workflow

MB = 1_000_000
PATH = "/api/v1/projects/zoo/workflows/shapes/"


def peak(name: str, subjects: int) -> tuple[int, int]:
    """(bytes of Python objects at the most, lines) while a table of that many subjects is written."""
    workflow = make_big_workflow(subjects)
    lines = sum(
        piece.count("\n") for piece in pieces(name, workflow, team=True)
    )  # warms what is kept for good
    tracemalloc.start()
    try:
        for _ in pieces(name, workflow, team=True):
            pass
        return tracemalloc.get_traced_memory()[1], lines
    finally:
        tracemalloc.stop()


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "rows"), [("catalogue", 1), ("classifications", ANSWERS)])
def test_writing_a_table_takes_memory_for_a_page(name: str, rows: int):
    most, lines = peak(name, 4000)
    assert lines == 1 + 4000 * rows
    # A page of a thousand rows, parsed, is 4 to 7 MB; all rows at once are 14 (catalogue) and 38 (classifications).
    assert most < 9 * MB


def server_at(address: str) -> psutil.Process:
    port = int(address.rsplit(":", maxsplit=1)[1])
    own = psutil.Process(os.getpid())
    return next(
        child
        for child in own.children(recursive=True)
        if any(c.laddr and c.laddr.port == port for c in child.net_connections("tcp"))
    )


@pytest.mark.soak
@pytest.mark.django_db(transaction=True)
def test_the_site_streams_in_flat_memory(live_site: str):
    """Half of the subjects are retired and go out: of 80,000 so many rows of the catalogue, 200,000 classifications."""
    subjects = size(2000, 80_000)
    make_big_workflow(subjects)
    server = server_at(live_site)
    for name, rows in (("catalogue", subjects // 2), ("classifications", subjects // 2 * ANSWERS)):
        urllib.request.urlopen(live_site + PATH + "columns.csv").read()
        before, most, lines = server.memory_info().rss, 0, 0
        started = time.perf_counter()
        first = None
        with httpx.stream("GET", f"{live_site}{PATH}{name}.csv", timeout=60) as response:
            for part in response.iter_bytes(1_000_000):
                first = first or time.perf_counter() - started
                lines += part.count(b"\n")
                most = max(most, server.memory_info().rss)
        seconds = time.perf_counter() - started
        print(
            f"{name}: {lines - 1:,} rows in {seconds:.1f} s ({lines / seconds:,.0f}/s), first megabyte after "
            f"{first or 0:.2f} s, memory {before / MB:.0f} -> {most / MB:.0f} MB"
        )
        assert lines == 1 + rows
        assert most - before < 60 * MB
