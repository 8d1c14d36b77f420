"""Forty persons who have carried a pump for months, in place of one."""

import numpy as np
import pytest

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import with_heartmate2
from proband.evidence.scoring.lab import Window
from proband.evidence.scoring.supported import at_speeds, free, in_suction, people

PUBLISHED = {"central_venous": (9, 5), "wedge": (11, 6), "pulmonary_mean": (23, 7)}  # HeartMate II, n = 23


def told(suction):
    return Window(0.0, 1.0, {"lvad.firmware.suction_seen": (suction / 2, 0.0, suction)})


def test_people_differ_and_are_the_same_again():
    lab = Lab()
    persons = people(lab, 12)
    assert persons == people(Lab(), 12)
    for row in persons[0]:
        assert len({p[row] for p in persons}) > 6, row
    assert persons != people(lab, 12, seed=39)


def test_a_ramp_ends_before_the_first_suction_whatever_comes_after():
    ramp = [told(0.0), told(0.0), told(1.0), told(0.0)]
    assert [in_suction(w) for w in ramp] == [False, False, True, False]
    assert free(ramp) == ramp[:2]
    assert free(ramp[:2]) == ramp[:2]
    assert free(ramp[2:]) == []


def test_filling_pressures_scatter_as_published_ones_do():
    lab = Lab()
    seen = at_speeds(lab, people(lab, 40), [9400.0] * 40, with_heartmate2)
    lab.run()
    for quantity, (middle, spread) in PUBLISHED.items():
        values = np.array([w(quantity) for w in seen])
        assert values.mean() == pytest.approx(middle, abs=3.0), quantity
        assert 0.6 * spread < values.std() < 1.3 * spread, quantity
