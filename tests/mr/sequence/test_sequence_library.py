"""Every sequence of the library: plays within the limits, covers k-space as asked, and survives a file."""

import numpy as np
import pytest

from proband.model import ModelError
from proband.mr.sequence.catalogue import build, sequences
from proband.mr.sequence.comparison import differences
from proband.mr.sequence.limits import Limits
from proband.mr.sequence.mr_sequence import read
from proband.mr.sequence.trajectory import centre

#: Small enough to be quick; what is not named here is played as it stands.
SMALL = {
    "spoiled_gre": {"matrix": (32, 24), "slices": 3, "TE": 0.004, "TR": 0.06, "noise_scan": 32},
    "bssfp": {"matrix": (32, 24), "partitions": 4, "thickness": 0.004, "TR": 0.005},
    "radial": {"matrix": 32, "spokes": 13, "partitions": 2, "thickness": 0.004},
    "mprage": {
        "matrix": (32, 12),
        "partitions": 16,
        "thickness": 0.004,
        "acceleration": 2,
        "acs": 4,
        "orientation": "sagittal",
    },
    "spin_echo": {"matrix": (32, 8), "echoes": 3, "TE": 0.02, "TR": 0.2, "slices": 2, "acceleration": 2, "acs": 2},
    "turbo_spin_echo": {"matrix": (32, 20), "turbo": 6, "TE": 0.05, "TR": 0.5, "TI": 0.2},
    "epi": {"matrix": (32, 32), "volumes": 2, "slices": 2, "TE": 0.03, "acceleration": 2},
    "diffusion_epi": {"matrix": (32, 32), "b_values": (0, 300, 800), "TR": 0.2},
    "spiral": {"matrix": 48, "interleaves": 5},
    "cine": {"matrix": (32, 16), "RR": 0.3, "orientation": "coronal"},
    "molli": {"matrix": (32, 24), "TI": 0.1},
    "sasha": {"matrix": (32, 24), "images": 3},
    "t2prep": {"matrix": (32, 24)},
    "b0_map": {"matrix": (32, 16)},
    "b1_map": {"matrix": (16, 8), "partitions": 4},
    "b1_map_double_angle": {"matrix": (16, 8), "TR": 0.5},
    "dixon": {"matrix": (32, 8), "echoes": 5},
}
FIELDS = {3.0: Limits(), 5.0: Limits(B0=5.0, max_B1=12e-6, max_gradient=80e-3, max_slew=200.0)}


@pytest.fixture(scope="module")
def built():
    return {(name, B0): build(name, limits, **SMALL[name]) for name in SMALL for B0, limits in FIELDS.items()}


def test_every_sequence_is_tested_here():
    assert set(SMALL) == set(sequences())


@pytest.mark.parametrize("B0", FIELDS)
@pytest.mark.parametrize("name", SMALL)
def test_plays_within_the_limits(built, name, B0):
    sequence = built[name, B0]
    fine, report = sequence.pulseq.check_timing()
    assert fine, [vars(each) for each in report[:3]]
    sequence.check()
    # The limits are not empty: half of the slew or of the gradient refuses it.
    with pytest.raises(ModelError, match=r"block \d+: gradient"):
        sequence.check(Limits(B0=B0, max_B1=1.0, max_gradient=5e-3, max_slew=20.0))


@pytest.mark.parametrize("version", ["1.4.1", "1.5"])
@pytest.mark.parametrize("name", SMALL)
def test_survives_a_file(built, name, version, tmp_path):
    sequence = built[name, 3.0]
    again = read(sequence.write(tmp_path / "it.seq", version))
    assert differences(sequence.timeline, again.timeline) == []
    assert again.grid.shape == sequence.grid.shape


@pytest.mark.parametrize("name", SMALL)
def test_trajectory_is_that_of_pypulseq(built, name):
    sequence = built[name, 3.0]
    theirs = sequence.pulseq.calculate_kspace()[0].T
    assert np.abs(np.concatenate(sequence.trajectory) - theirs).max() < 1e-4


