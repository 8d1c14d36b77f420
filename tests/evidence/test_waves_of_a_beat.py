"""What is read from the waves of a beat, on waves whose answers are known."""

import numpy as np
import pytest

from proband.evidence.scoring import waves
from proband.evidence.scoring.waves import Beat

MS = np.arange(900)
L_MIN = 60 / 1000  # of 1 mL/s


def box(begin, end, height):
    """A flow of `height` mL/s from one moment (ms) to another, in L/min."""
    return np.where((begin <= MS) & (end > MS), height * L_MIN, 0.0)


@pytest.fixture
def beat():
    pressure = np.where(MS < 350, 100.0, 100 * np.exp(-(MS - 350) / 45))
    pressure[0] = 8
    return Beat(
        {
            "left_ventricle.pressure": pressure,
            "right_ventricle.pressure": 25 - 0.02 * MS,
            "aortic_valve.flow": box(60, 350, 300),
            "mitral_valve.flow": box(0, 20, 50) + box(450, 700, 300),
            "pulmonary_valve.flow": box(100, 400, 300),
            "pulmonary_artery.volume": 100 + 40 * np.sin(2 * np.pi * MS / 900),
            "pulmonary_capillaries.volume": np.full(900, 100.0),
            "pulmonary_veins.volume": np.full(900, 200.0),
        }
    )


def test_the_constant_of_an_exponential_fall_is_found(beat):
    assert waves.relaxation_constant(beat) == pytest.approx(45, rel=0.02)


def test_the_fastest_fall(beat):
    assert waves.fastest_fall(beat) == pytest.approx(100 / 0.045, rel=0.05)
    assert waves.fastest_fall(beat, "right") == pytest.approx(20, rel=1e-6)


def test_valves_tell_the_times(beat):
    assert beat.ejection == (60, 349)
    assert beat.filling == (19, 450)


def test_the_lungs_swing_in_shares_of_the_stroke(beat):
    assert waves.lungs_swing(beat) == pytest.approx(100 * 80 / 90, rel=1e-3)


def test_a_recording_is_cut_where_a_beat_begins():
    count = np.repeat([0.0, 1.0, 2.0, 3.0], [50, 100, 120, 30])
    found = waves.cut_into_beats({"heart.count": count, "x": np.arange(300)})
    assert [(int(b["x"][0]), len(b["x"])) for b in found] == [(50, 100), (150, 120)]


def test_beats_of_a_patient_at_rest_fill_the_ventricle_they_empty():
    found = waves.beats("healthy_man")
    assert len(found) > 8
    for beat in found:
        put_out = beat["aortic_valve.flow"].sum() / L_MIN * waves.STEP
        swing = np.ptp(beat["left_ventricle.volume"])
        assert put_out == pytest.approx(swing, rel=0.05)
