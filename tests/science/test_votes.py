import numpy as np
import polars as pl
import pyarrow as pa
import pytest

from mining.science.coding import coded
from mining.science.votes import Votes, VotesError, encode


def test_encode_codes_names_and_keeps_the_first_of_repeats():
    votes = encode(["b", "a", "b", "b"], ["v", "v", "w", "v"], ["no", "yes", "yes", "yes"])
    assert votes.items.tolist() == ["b", "a"]
    assert votes.volunteers.tolist() == ["v", "w"]
    assert votes.labels.tolist() == ["no", "yes"]
    assert (votes.item.tolist(), votes.volunteer.tolist(), votes.label.tolist()) == (
        [0, 1, 0],
        [0, 0, 1],
        [0, 1, 1],
    )
    assert votes.n_dropped == 1
    assert votes.tallies().tolist() == [[1.0, 1.0], [0.0, 1.0]]
    assert votes.item.dtype == votes.volunteer.dtype == votes.label.dtype == np.int32


def test_encode_takes_numbers_and_frames_as_text():
    votes = encode(np.array([7, 8]), pl.Series([1, 1]), [True, False])
    assert votes.items.tolist() == ["7", "8"]
    assert votes.labels.tolist() == ["false", "true"]


def test_encode_keeps_the_given_order_of_labels_and_those_without_votes():
    votes = encode(["a"], ["v"], ["yes"], labels=["yes", "no", "none"])
    assert votes.labels.tolist() == ["yes", "no", "none"]
    assert votes.shape == (1, 1, 3)


def test_encode_without_rows():
    votes = encode([], [], [])
    assert len(votes) == 0
    assert votes.shape == (0, 0, 0)


@pytest.mark.parametrize(
    ("columns", "labels", "message", "row"),
    [
        ((["a", "b"], ["v"], ["x"]), None, "columns of different length", None),
        ((["a", ""], ["v", "v"], ["x", "x"]), None, "item is empty", 1),
        ((["a", "b"], ["v", None], ["x", "x"]), None, "volunteer is empty", 1),
        ((["a"], ["v"], ["z"]), ["x", "y"], "label 'z' is not among", 0),
        ((["a"], ["v"], ["x"]), ["x", "x"], "names an answer twice", None),
    ],
)
def test_encode_refuses_with_reason_and_row(columns, labels, message, row):
    with pytest.raises(VotesError, match=message) as caught:
        encode(*columns, labels=labels)
    assert caught.value.row == row


def test_votes_refuses_wrong_codes_and_a_second_vote():
    def codes(*values):
        return np.array(values, dtype=np.int32)

    names = np.array(["a"])
    with pytest.raises(VotesError, match=r"label holds a code outside 0\.\.0"):
        Votes(codes(0), codes(0), codes(1), names, names, names)
    with pytest.raises(VotesError, match="item must be int32"):
        Votes(np.array([0]), codes(0), codes(0), names, names, names)
    with pytest.raises(VotesError, match="votes twice on one item"):
        Votes(codes(0, 0), codes(0, 0), codes(0, 0), names, names, names)


def test_columns_of_many_values_are_coded_in_order_of_appearance_through_every_growth():
    """More values and bytes than the tables start with; long, short, accented; missing ones have no code. A dictionary,
    whose order means nothing and which holds what does not occur, gives the same."""
    rng = np.random.default_rng(1)
    pool = [f"{'é' * (n % 90)}{n}" for n in range(20_000)]
    index = {value: place for place, value in enumerate(pool)}
    values = [pool[n] for n in rng.integers(0, len(pool), 50_000)]
    values[7], values[9] = None, ""
    found = coded(values)
    assert found.codes[[7, 9]].tolist() == [-1, -1]
    kept = [value for value in values if value]
    assert found.names.tolist() == list(dict.fromkeys(kept))
    assert found.names[found.codes[found.codes >= 0]].tolist() == kept
    places = pa.array([None if value is None else index.get(value) for value in values], pa.uint16())
    pieces = [pa.DictionaryArray.from_arrays(places[at : at + 9999], pool) for at in range(0, 50_000, 9999)]
    by_dictionary = coded(pa.chunked_array(pieces))
    assert by_dictionary.names.tolist() == found.names.tolist()
    assert by_dictionary.codes.tolist() == found.codes.tolist()
