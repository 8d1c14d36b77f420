"""Sequences of the library played to spins: things lie where they should, and maps give back what was put in."""

import numpy as np
import pytest

from proband.mr.phantom.spins import Isochromats
from proband.mr.sequence import Limits, build
from proband.mr.sequence.gating import gated, r_waves
from proband.mr.spins.solver import simulate


def spins(position, T1=1.0, T2=0.05, off=0.0, B1=1.0):
    n = len(position)
    return Isochromats(
        np.asarray(position, float), np.full(n, 1 / n), np.full(n, T1), np.full(n, T2), np.full(n, off),
        np.full((1, n), B1, complex), np.zeros(n, int),
    )  # fmt: skip


def heard(sequence, patient, beats=None):
    timeline = sequence.timeline if beats is None else gated(sequence.timeline, beats)
    return simulate(timeline, patient, np.ones((1, len(patient.density))), threads=2)


def column(count, length, at=(0.0, 0.0)):
    """Points along z."""
    z = ((np.arange(count) + 0.5) / count - 0.5) * length
    return np.stack([np.full(count, at[0]), np.full(count, at[1]), z], axis=-1)


@pytest.mark.parametrize(
    ("name", "orientation"),
    [
        ("spoiled_gre", "transverse"), ("bssfp", "sagittal"), ("spin_echo", "coronal"), ("turbo_spin_echo", "transverse"),
        ("epi", "sagittal"), ("radial", "coronal"), ("spiral", "sagittal"),
    ],
)  # fmt: skip
def test_a_point_appears_where_it_is(name, orientation):
    options = {"spin_echo": {"TR": 0.1}, "turbo_spin_echo": {"TR": 0.3, "turbo": 8}, "epi": {"fat_saturation_": False}}
    square = {"fov": (0.2, 0.2), "matrix": (32, 32)} if name not in ("radial", "spiral") else {"fov": 0.2, "matrix": 32}
    sequence = build(name, thickness=0.005, orientation=orientation, **square, **options.get(name, {}))
    axes = list(sequence.info["axes"])
    position = np.empty((64, 3))
    position[:, axes] = column(64, 0.01, (0.031, -0.047))
    signals = heard(sequence, spins(position))
    # Density of the samples does not matter for where the peak is.
    where = np.linspace(-0.1, 0.1, 81)
    image = 0
    for readout, k, signal in zip(sequence.timeline.readouts, sequence.trajectory, signals):
        if not readout.labels.get("NAV"):
            rows = np.exp(2j * np.pi * k[:, axes[0], None] * where)
            columns = np.exp(2j * np.pi * k[:, axes[1], None] * where)
            image = image + np.einsum("s,sx,sy->xy", signal[0], rows, columns)
    x, y = np.unravel_index(np.argmax(np.abs(image)), (81, 81))
    assert (where[x], where[y]) == pytest.approx((0.031, -0.047), abs=0.003)


@pytest.mark.parametrize("name", ["spoiled_gre", "spin_echo", "epi"])
def test_slices_lie_on_their_side(name):
    options = {"fat_saturation_": False} if name == "epi" else {"TR": 0.1}
    sequence = build(name, fov=(0.2, 0.2), matrix=(16, 16), slices=2, thickness=0.005, gap=0.005, **options)
    above = column(64, 0.008) + np.array([0, 0, 0.005])
    signals = heard(sequence, spins(above))
    size = {
        n: sum(np.abs(s).sum() for r, s in zip(sequence.timeline.readouts, signals) if r.labels["SLC"] == n)
        for n in (0, 1)
    }
    assert size[1] > 10 * size[0]


def middles(sequence, signals):
    return [(r.labels, s[0][r.samples // 2]) for r, s in zip(sequence.timeline.readouts, signals)]


@pytest.mark.parametrize("B1", [0.7, 1.0, 1.2])
def test_double_angle_gives_back_the_field(B1):
    sequence = build("b1_map_double_angle", matrix=(16, 4))
    size = {
        said["SET"]: abs(v) for said, v in middles(sequence, heard(sequence, spins(column(4, 1e-4), T1=0.5, B1=B1)))
    }
    assert np.rad2deg(np.arccos(size[1] / size[0] / 2)) == pytest.approx(60 * B1, rel=0.01)


@pytest.mark.parametrize("B1", [0.7, 1.0, 1.2])
def test_actual_flip_angle_gives_back_the_field(B1):
    sequence = build("b1_map", matrix=(16, 2), partitions=2, dummies=30)
    voxel = np.zeros((192, 3))
    voxel[:, 0] = (np.arange(192) / 192 - 0.5) * 0.24 / 16
    last = middles(sequence, heard(sequence, spins(voxel, B1=B1)))[-2:]
    r, n = abs(last[1][1]) / abs(last[0][1]), sequence.info["TR2"] / sequence.info["TR1"]
    assert np.rad2deg(np.arccos((r * n - 1) / (n - r))) == pytest.approx(
        60 * B1, rel=0.03
    )  # Nehrke 2009: some per cent


def test_field_map_gives_back_the_field():
    sequence = build("b0_map", matrix=(16, 4))
    echo = {said["ECO"]: v for said, v in middles(sequence, heard(sequence, spins(column(64, 0.016), off=37.0)))}
    turned = np.angle(echo[1] * np.conj(echo[0])) / (2 * np.pi * np.diff(sequence.info["echo_times"])[0])
    assert -turned == pytest.approx(37.0, abs=0.1)


@pytest.mark.parametrize("B0", [3.0, 5.0])
def test_saturation_recovery_recovers_with_T1(B0):
    sequence = build("sasha", Limits(B0=B0, max_B1=14e-6), matrix=(16, 12), fov=(0.2, 0.2), images=5)
    # The train spoils along all axes: points that fill a box evenly (Roberts' sequence).
    even = (np.arange(3000)[:, None] * [0.8191725, 0.6710436, 0.5497005]) % 1 - 0.5
    patient = spins(even * [0.01, 0.01, 0.012], T1=1.3, T2=0.045)
    values = {
        d["SET"]: v for d, v in middles(sequence, heard(sequence, patient, r_waves(1.0, 40, 1, 0, 0))) if d["LIN"] == 6
    }
    size = np.array([(values[n] / values[0]).real for n in range(1, 6)])
    times = np.array(sequence.info["TS"][1:])
    # 1 − size falls as exp(−TS/T1), whatever the readout does to it.
    T1 = -1 / np.polyfit(times, np.log(1 - size), 1)[0]
    assert pytest.approx(1.3, rel=0.08) == T1


def test_preparation_weights_with_T2():
    sequence = build("t2prep", matrix=(32, 24))
    patient = spins(column(200, 0.012), T1=1.3, T2=0.045)
    values = [
        abs(v) for d, v in middles(sequence, heard(sequence, patient, r_waves(1.0, 40, 1, 0, 0))) if d["LIN"] == 12
    ]
    T2 = -1 / np.polyfit(sequence.info["TE_prep"], np.log(values), 1)[0]
    assert pytest.approx(0.045, rel=0.15) == T2  # what comes back by T1 before the readout makes it longer
