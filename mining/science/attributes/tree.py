"""A shallow tree that can be read: at each node the exact best split of any attribute.

A node is split where the gain is worth the description of the split, the attribute's name included,

    gain > ( log2(A (N - 1)) + log2(3^k - 2) - k H(S) + k1 H(S1) + k2 H(S2) ) / N,

(Fayyad and Irani's criterion, see `bins`, with A attributes to choose from), so that on labels that nothing tells
of the tree has no branch. Rows without a value go to the larger side and are counted. It is for reading; to
predict, train a classifier.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mining.science.attributes import kernels
from mining.science.attributes.columns import AttributeTable, Categories, Rows
from mining.science.attributes.labels import Labels
from mining.science.attributes.splits import Cut, best_split, over, prepare
from mining.science.confusion import Array
from mining.science.uncertainty import entropy_bits

DEPTH = 3
LEAST_ROWS = 5  # on each side of a split


@dataclass(frozen=True)
class Node:
    """One node; the first of a tree is its root.

    parent: its number, -1 of the root; right: whether it is the right side of the parent's split
    attribute, threshold, levels: the split below it; "" and None of a leaf
    shares: of each class [K]; missing: rows that went to the larger side for want of a value
    """

    parent: int
    depth: int
    right: bool
    rows: int
    shares: tuple[float, ...]
    attribute: str = ""
    threshold: float | None = None
    levels: tuple[str, ...] | None = None
    gain_bits: float = 0.0
    missing: int = 0
    missing_right: bool = False


def grow(table: AttributeTable, labels: Labels, *, depth: int = DEPTH) -> tuple[Node, ...]:
    """The tree of a table of labelled rows (`gain.labelled`), nodes before their children, left before right."""
    nodes: list[Node] = []
    waiting: list[tuple[Rows, int, int, bool]] = [(np.arange(len(labels)), -1, 0, False)]
    while waiting:
        rows, parent, at_depth, right = waiting.pop()
        here, said = table.take(rows), _at(labels, rows)
        shares = tuple(float(share) for share in said.weights().mean(axis=0))
        plain = Node(parent, at_depth, right, len(rows), shares)
        found = _split(here, said) if at_depth < depth else None
        if found is None:
            nodes.append(plain)
            continue
        name, cut, goes_right, missing = found
        missing_right = bool(goes_right[missing].any())
        nodes.append(
            Node(
                parent, at_depth, right, len(rows), shares, name, cut.threshold, cut.levels, cut.gain,
                int(missing.sum()), missing_right,
            )
        )  # fmt: skip
        number = len(nodes) - 1
        waiting += [
            (rows[goes_right], number, at_depth + 1, True),
            (rows[~goes_right], number, at_depth + 1, False),
        ]
    return tuple(nodes)


def text(nodes: tuple[Node, ...], classes: tuple[str, ...]) -> str:
    """The tree as lines, one a node, indented."""
    lines = []
    for node in nodes:
        told = f"{node.rows:,} rows, " + ", ".join(
            f"{name} {share:.2f}" for name, share in zip(classes, node.shares, strict=True)
        )
        lines.append("  " * node.depth + (told if node.parent < 0 else f"{rule(nodes, node)}: {told}"))
    return "\n".join(lines)


def rule(nodes: tuple[Node, ...], node: Node) -> str:
    """The condition that leads from its parent to a node."""
    above = nodes[node.parent]
    if above.levels is not None:
        said = f"{above.attribute} {'is' if node.right else 'is not'} {' or '.join(above.levels)}"
    else:
        said = f"{above.attribute} {'>' if node.right else '<='} {above.threshold:.6g}"
    return f"{said} or missing" if above.missing and above.missing_right == node.right else said


def _at(labels: Labels, rows: Rows) -> Labels:
    codes = None if labels.codes is None else labels.codes[rows]
    shares = None if labels.shares is None else labels.shares[rows]
    return Labels(labels.classes, np.arange(len(rows)), len(rows), codes=codes, shares=shares)


def _split(
    table: AttributeTable, labels: Labels
) -> tuple[str, Cut, np.typing.NDArray[np.bool_], np.typing.NDArray[np.bool_]] | None:
    """(attribute, cut, rows that go right, rows without a value) of the best split that is worth it, or None."""
    squares = kernels.x_log_x(len(labels))
    prepared = over(table.columns, prepare)
    cuts = over(prepared, lambda one: best_split(one, labels, squares))
    # bits saved over all rows: a gain on few rows is worth little
    saved = [cut.gain * len(one) for cut, one in zip(cuts, prepared, strict=True)]
    best = int(np.argmax(saved))
    column, cut = table.columns[best], cuts[best]
    missing = column.missing
    if isinstance(column, Categories):
        goes = np.isin(column.codes, [column.levels.index(level) for level in cut.levels or ()])
    elif cut.threshold is None:
        return None
    else:
        goes = np.asarray(column.values > cut.threshold)
    goes[missing] = goes[~missing].sum() * 2 > (~missing).sum()
    weights = labels.weights()
    sides = [weights[goes & ~missing].sum(axis=0), weights[~goes & ~missing].sum(axis=0)]
    if min(side.sum() for side in sides) < LEAST_ROWS or not _worth(sides, len(table.columns)):
        return None
    return column.name, cut, goes, missing


def _worth(sides: list[Array], n_columns: int) -> bool:
    everything = sides[0] + sides[1]
    n = everything.sum()
    bits, used = float(entropy_bits(everything / n)), int((everything > 1e-9).sum())
    within = [
        (side.sum(), float(entropy_bits(side / side.sum())), int((side > 1e-9).sum())) for side in sides
    ]
    gain = bits - sum(rows * h for rows, h, _ in within) / n
    delta = np.log2(3.0**used - 2.0) - used * bits + sum(k * h for _, h, k in within)
    return bool(gain > (np.log2(n_columns * (n - 1)) + delta) / n)
