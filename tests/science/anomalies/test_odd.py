"""Planted oddities come out on top, with the reason; an ordinary crowd gives none."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from mining.science.__main__ import main
from mining.science.anomalies.attributes import contradicting, outliers
from mining.science.anomalies.combine import combine
from mining.science.anomalies.oddities import Oddities
from mining.science.anomalies.reasons import Reason, words
from mining.science.anomalies.volunteers import unlike_the_rest
from mining.science.anomalies.votes import more_than_usual, unusual_votes
from mining.science.consensus import method
from mining.science.simulate import make_crowd, make_subjects, make_votes
from mining.science.votes import Votes
from tests.science.attributes.test_gain import classes, table_of


@pytest.fixture(scope="module")
def votes() -> Votes:
    """400 items by 40 volunteers with 15 votes each; item 7 has its votes shuffled among three answers."""
    made = make_votes(
        make_crowd(40, seed=3),
        make_subjects(400, seed=3, prior=(0.4, 0.3, 0.3), ease_mean=1.0),
        seed=3,
        per_item=15,
    )
    label = made.label.copy()
    label[made.item == 7] = np.arange(15) % 3
    # volunteer 1 copies volunteer 0 wherever both have voted; volunteer 2 says answer 0 whatever it is
    theirs = {
        int(i): int(said) for i, v, said in zip(made.item, made.volunteer, label, strict=True) if v == 0
    }
    for at in np.flatnonzero(made.volunteer == 1):
        label[at] = theirs.get(int(made.item[at]), label[at])
    label[made.volunteer == 2] = 0
    return replace(made, label=label)


def test_votes_that_hardly_go_together_are_the_most_unusual(votes):
    found = unusual_votes(votes, method("dawid-skene-pooled").fit(votes))
    assert "item7" in found.items[np.argsort(-found.strength)[:3]]
    reason = found.reasons[7]
    assert (reason.code, sorted(n for _, n in reason.facts["votes"])) == ("votes", [5, 5, 5])
    assert reason.facts["p"] < 0.05
    assert found.strength.min() == 0.0
    told = [each.facts["p"] for each in found.reasons if each]
    assert max(told) <= 0.05
    assert len(told) < 0.1 * len(found.reasons)  # the draws are what the rest looks like


def test_copies_and_robots_are_unlike_the_rest(votes):
    found = unlike_the_rest(votes, method("dawid-skene-pooled").fit(votes))
    odd = {str(found.items[at]): found.reasons[at] for at in np.flatnonzero(found.strength > 2)}
    assert odd["volunteer2"].code in ("answers", "disagrees")
    assert {odd["volunteer0"].code, odd["volunteer1"].code} == {"copies"}
    assert odd["volunteer1"].facts["other"] == "volunteer0"
    assert "gave the same answer as volunteer0 on " in words(odd["volunteer1"])


def test_an_odd_answer_stands_out_by_its_count_not_its_share():
    items = np.array(["a", "b", "c", "d"])
    found = more_than_usual(
        items, np.array([1.0, 10.0, 0.0, 0.0]), np.array([1.0, 20.0, 30.0, 0.0]), ("odd",)
    )
    assert items[int(np.nanargmax(found.strength))] == "b"
    assert found.strength[2] == 0.0
    assert np.isnan(found.strength[3])
    assert words(found.reasons[1]) == "10 of 20 said odd, usual are 22 %"
    assert found.reasons[0] is None  # one in five says so


def test_a_swapped_label_and_an_outlier_are_found():
    rng = np.random.default_rng(2)
    codes = np.repeat([0, 1], 150)
    x, y = rng.normal(size=300) * 0.4 + 2 * codes, rng.normal(size=300)
    codes[10] = 1
    x[10], y[200] = 0.0, 40.0
    names = np.array([f"g{at}" for at in range(300)])
    wrong = contradicting(table_of(x=x, y=y), classes(codes), names)
    assert names[int(np.nanargmax(wrong.strength))] == "g10"
    facts = wrong.reasons[10].facts
    assert (facts["label"], facts["other"], facts["attribute"]) == ("b", 15, "x")
    far = outliers(table_of(x=x, y=y), names)
    assert names[int(np.nanargmax(far.strength))] == "g200"
    assert far.reasons[200].facts["attribute"] == "y"
    both = {odd.item: odd for odd in combine([wrong, far])[:20]}
    assert both["g10"].ranks["attributes"] == both["g200"].ranks["outliers"] == 1
    assert both["g10"].reasons[0].code == "neighbours"
    assert both["g200"].reasons[0].code == "outlier"


def test_ranks_are_combined_by_fishers_sum_and_a_list_that_has_not_looked_is_neutral():
    rng = np.random.default_rng(1)
    items = np.array([f"i{at}" for at in range(2000)])
    reasons = tuple(Reason("outlier") for _ in items)
    lists = [Oddities(f"l{at}", items, rng.normal(size=2000), reasons) for at in range(3)]
    chance = np.array([odd.chance for odd in combine(lists)])
    assert [np.mean(chance <= level) for level in (0.01, 0.1, 0.5)] == pytest.approx(
        [0.01, 0.1, 0.5], abs=0.03
    )
    blind = Oddities("blind", items, np.full(2000, np.nan), reasons)
    with_blind = combine([*lists, blind])
    assert [odd.item for odd in with_blind] == [odd.item for odd in combine(lists)]
    assert with_blind[0].score == pytest.approx(combine(lists)[0].score + 1 / np.log(2))


def test_the_command_joins_table_and_votes(tmp_path, capsys, votes):
    names = [str(name) for name in votes.items]
    rng = np.random.default_rng(5)
    said = method("majority").fit(votes).labels_
    pl.DataFrame(
        {"name": names, "x": rng.normal(size=400) + 3 * said, "said": [f"a{c}" for c in said]}
    ).write_csv(tmp_path / "table.csv")
    rows = {"item": votes.item, "worker": votes.volunteer, "label": votes.label}
    kinds = {"item": votes.items, "worker": votes.volunteers, "label": votes.labels}
    pl.DataFrame({name: kinds[name][codes].tolist() for name, codes in rows.items()}).write_csv(
        tmp_path / "votes.csv"
    )
    out, people = tmp_path / "odd.csv", tmp_path / "people.csv"
    table = ["--table", str(tmp_path / "table.csv"), "--label", "said", "--id", "name"]
    more = ["--votes", str(tmp_path / "votes.csv"), "--volunteers", str(people), "--out", str(out)]
    assert main(["anomalies", *table, *more]) == 0
    assert out.read_text().splitlines()[0] == "rank,item,score,chance,attributes,outliers,votes,reason"
    odd = pl.read_csv(out)
    assert odd.height == 400
    row = odd.filter(pl.col("item") == "item7").row(0, named=True)
    assert row["votes"] <= 3
    assert "votes that hardly go together (5 " in row["reason"]
    unlike = pl.read_csv(people).filter(pl.col("strength") > 2)["worker"].to_list()
    assert {"volunteer0", "volunteer1", "volunteer2"} <= set(unlike)
    assert "0 items of votes are in no row of the table" in capsys.readouterr().out
    assert main(["anomalies", "--out", str(out)]) == 2
    assert capsys.readouterr().err == "anomalies needs --table FILE with --label COLUMN, or --votes FILE\n"
