"""CPU time of groups of processes, from /proc, children that have ended included."""

from collections.abc import Mapping

import psutil


def cpu_ms(pid: int) -> float:
    """User and system time of a process and its living and reaped descendants, in milliseconds."""
    try:
        parent = psutil.Process(pid)
        family = [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return 0.0
    total = 0.0
    for process in family:
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + times.children_user + times.children_system
    return total * 1000


def by_group(groups: Mapping[str, int]) -> dict[str, float]:
    return {name: cpu_ms(pid) for name, pid in groups.items()}


def spent(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    return {name: after[name] - before[name] for name in after}
