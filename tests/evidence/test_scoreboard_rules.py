"""The rules: what is green, yellow and red, and which rows may count."""

import math
from dataclasses import replace

import pytest

from proband.evidence.scoring.published import Published
from proband.evidence.scoring.rules import direction, faults, moved, tolerance, verdict

ROW = Published(
    "a", "study_1", "Pressure", 100.0, "mmHg", None, "", None, "clinical", "read", "validation", "people", "Author 2000"
)


@pytest.mark.parametrize(
    ("value", "unit", "allowed"),
    [
        (10, "mmHg", 3),
        (100, "mmHg", 10),
        (20, "1/min", 3),
        (10, "mL", 5),
        (1, "L/min", 0.3),
        (10, "%", 2),
        (-12, "mL", 5),
        (0.5, "1", 0.05),
        (2, "L/min/m^2", 0.2),
    ],
)
def test_a_green_row_lies_within_ten_percent_or_the_floor_of_its_unit(value, unit, allowed):
    row = replace(ROW, value=float(value), unit=unit)
    assert tolerance(row) == pytest.approx(allowed)
    assert verdict(row, value + allowed) == "green"
    assert verdict(row, value - 1.001 * allowed) != "green"


def test_the_spread_that_counts_is_that_of_the_mean():
    assert replace(ROW, spread=40.0, spread_is="sd", n=4).spread_of_mean == 20
    assert replace(ROW, spread=40.0, spread_is="unstated", n=4).spread_of_mean == 20
    assert replace(ROW, spread=40.0, spread_is="sem", n=4).spread_of_mean == 40
    assert replace(ROW, spread=40.0, spread_is="sd").spread_of_mean is None
    assert tolerance(replace(ROW, spread=40.0, spread_is="sd", n=4)) == 20


def test_yellow_ends_at_thirty_percent():
    assert verdict(ROW, 130.0) == "yellow"
    assert verdict(ROW, 130.1) == "red"
    assert verdict(ROW, math.nan) == verdict(ROW, math.inf) == "red"


def test_a_direction_is_right_or_wrong():
    row = replace(ROW, unit="sign", value=-1.0)
    assert verdict(row, direction(-0.01)) == "green"
    assert verdict(row, direction(0.01)) == "red"
    assert verdict(row, direction(math.nan)) == "red"
    same = replace(row, value=0.0)
    assert verdict(same, moved(90.0, 98.0, "mmHg")) == "green"
    assert verdict(same, moved(90.0, 100.0, "mmHg")) == "red"
    assert verdict(same, moved(5.0, 7.5, "mmHg")) == "green"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "model_param"}, "never validation"),
        ({"kind": "reference"}, "never validation"),
        ({"confidence": "memory"}, "direction only"),
        ({"confidence": "unsure"}, "confidence"),
        ({"role": "proof"}, "role"),
        ({"unit": "furlong"}, "furlong"),
        ({"source": ""}, "source is empty"),
        ({"unit": "sign", "value": 2.0}, "−1, 0 or 1"),
        ({"spread": 1.0}, "spread_is"),
    ],
)
def test_a_row_that_may_not_count_is_told_in_one_sentence(change, said):
    found = faults([replace(ROW, **change)])
    assert any(said in f for f in found), found


def test_an_id_stands_once_and_directions_are_few():
    assert any("stands 2 times" in f for f in faults([ROW, ROW]))
    signs = [replace(ROW, id=f"s{i}", unit="sign", value=1.0) for i in range(2)]
    numbers = [replace(ROW, id=f"n{i}") for i in range(7)]
    assert any("only a direction" in f for f in faults(signs + numbers))
    assert not faults(signs + numbers + [replace(ROW, id="n7")])
