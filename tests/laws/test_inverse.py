"""A curve read backwards."""

import pytest

from proband.laws.inverse import reached


def test_it_finds_where_a_rising_curve_reaches_a_value():
    assert reached(lambda x: x**3, 2.0, 0.0, 10.0) == pytest.approx(2 ** (1 / 3), rel=1e-12)


@pytest.mark.parametrize(("wanted", "end"), [(-1.0, 0.0), (2000.0, 10.0)])
def test_beyond_the_ends_it_stays_there(wanted, end):
    assert reached(lambda x: x**3, wanted, 0.0, 10.0) == pytest.approx(end, abs=1e-9)
