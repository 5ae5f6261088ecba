"""What each process of the site runs: the demo's supervisor and `python -m portal.start` (containers) read it here."""

import sys

WEB = (
    "uvicorn", "portal.asgi:application",
    "--lifespan", "off",
    "--no-access-log", "--no-proxy-headers", "--no-server-header",
)  # fmt: skip
CELERY = ("celery", "--app", "portal.celery:app", "--quiet")
THREADS = 4  # of the worker: a long job must not hold up the live one


def web(*, listen: tuple[str, ...], processes: int, patience: int) -> list[str]:
    """`listen`: uvicorn's words for where. `patience`: seconds that open requests get at the end.

    The number of processes is always said: else uvicorn takes WEB_CONCURRENCY from the environment by itself.
    """
    return _python(
        *WEB, *listen, "--workers", str(processes), "--timeout-graceful-shutdown", str(patience)
    )  # fmt: skip


def worker() -> list[str]:
    return _python(
        *CELERY, "worker", "--pool", "threads", "--concurrency", str(THREADS), "--queues", "fast,heavy",
        "--without-gossip", "--without-mingle",
    )  # fmt: skip


def beat() -> list[str]:
    """One for the whole site."""
    return _python(*CELERY, "beat")


def _python(*module: str) -> list[str]:
    return [sys.executable, "-m", *module]
