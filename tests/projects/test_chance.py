"""The same draw of a name, spread evenly over names."""

from projects.chance import drawn


def test_a_name_always_draws_the_same_and_names_spread_evenly() -> None:
    assert drawn("3/1/77") == 0.32287408472139845
    found = [drawn(f"1/1/{n}") for n in range(10_000)]
    assert all(0 <= each < 1 for each in found)
    tenths = [sum(each < tenth / 10 for each in found) for tenth in range(1, 10)]
    assert all(abs(n - 1000 * tenth) < 200 for tenth, n in enumerate(tenths, 1))
