"""The tables of attributes in docs/science.md: `python -m benchmarks.gain_table DATA`
(DATA/galaxy_catalogue/table.csv).

The real table twice, with its sentinels as values and as missing, and how often a planted effect is found. Writes
between the marks in docs/science.md.
"""

import sys
from pathlib import Path

import numpy as np

from benchmarks.science_table import write
from mining.science.attributes import redundancy
from mining.science.attributes.columns import AttributeTable, Numbers
from mining.science.attributes.files import read_frame
from mining.science.attributes.gain import gains
from mining.science.attributes.labels import Labels, labels_of
from mining.science.attributes.table import attribute_table
from mining.science.separation import separate

SENTINEL = "-9999"
SETS, ROWS, COLUMNS = 100, 200, 16
SHIFTS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0)


def main() -> None:
    folder = Path(sys.argv[1]).resolve()
    write("attributes", galaxies(folder / "galaxy_catalogue" / "table.csv"), "gain_table")
    write("power", power(), "gain_table")


def galaxies(path: Path) -> str:
    frame = read_frame(path)
    labels = labels_of([frame["class"]], positive="merger")
    plain = attribute_table(frame, without=["class"])
    honest = attribute_table(frame, without=["class"], sentinels=[SENTINEL])
    kept = {row.attribute: row for row in gains(plain, labels, permutations=0, bootstraps=0).rows}
    found = gains(honest, labels)
    apart = separate(honest, labels)
    single = {row.attributes[0]: row for row in apart.rows if len(row.attributes) == 1}
    spoilt = {row.attributes[0]: row for row in separate(plain, labels, max_subset=1).rows}
    lines = [
        "| attribute | gain, sentinels kept | gain | 95 % | corrected bins | p | missing | separation | median/MAD"
        " | mean/sd | mean/sd, sentinels kept |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in found.rows:
        if row.attribute not in single:
            continue
        one = single[row.attribute]
        cells = (
            row.attribute,
            f"{kept[row.attribute].gain_bits:.3f}",
            f"{row.gain_bits:.3f}",
            f"{row.low:.3f} to {row.high:.3f}",
            f"{row.corrected_bits:.3f}",
            f"{row.p_family:.3f}",
            str(row.missing),
            *(
                f"{x:.2f}"
                for x in (one.separation, one.median_mad, one.mean_sd, spoilt[row.attribute].mean_sd)
            ),
        )
        lines.append(f"| {' | '.join(cells)} |")
    names = [row.attribute for row in found.rows if row.attribute in single]
    same = [group for group in redundancy.groups(redundancy.alike(honest, names)) if len(group) > 1]
    steps = redundancy.chosen(honest, labels, names)
    lines += [
        "",
        f"Chance: the best of all gains {found.max_null:.3f} bits in 5 % of {found.permutations} permutations.",
    ]
    lines.append(f"Say the same (0.9 alike): {'; '.join(', '.join(group) for group in same)}.")
    adds = ", ".join(f"{step.attribute} {step.bits:.3f} (chance {step.level:.3f})" for step in steps)
    lines += [f"Chosen one after the other, bits added: {adds}.", ""]
    lines += ["| best subset | separation | on rows held back | 95 % | distance |", "|---|---|---|---|---|"]
    for size in range(1, len(apart.tried) + 1):
        best = next(row for row in apart.rows if len(row.attributes) == size)
        lines.append(
            f"| {', '.join(best.attributes)} | {best.separation:.2f} | {best.held_back:.2f} | {best.low:.2f} to"
            f" {best.high:.2f} | {best.distance:.2f} |"
        )
    return "\n".join(lines)


def power() -> str:
    """Two classes of 100 rows, 16 attributes, one of which differs by so many standard deviations."""
    lines = ["| shift (sd) | found (`p_value` at most 0.05) | a false one beside |", "|---|---|---|"]
    codes = np.repeat([0, 1], ROWS // 2).astype(np.uint8)
    labels = Labels(("a", "b"), np.arange(ROWS), ROWS, codes=codes)
    for shift in SHIFTS:
        counts = np.zeros(2)
        for seed in range(SETS):
            x = np.random.default_rng([seed, int(100 * shift)]).normal(size=(ROWS, COLUMNS))
            x[:, 0] += shift * codes
            table = AttributeTable(ROWS, tuple(Numbers(f"x{at}", x[:, at]) for at in range(COLUMNS)))
            rows = gains(table, labels, permutations=199, bootstraps=0, seed=seed).rows
            [planted] = [row for row in rows if row.attribute == "x0"]
            others = min(row.p_family for row in rows if row.attribute != "x0")
            counts += (planted.p_family <= 0.05, others <= 0.05)
        lines.append(f"| {shift:.1f} | " + " | ".join(f"{100 * each / SETS:.0f} %" for each in counts) + " |")
        print(lines[-1], flush=True)
    return "\n".join(lines)


if __name__ == "__main__":
    main()
