"""A sequence that was changed for a patient, written to files and read again, plays what was played."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("pypulseq")

from proband.model import ModelError
from proband.mr.phantom.spins import Isochromats
from proband.mr.scanner import parallel_transmit
from proband.mr.scanner.sheet import scanner
from proband.mr.scans import kt_points, spokes
from proband.mr.scans.files import write_sequence
from proband.mr.scans.preparing import _own, rotation
from proband.mr.scans.protocol import Protocol
from proband.mr.scans.turning import Plane, turned
from proband.mr.sequence import Limits, build, read
from proband.mr.sequence.as_played import as_played
from proband.mr.sequence.side_car import side_car_of
from proband.mr.sequence.timeline import Pulse
from proband.mr.spins import simulate

FIVE = scanner("scanner_5t")
HARDWARE = Limits.of(FIVE)
LIMITS = replace(HARDWARE, max_slew=0.5 * HARDWARE.max_slew)  # an axis of an oblique scan has part of all three
CHANNELS = 3
SHIM = np.array([0.6, 0.6j, -0.5])
OBLIQUE = Plane(rotation((0.3, 0.2, -0.4)), np.array([0.01, -0.02, 0.03]))


def three_d():
    return build(
        "spoiled_gre", LIMITS, fov=(0.3, 0.2), matrix=(16, 6), partitions=4, thickness=0.02, TR=0.02, rf_duration=4e-3, spoil=1.0
    )  # fmt: skip


def designed(monkeypatch, sequence, plane=Plane.straight()):
    """Its timeline with kT-points that no field had a say in."""

    def design(*_, room, **__):
        places = ((3.0, 0, 0), (0, 3.0, -2.0), (0, 0, 2.0), (0.0, 0.0, 0.0))
        plan = parallel_transmit._Plan(places, 5e-4, None, FIVE.gradients)
        random = np.random.default_rng(1)
        wave = 60 * random.standard_normal((CHANNELS, round(plan.end / 1e-6), 2)).view(complex)[..., 0]
        pulse = Pulse(0.0, 1e-6, wave)
        return parallel_transmit.Design(
            pulse, plan.waveforms(), places, np.zeros(0), np.zeros(0), np.zeros(0), 0.0, 0.0, plan.end
        )

    monkeypatch.setattr(kt_points, "kt_points", design)
    return kt_points.with_kt_points(sequence, None, None, None, FIVE, plane)[0]  # type: ignore[arg-type]


def spoken(monkeypatch, height):
    """A slice at this height (m), by three spokes that no field had a say in: each channel a third of the flip each time."""
    sequence = build(
        "spoiled_gre", LIMITS, matrix=(16, 4), thickness=5e-3, TR=0.05, TE=0.01, rf_duration=5e-3, flip=20.0
    )

    def design(*_, tip, **__):
        strength = parallel_transmit._selecting(tip, 4, 5e-3)
        plan = parallel_transmit._Plan(((3.0, 0, 0), (0, 3.0, 0), (0.0, 0, 0)), tip, strength, FIVE.gradients)
        t = (np.arange(round(tip / 1e-6)) + 0.5) / round(tip / 1e-6) - 0.5
        shape = np.sinc(4 * t) * (0.54 + 0.46 * np.cos(2 * np.pi * t))
        wave = np.zeros((CHANNELS, round(plan.end / 1e-6)), complex)
        for begin in plan.starts:
            at = round(begin / 1e-6)
            wave[:, at : at + len(shape)] = np.deg2rad(20.0) / 3 / CHANNELS * shape / (2 * np.pi * shape.sum() * 1e-6)
        made = parallel_transmit.Design(
            Pulse(0.0, 1e-6, wave), plan.waveforms(), (), np.zeros(0), np.zeros(0), np.zeros(0), 0.0, 0.0, plan.end
        )
        return made

    monkeypatch.setattr(spokes, "spokes", design)
    monkeypatch.setattr(spokes, "spokes_fit", lambda *_, **__: 1e-3)
    plane = Plane(np.eye(3), np.array([0.0, 0.0, height]))
    return sequence, spokes.with_spokes(sequence, None, None, None, FIVE, plane)[0]  # type: ignore[arg-type]


def heard(timeline):
    random = np.random.default_rng(0)
    n, channels = 300, len(timeline.pulses[0].wave)
    spins = Isochromats(
        position=random.uniform(-0.1, 0.1, (n, 3)),
        density=np.full(n, 1 / n),
        T1=np.full(n, 0.5),
        T2=np.full(n, 0.05),
        off_resonance=random.normal(0, 20, n),
        transmit=random.standard_normal((channels, n, 2)).view(complex)[..., 0],
        voxel=np.arange(n),
    )
    return np.stack(simulate(timeline, spins, np.ones((1, n)), precision="float64", threads=1))


@pytest.mark.parametrize("version", ["1.4.1", "1.5"])
@pytest.mark.parametrize("what", ["kT-points", "turned", "kT-points, turned"])
def test_what_is_read_plays_what_was_played(what, version, monkeypatch, tmp_path):
    sequence = three_d()
    plane = OBLIQUE if "turned" in what else Plane.straight()
    timeline = designed(monkeypatch, sequence, plane) if "kT" in what else turned(sequence.timeline, plane)
    place = as_played(sequence, timeline, SHIM).write(tmp_path / "played.seq", version)
    again = read(place, LIMITS)
    again.check(HARDWARE)
    assert side_car_of(place).exists() == ("kT" in what)
    assert [(r.start, r.labels) for r in again.timeline.readouts] == [(r.start, r.labels) for r in timeline.readouts]
    played, found = heard(timeline), heard(again.timeline)
    # Six digits of an amplitude are what a Pulseq file has.
    assert np.abs(found - played).max() < 2e-4 * np.abs(played).max()
    assert np.abs(heard(sequence.timeline) - played).max() > 0.1 * np.abs(played).max()


@pytest.mark.parametrize("height", [0.0, 0.03])
def test_spokes_select_the_slice_that_is_asked_for_and_rewind_it(height, monkeypatch, tmp_path):
    sequence, timeline = spoken(monkeypatch, height)
    z = np.linspace(-8e-3, 8e-3, 65)
    n = len(z)
    spins = Isochromats(
        position=np.stack([0 * z, 0 * z, z + height], 1), density=np.ones(n), T1=np.full(n, 1e3), T2=np.full(n, 1e3),
        off_resonance=np.zeros(n), transmit=np.ones((CHANNELS, n), complex), voxel=np.arange(n),
    )  # fmt: skip
    first = simulate(timeline, spins, np.eye(n), precision="float64", threads=1)[0][:, 0]
    inside, outside = np.abs(z) < 1.5e-3, np.abs(z) > 4.5e-3
    assert np.abs(first[n // 2]) == pytest.approx(np.sin(np.deg2rad(20)), rel=5e-3)
    assert np.abs(first[inside]) == pytest.approx(np.sin(np.deg2rad(20)), rel=0.15)
    assert np.abs(first[outside]).max() < 0.03
    assert np.abs(first[inside].sum()) > 0.98 * np.abs(first[inside]).sum()
    place = as_played(sequence, timeline, SHIM).write(tmp_path / "spokes.seq")
    again = read(place, LIMITS)
    again.check(HARDWARE)
    assert np.abs(heard(again.timeline) - heard(timeline)).max() < 2e-4 * np.abs(heard(timeline)).max()
    # What is left of a repetition is a spoiler, as it was.
    left = [np.trapezoid(w.values, w.times) for w in (timeline.gradients[2], sequence.timeline.gradients[2])]
    assert left[0] == pytest.approx(left[1], rel=0.1)


@pytest.mark.parametrize(
    ("options", "plane", "says"),
    [({"slices": 2}, Plane.straight(), "one slice"), ({}, OBLIQUE, "is turned")],
)
def test_spokes_are_refused_where_they_cannot_be(options, plane, says):
    sequence = build("spoiled_gre", LIMITS, matrix=(16, 4), **options)
    with pytest.raises(ModelError, match=says):
        spokes.with_spokes(sequence, None, None, None, FIVE, plane)  # type: ignore[arg-type]


def test_channels_are_kept_once_and_to_the_last_bit(monkeypatch, tmp_path):
    sequence = three_d()
    timeline = designed(monkeypatch, sequence)
    place = as_played(sequence, timeline, SHIM).write(tmp_path / "played.seq")
    again = read(place)
    pulses = again.timeline.pulses
    assert all((a.wave == b.wave).all() for a, b in zip(pulses, timeline.pulses, strict=True))
    assert len({id(p.wave) for p in pulses}) == 1 < len(again.waves)
    assert side_car_of(place).stat().st_size < 2 * timeline.pulses[0].wave.nbytes
    # Without the side-car every channel plays, by the shim, what comes nearest.
    side_car_of(place).unlink()
    single, wave = read(place).timeline.pulses[0].wave, timeline.pulses[0].wave
    nearest = np.linalg.lstsq(SHIM[:, None], wave, rcond=None)[0]
    assert single == pytest.approx(nearest, abs=1e-5 * np.abs(wave).max())


def test_what_was_not_changed_stays_as_it_was():
    sequence = build("spoiled_gre", LIMITS, matrix=(16, 4))
    same = as_played(sequence, sequence.timeline)
    assert (same.tables.blocks == sequence.tables.blocks).all()
    assert set(same.tables.gradients) <= set(sequence.tables.gradients)


def test_a_turned_spiral_and_one_that_waits_for_the_heart(tmp_path):
    for name, options in (("spiral", {"matrix": 24, "interleaves": 2}), ("molli", {"matrix": (16, 8)})):
        sequence = build(name, LIMITS, **options)
        timeline = turned(sequence.timeline, OBLIQUE)
        again = read(as_played(sequence, timeline).write(tmp_path / "played.seq"), LIMITS)
        assert again.timeline.triggers == timeline.triggers
        played, found = heard(timeline), heard(again.timeline)
        assert np.abs(found - played).max() < 2e-4 * np.abs(played).max()


def test_a_timeline_of_other_blocks_is_refused():
    sequence, other = (build("spoiled_gre", LIMITS, matrix=(16, n)) for n in (4, 5))
    with pytest.raises(ModelError, match="not played in its own blocks"):
        as_played(sequence, other.timeline)


def test_a_turned_scan_leaves_its_kt_points_as_they_were_designed(monkeypatch):
    sequence = three_d()
    straight, oblique = (designed(monkeypatch, sequence, plane) for plane in (Plane.straight(), OBLIQUE))
    for pulse, other in zip(straight.pulses, oblique.pulses, strict=True):
        t = np.linspace(pulse.start, pulse.start + pulse.step * pulse.wave.shape[1], 400)
        assert (pulse.start, pulse.phase, pulse.frequency) == (other.start, other.phase, other.frequency)
        for a, b in zip(straight.gradients, oblique.gradients):
            assert np.interp(t, b.times, b.values, 0, 0) == pytest.approx(np.interp(t, a.times, a.values, 0, 0), abs=1e-9)  # fmt: skip


def test_a_file_of_ones_own_is_left_as_it_was_and_turned_where_the_scan_turned_it(tmp_path):
    mine = build("spoiled_gre", LIMITS, matrix=(16, 4)).write(tmp_path / "mine.seq")
    side_car_of(mine).write_bytes(b"of whatever kind")
    ready = SimpleNamespace(protocol=Protocol("a", "scanner_5t", file=str(mine)), plane=OBLIQUE)
    write_sequence(ready, tmp_path / "left.seq")  # type: ignore[arg-type]
    assert (tmp_path / "left.seq").read_bytes() == mine.read_bytes()
    assert side_car_of(tmp_path / "left.seq").read_bytes() == b"of whatever kind"
    side_car_of(mine).unlink()
    sequence = read(mine)
    ready.info = sequence.info
    ready.protocol = replace(ready.protocol, turn=(0.3, 0.2, -0.4))
    ready.sequence, ready.unwaited, ready.shim = (
        sequence,
        turned(sequence.timeline, OBLIQUE),
        SimpleNamespace(weights=SHIM),
    )
    write_sequence(ready, tmp_path / "turned.seq")  # type: ignore[arg-type]
    assert heard(read(tmp_path / "turned.seq").timeline) == pytest.approx(heard(ready.unwaited), abs=1e-5)


@pytest.mark.parametrize("plane", [OBLIQUE, Plane(np.eye(3), np.array([0.0, 0.0, 0.03]))], ids=["oblique", "moved"])
def test_the_image_of_a_file_lies_where_the_scan_s_image_lay(plane, tmp_path):
    sequence = build("spoiled_gre", LIMITS, matrix=(16, 4))
    ready = SimpleNamespace(
        protocol=Protocol("a", "scanner_5t", "spoiled_gre"), sequence=sequence, info=sequence.info, plane=plane,
        unwaited=turned(sequence.timeline, plane), shim=SimpleNamespace(weights=SHIM),
    )  # fmt: skip
    write_sequence(ready, tmp_path / "left.seq")  # type: ignore[arg-type]
    again = _own(Protocol("b", "scanner_5t", file=str(tmp_path / "left.seq")), LIMITS)
    lies = Plane(again.info.get("turn", np.eye(3)), np.zeros(3)).placed(again.grid)
    assert lies.affine == pytest.approx(plane.placed(sequence.grid).affine, abs=1e-6)
    # Who does not say it is asked by the pulses' frequencies.
    if plane is not OBLIQUE:
        place = as_played(sequence, ready.unwaited).write(tmp_path / "silent.seq")
        again = _own(Protocol("b", "scanner_5t", file=str(place)), LIMITS)
        assert again.grid.affine == pytest.approx(plane.placed(sequence.grid).affine, abs=1e-5)
