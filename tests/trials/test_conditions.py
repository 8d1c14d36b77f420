"""The small language of conditions, and what it refuses."""

import numpy as np
import pytest

from proband.trials.conditions import parse_condition, parse_measure
from proband.trials.refusal import Refused
from proband.units import *

VALUES = {
    "lvad.flow.mean": np.array([2.0, 3.0, 4.0]),
    "aorta.pressure.mean": np.array([50.0, 70.0, 95.0]),
    "lvad.suction.max": np.array([0.0, 0.2, 0.0]),
}
UNITS = {"lvad.flow": L_min, "aorta.pressure": mmHg, "lvad.suction": one}


def decided(text):
    condition = parse_condition(text)
    condition.check(UNITS.__getitem__)
    return condition.decide(lambda m: UNITS[m.signal].si(1.0) * VALUES[str(m)]).tolist()


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("lvad.flow.mean < 2.5 L/min", [True, False, False]),
        ("2.5 L/min > lvad.flow.mean", [True, False, False]),
        ("lvad.flow.mean < 2500 mL/min", [True, False, False]),
        ("lvad.flow.mean >= 3 L/min and aorta.pressure.mean < 90 mmHg", [False, True, False]),
        ("lvad.flow.mean < 2.5 L/min or lvad.suction.max > 5 %", [True, True, False]),
        ("not (lvad.flow.mean < 2.5 L/min or lvad.suction.max > 5 %)", [False, False, True]),
        ("not lvad.flow.mean < 2.5 L/min and lvad.suction.max > 5 %", [False, True, False]),
        # `and` binds closer than `or`
        (
            "aorta.pressure.mean < 60 mmHg or aorta.pressure.mean > 60 mmHg and lvad.suction.max > 5 %",
            [True, True, False],
        ),
        ("lvad.flow.mean*1<2", None),
    ],
)
def test_what_a_condition_means(text, met):
    if met is None:
        with pytest.raises(Refused):
            decided(text)
    else:
        assert decided(text) == met


def test_a_unit_may_have_brackets():
    assert decided("lvad.flow.mean < 1 mL/(s) or lvad.flow.mean > 2 L/min") == [False, True, True]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "empty"),
        ("lvad.flow.mean", "its end"),
        ("lvad.flow.mean < ", "its end"),
        ("lvad.flow.mean < 2.5 L/min )", "from ')' on"),
        ("(lvad.flow.mean < 2.5 L/min", "never closed"),
        ("lvad.flow.meen < 2.5 L/min", "did you mean mean?"),
        ("lvad.flow.mean < 2.5 L/mn", "unknown symbol 'mn'"),
        ("__import__('os').system('true')", "__import__"),
        ("lvad.flow.mean < 80 mmHg", "compares"),
        ("lvad.flow.mean < 2.5", "compares"),
    ],
)
def test_one_sentence_for_what_cannot_be_read(text, said):
    with pytest.raises(Refused) as problem:
        decided(text)
    assert said in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_measure_needs_part_quantity_and_statistic():
    assert str(parse_measure("lvad.rotor.flow.max")) == "lvad.rotor.flow.max"
    for text in ("flow.mean", "lvad.flow", "mean", ""):
        with pytest.raises(Refused):
            parse_measure(text)


def test_a_share_of_time_is_a_measure():
    measure = parse_measure("aorta.pressure.above( 65  mmHg )")
    assert (measure.signal, measure.statistic) == ("aorta.pressure > 65 mmHg", "mean")
    assert str(measure) == "aorta.pressure.above(65 mmHg)" and parse_measure(str(measure)) == measure
    assert str(parse_measure("lvad.flow.below(2.5 L/min)")) == "lvad.flow.below(2.5 L/min)"
    found = parse_condition("lvad.flow.below(2.5 L/min) > 10 % and (aorta.pressure.mean < 60 mmHg)").measures()
    assert [str(m) for m in found] == ["aorta.pressure.mean", "lvad.flow.below(2.5 L/min)"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("aorta.pressure.above", "needs a value in brackets"),
        ("aorta.pressure.above(65 mmmHg)", "cannot be read"),
        ("pressure.above(65 mmHg)", "names no part and quantity"),
        ("aorta.pressure.abov(65 mmHg)", "one of mean"),
    ],
)
def test_one_sentence_for_a_share_that_cannot_be(text, said):
    with pytest.raises(Refused, match=said):
        parse_measure(text)
