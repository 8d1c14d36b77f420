"""Which steps a published direction speaks of."""

import pytest

from proband.trials import Refused, loads, prepare
from proband.trials.steps import steps_over

TEXT = """
patient: plain
protocol:
  - {name: rest, hold: 1 s}
  - {name: bled 5 %, bleed: {from: vein, percent: 5, over: 5 s}, hold: 5 s}
  - {name: bled 10 %, bleed: {from: vein, percent: 5, over: 5 s}, hold: 5 s}
  - {name: given back, hold: 1 s}
measures: [artery.pressure.mean]
"""


@pytest.fixture(scope="module")
def steps(library):
    return prepare(loads(TEXT, "bled.yaml"), library).steps


@pytest.mark.parametrize(
    ("over", "numbers"),
    [
        ("", [1, 2, 3, 4]),
        ("bled", [2, 3]),
        ("given back", [3, 4]),
        ("rest", [1]),
        ("bled 10 %", [2, 3]),
        ("rest … bled 10 %", [1, 2, 3]),
    ],
)
def test_a_beginning_names_several_and_a_single_step_is_told_from_the_one_before(over, numbers, steps):
    assert [s.number for s in steps_over(steps, over)] == numbers


def test_a_step_that_is_not_there_is_refused(steps):
    with pytest.raises(Refused, match="did you mean rest"):
        steps_over(steps, "rust")


@pytest.mark.parametrize(
    ("over", "said"), [("bled 10 % … rest", "runs backwards"), ("rest … rust", "did you mean rest")]
)
def test_a_stretch_needs_two_steps_in_order(over, said, steps):
    with pytest.raises(Refused, match=said):
        steps_over(steps, over)