def in_steps(sequence):
    """k-space of every imaging readout in whole steps of 1/FOV, (readouts, samples, 3), in read, phase, slice order."""
    axes, fov = list(sequence.info["axes"]), np.array(sequence.info["FOV"])
    kept = [
        (r, k[:, axes] * fov)
        for r, k in zip(sequence.timeline.readouts, sequence.trajectory)
        if not r.labels.get("NOISE") and not r.labels.get("NAV")
    ]
    return [r for r, _ in kept], np.stack([k for _, k in kept])


CARTESIAN = [name for name in SMALL if name not in ("radial", "spiral")]


@pytest.mark.parametrize("B0", FIELDS)
@pytest.mark.parametrize("name", CARTESIAN)
def test_samples_lie_where_their_labels_say(built, name, B0):
    sequence = built[name, B0]
    readouts, k = in_steps(sequence)
    nx, ny, nz = sequence.info["matrix"]
    x = np.arange(nx) - nx // 2
    for readout, points in zip(readouts, k):
        expected = x[::-1] if readout.labels.get("REV") else x
        assert points[:, 0] == pytest.approx(expected, abs=2e-3)
        assert points[:, 1] == pytest.approx(readout.labels["LIN"] - ny // 2, abs=2e-3)
        assert points[:, 2] == pytest.approx(
            readout.labels["PAR"] - nz // 2 if "PAR" in readout.labels else 0, abs=2e-3
        )
    lines = {r.labels["LIN"] for r in readouts}
    mask = sequence.info.get("mask")
    asked = (
        sequence.info["lines"]
        if "lines" in sequence.info
        else np.arange(ny)
        if mask is None
        else np.flatnonzero(mask[:, 0])
    )
    assert lines == {int(n) for n in asked}


def times_from_excitation(sequence):
    """Echo time of each readout: its middle sample after the last excitation, s."""
    excitations = np.array([p.start + centre(p) for p in sequence.timeline.pulses if p.use == "excitation"])
    for readout in sequence.timeline.readouts:
        if readout.labels.get("NOISE"):
            continue
        # Backwards, k = 0 is met one sample earlier: both directions sample the same points.
        n = readout.samples // 2 - readout.labels.get("REV", 0)
        middle = readout.start + (n + 0.5) * readout.dwell
        yield readout, middle - excitations[np.searchsorted(excitations, middle) - 1]


@pytest.mark.parametrize("B0", FIELDS)
@pytest.mark.parametrize("name", CARTESIAN)
def test_echo_time_is_the_one_stated(built, name, B0):
    sequence = built[name, B0]
    ny = sequence.info["matrix"][1]
    times = sequence.info.get("echo_times", [sequence.info["TE"]])
    middle = [
        (r, t) for r, t in times_from_excitation(sequence) if r.labels["LIN"] == ny // 2 and not r.labels.get("NAV")
    ]
    assert middle
    for readout, time in middle:
        assert time == pytest.approx(times[readout.labels.get("ECO", 0)], abs=6e-6)
    if "TE" in SMALL[name]:
        assert times[0] == pytest.approx(SMALL[name]["TE"], abs=10e-6 if name != "turbo_spin_echo" else 100e-6)


@pytest.mark.parametrize("name", ["spoiled_gre", "bssfp", "radial", "dixon", "b0_map", "spiral"])
def test_repetition_time_is_the_one_stated(built, name):
    sequence = built[name, 3.0]
    times = np.array([p.start + centre(p) for p in sequence.timeline.pulses if p.use == "excitation"])
    slices = SMALL[name].get("slices", 1)
    assert np.diff(times) == pytest.approx(sequence.info["TR"] / slices, abs=1e-8)
    if "TR" in SMALL[name]:
        assert sequence.info["TR"] == pytest.approx(SMALL[name]["TR"], abs=slices * 10e-6)


def test_balanced_means_that_nothing_is_left():
    sequence = build("bssfp", matrix=(32, 8), orientation="coronal")
    from proband.mr.sequence.trajectory import Moment

    times = np.array([p.start + centre(p) for p in sequence.timeline.pulses])
    for wave in sequence.timeline.gradients:
        assert np.diff(Moment(wave)(times)) == pytest.approx(0, abs=1e-4)


def test_spoiled_leaves_the_same_in_every_repetition():
    sequence = build("spoiled_gre", matrix=(32, 8))
    from proband.mr.sequence.trajectory import Moment

    times = np.array([p.start + centre(p) for p in sequence.timeline.pulses])
    left = np.stack([np.diff(Moment(wave)(times)) for wave in sequence.timeline.gradients])
    assert np.ptp(left, axis=1) == pytest.approx(0, abs=1e-4)
    assert left[:, 0] == pytest.approx([0, 0, 2 / 0.005], abs=1e-3)  # whole cycles across the slice
    assert left[:, 0] == pytest.approx(sequence.info["spoiler"], abs=1e-3)
    phases = np.array([p.phase for p in sequence.timeline.pulses])
    second = np.exp(1j * np.diff(phases, 2))
    assert np.angle(second) == pytest.approx(np.deg2rad(117.0), abs=1e-5)


def test_inversion_times(built):
    sequence = built["mprage", 3.0]
    inversions = [p.start + centre(p) for p in sequence.timeline.pulses if p.use == "inversion"]
    assert np.diff(inversions) == pytest.approx(2.3, abs=1e-5)
    excitations = [p.start + centre(p) for p in sequence.timeline.pulses if p.use == "excitation"]
    for n, inversion in enumerate(inversions):
        assert excitations[n * 16 + 8] - inversion == pytest.approx(0.9, abs=1e-5)


def test_turbo_spin_echo_keeps_the_train_regular(built):
    sequence = built["turbo_spin_echo", 3.0]
    spacing = sequence.info["spacing"]
    for shot in np.split(np.array([t for _, t in times_from_excitation(sequence)]), np.arange(6, 24, 6))[:3]:
        assert np.abs(shot / spacing - np.rint(shot / spacing)) == pytest.approx(0, abs=1e-3)
    phases = {p.use: p.phase for p in sequence.timeline.pulses}
    assert phases["refocusing"] - phases["excitation"] == pytest.approx(np.pi / 2)


def test_diffusion_weighting_is_the_one_asked(built):
    """b by integrating |2π k|² from excitation to echo, imaging gradients included."""
    from proband.mr.sequence.trajectory import Moment

    sequence = built["diffusion_epi", 3.0]
    timeline = sequence.timeline
    excitations = [p.start + centre(p) for p in timeline.pulses if p.use == "excitation"]
    refocusings = [p.start + centre(p) for p in timeline.pulses if p.use == "refocusing"]
    moments = [Moment(wave) for wave in timeline.gradients]
    found = []
    for start, turn in list(zip(excitations, refocusings))[1:]:  # the first is a dummy
        t = np.linspace(start, start + sequence.info["TE"], 20001)
        m = np.stack([moment(t) - moment(np.array([start])) for moment in moments])
        at_turn = np.stack([moment(np.array([turn])) - moment(np.array([start])) for moment in moments])
        k = np.where(t > turn, m - 2 * at_turn, m)
        found.append(np.trapezoid((2 * np.pi) ** 2 * (k**2).sum(axis=0), t) * 1e-6)
    asked = np.array(sequence.info["b_values"])
    assert found[0] < 10  # crushers and readout alone
    # Imaging gradients add the root's cross term: some per cent.
    assert np.array(found[1:]) == pytest.approx(asked[1:], rel=0.08)


def test_radial_spokes_pass_the_middle(built):
    sequence = built["radial", 3.0]
    readouts, k = in_steps(sequence)
    angles = sequence.info["angles"]
    for readout, points in zip(readouts, k):
        assert points[16, :2] == pytest.approx(0, abs=2e-3)
        spoke = np.array([np.cos(angles[readout.labels["LIN"]]), np.sin(angles[readout.labels["LIN"]])])
        assert points[:, :2] == pytest.approx((np.arange(32) - 16)[:, None] * spoke, abs=3e-3)
    steps = np.diff(angles[:5]) % np.pi
    assert steps == pytest.approx(np.deg2rad(111.2461), abs=1e-4)


def test_spiral_covers_the_disc(built):
    sequence = built["spiral", 3.0]
    _, k = in_steps(sequence)
    points = k[..., :2].reshape(-1, 2)
    assert np.abs(k[:, 0, :2]).max() < 0.1  # begins in the middle
    radius = np.linalg.norm(k[..., :2], axis=-1)
    assert radius.max() == pytest.approx(24, abs=0.3)
    # No hole larger than a step: Nyquist between the turns.
    from scipy.spatial import cKDTree

    grid = np.stack(np.meshgrid(*[np.linspace(-23, 23, 93)] * 2), axis=-1).reshape(-1, 2)
    grid = grid[np.linalg.norm(grid, axis=1) < 23]
    assert cKDTree(points).query(grid)[0].max() < 0.75


def test_dixon_interleaves_what_lies_too_close():
    sequence = build("dixon", Limits(B0=5.0), matrix=(64, 4))
    assert sequence.info["interleaves"] > 1
    echoes = {r.labels["ECO"]: t for r, t in times_from_excitation(sequence)}
    turn = 1 / (3.4e-6 * 42.577e6 * 5.0)
    assert np.diff([echoes[n] for n in range(6)]) == pytest.approx(turn / 3, abs=6e-6)


def test_five_tesla_heart_is_spoiled():
    assert build("cine", Limits(B0=5.0), matrix=(32, 16), RR=0.3).info["contrast"] == "spoiled"
    assert build("cine", Limits(B0=3.0), matrix=(32, 16), RR=0.3).info["contrast"] == "balanced"


def test_off_centre_slices_keep_their_phase_and_place():
    sequence = build("spoiled_gre", matrix=(32, 4), slices=3, gap=0.002, thickness=0.005)
    by_slice = {}
    for pulse, readout in zip(sequence.timeline.pulses, sequence.timeline.readouts):
        by_slice[readout.labels["SLC"]] = pulse.frequency
    gradient = sequence.tables.gradients[min(sequence.tables.gradients)].amplitude
    assert [by_slice[n] for n in range(3)] == pytest.approx([-0.007 * gradient, 0, 0.007 * gradient])


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("spoiled_gre", {"TE": 0.001}, r"TE 1 ms is too short; 2\.\d+ ms is the least"),
        ("spoiled_gre", {"TR": 0.002}, "TR 2 ms is too short"),
        ("spoiled_gre", {"flp": 3}, r"did you mean flip\?"),
        ("spoiled_gre", {"pattern": "spiral"}, "uniform or caipi"),
        (
            "spoiled_gre",
            {"matrix": (64.5, 64)},
            r"matrix = \(64.5, 64\), but such as \(128, 128\) \(samples and lines\) would be right",
        ),
        ("spoiled_gre", {"fov": float("nan")}, "fov"),
        ("spoiled_gre", {"acceleration": 8, "pattern": "poisson", "acs": 128}, "calibration region"),
        ("spoiled_gre", {"bandwidth": 20000.0}, "mT/m, above the limit"),
        ("spoild_gre", {}, r"did you mean spoiled_gre\?"),
        ("molli", {"TI": 0.01}, "too late"),
        ("molli", {"delay": 0.05}, "too short"),
        ("t2prep", {"TE_prep": (0.0, 0.005)}, "too short"),
        ("cine", {"phases": 99}, "99 phases"),
        ("diffusion_epi", {"TE": 0.03}, "does not fit"),
        ("turbo_spin_echo", {"TE": 0.004}, "too short"),
        ("mprage", {"TI": 0.05}, "TI 0.05 s is too short"),
        (
            "spoiled_gre",
            {"thickness": 10.0},
            "thickness = 10 m, but a scanner's bore leaves 1 m at most; is the unit right",
        ),
        ("epi", {"fov": (0.22, 220.0)}, "fov = 220 m"),
        ("cine", {"position": -2.0}, "position = -2"),
        ("radial", {"fov": 0.0}, "fov = 0.0, but such as 0.22"),
        ("spoiled_gre", {"flip": 90.0, "rf_duration": 2e-4}, r"mT/m\) is larger than max \(\S+ mT/m"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(name, options, says):
    with pytest.raises(ModelError, match=says):
        build(name, **options)


def test_table_of_options():
    entry = sequences()["spoiled_gre"]
    assert "gradient echo" in entry.meaning
    assert entry.options["flip"].unit == "deg"
    assert all(row.meaning and row.source for each in sequences().values() for row in each.options.values())
