"""What a machine takes off the drive comes off the effort; the rate stays near that at rest, unless drugs slow it."""

import numpy as np
import pytest
from lungs_bench import Engine

from proband.patients.breathing import isolated_lungs
from proband.units import *

DRIVE = np.array([1.0, 0.6, 0.3, 0.1])


def breaths(**rows):
    """Breaths per minute, and mean strongest pull (cmH2O), for one setting of the rows per patient."""
    names = ["respiratory_drive.breaths", "respiratory_muscles.pressure"]
    patients = len(next(iter(rows.values())))
    run = Engine(isolated_lungs(), observe=names).start(patients, values={n.replace("__", "."): v for n, v in rows.items()})  # fmt: skip
    run.advance(30 * s)
    run.record(every=20 * ms)
    run.advance(120 * s)
    traces = run.traces()
    count = traces["respiratory_drive.breaths"]
    return (count[:, -1] - count[:, 0]) / 2, traces["respiratory_muscles.pressure"].max(axis=1)


@pytest.fixture(scope="module")
def driven():
    return breaths(chemoreflex__most=DRIVE, respiratory_drive__G_s=np.zeros(4))


def test_above_the_floor_rate_and_effort_share_the_drive(driven):
    rate, pull = driven
    assert rate[1] / rate[0] == pytest.approx(np.sqrt(0.6), rel=0.03)
    assert pull[1] / pull[0] == pytest.approx(np.sqrt(0.6), rel=0.08)  # a slower breath loses less to shortening


def test_below_it_effort_alone_falls(driven):
    """Georgopoulos 1996-97: carbon dioxide below that at rest takes off effort, hardly off the rate, in people on support."""
    rate, pull = driven
    assert rate[2:] == pytest.approx(rate[1], abs=0.6)
    assert pull[2:] / pull[1] == pytest.approx(DRIVE[2:] / 0.6, rel=0.1)  # the diaphragm is longer in a smaller breath


def test_drugs_take_off_both_down_to_nothing():
    rate, pull = breaths(respiratory_drive__depression=np.array([0.0, 0.6, 1.0]), respiratory_drive__G_s=np.zeros(3))
    assert rate[1] / rate[0] == pytest.approx(np.sqrt(0.4), rel=0.05)
    assert pull[1] < 0.7 * pull[0]
    assert rate[2] == 0 and pull[2] < 1e-3
