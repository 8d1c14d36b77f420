"""What coils, field and receiver do to a scan, and what takes it back."""

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("pypulseq")

from proband.mr.phantom.spins import Isochromats
from proband.mr.raw import RawData
from proband.mr.reconstruction import reconstruct
from proband.mr.reconstruction.ghosts import ghost_level
from proband.mr.scanner.converter import drifting
from proband.mr.scanner.gradients import beside_turns, displaced, played, unwarped
from proband.mr.scanner.sheet import scanner
from proband.mr.scans import chain
from proband.mr.scans.preparing import Prepared, Scene
from proband.mr.scans.protocol import Protocol
from proband.mr.sequence import build
from proband.mr.spins import simulate

THREE = scanner("scanner_3t")


def spins(position, T2=0.2):
    n = len(position)
    return Isochromats(
        np.asarray(position, float), np.full(n, 1 / n), np.full(n, 1.0), np.full(n, T2), np.zeros(n), np.ones((1, n), complex),
        np.arange(n),
    )  # fmt: skip


def square(half=0.03, points=40, z=0.0):
    """Spins in a square in the plane at z, the slice's thickness left out."""
    line = ((np.arange(points) + 0.5) / points - 0.5) * 2 * half
    return np.stack([*(a.ravel() for a in np.meshgrid(line, line)), np.full(points**2, z)], axis=1)


def heard(timeline, body, **more):
    return simulate(timeline, body, np.ones((1, len(body.density))), threads=2, **more)


def image(sequence, signals, navigators=True):
    readouts = sequence.timeline.readouts
    keep = [i for i, r in enumerate(readouts) if navigators or not r.labels.get("NAV")]
    labels = {n: np.array([readouts[i].labels.get(n, 0) for i in keep]) for n in ("LIN", "NAV")} if navigators else {}
    raw = RawData(
        np.stack([signals[i] for i in keep]).astype(np.complex64), np.stack([sequence.trajectory[i] for i in keep]),
        np.stack([readouts[i].times for i in keep]), labels, np.eye(1), sequence.grid, 3.0, {},
    )  # fmt: skip
    return np.abs(reconstruct(raw, "fft").data)


def planar():
    return build("epi", fov=(0.2, 0.2), matrix=(32, 32), thickness=0.02, TE=0.03, fat_saturation_=False)


def test_a_gradient_delay_makes_a_ghost_and_navigators_take_it_back():
    """Lines run to and fro, so a delay d shifts each to its own side: phases ± θ, θ = 2π x d / (dwell × field of view), from line
    to line, and so a ghost of tan θ."""
    sequence, body = planar(), spins(square() + np.array([0.035, 0, 0]))
    late = replace(THREE.gradients, delay=4e-6, eddy=())
    signals = heard(played(sequence.timeline, late), body)
    inside = image(sequence, heard(sequence.timeline, body)) > 0
    inside = np.zeros_like(inside)
    x = sequence.grid.points()[..., 0]
    y = sequence.grid.points()[..., 1]
    inside[(np.abs(x - 0.035) < 0.02) & (np.abs(y) < 0.02)] = True
    plain, ghosted, taken = (
        ghost_level(i, 1, inside)
        for i in (image(sequence, heard(sequence.timeline, body), False), image(sequence, signals, False), image(sequence, signals))
    )  # fmt: skip
    read = sequence.timeline.readouts[0]
    wide = 1 / np.abs(np.diff(sequence.trajectory[0][:, 0])).mean()  # m, of all samples
    turn = 2 * np.pi * 0.035 / wide * late.delay / read.dwell
    assert ghosted - plain == pytest.approx(np.tan(turn), rel=0.15) and ghosted > 3 * plain
    assert taken < plain + 0.25 * (ghosted - plain)


def test_the_field_beside_the_gradients_sets_a_spiral_back_and_is_taken_back():
    """10 cm above the isocentre at 1.5 T: (G_x² + G_y²) z²/(2 B0), the same for the whole slice."""
    sequence = build("spiral", fov=0.2, matrix=32, interleaves=4, thickness=0.01, TR=0.1)
    z = 0.10
    body = spins(square(z=0.0, points=20), T2=5e-3)  # nothing is left for the next repetition
    lifted = replace(body, position=body.position + np.array([0, 0, z]))
    # The slice's own gradient is played where the spins are: only the readout's share differs.
    flat = replace(sequence.timeline, gradients=(*sequence.timeline.gradients[:2], replace(sequence.timeline.gradients[2], values=0 * sequence.timeline.gradients[2].values)))  # fmt: skip
    plain = heard(flat, lifted)
    bent = heard(flat, lifted, B0=1.5)
    turns = beside_turns(flat, np.tile([0, 0, z], (len(flat.readouts), 1)), 1.5)
    assert turns[0][-1] > 0.03  # turns at the end of the first spiral
    top = np.abs(plain[0]).max()
    for a, b, t in zip(plain, bent, turns, strict=True):
        assert np.abs(b - a * np.exp(-2j * np.pi * t)).max() < 2e-3 * top
    readout = flat.readouts[0]
    G2 = sum(
        np.interp(np.linspace(0, readout.times[-1], 200_001), w.times, w.values, 0, 0) ** 2 for w in flat.gradients
    )
    expected = 42.577e6 * z**2 / 3.0 * G2.mean() * readout.times[-1]
    assert turns[0][-1] == pytest.approx(expected, rel=1e-3)


def test_a_field_that_drifts_moves_an_echo_planar_image_along_its_lines():
    """Δf Hz over an echo spacing of t s: Δf t × the field of view."""
    sequence, body = planar(), spins(square(0.02))
    echo = np.diff([r.start for r in sequence.timeline.readouts if not r.labels.get("NAV")])[0]
    shifted = 0.125 / echo  # Hz, for an eighth of the field of view
    magnet = replace(THREE.magnet, drift=shifted / 1000.0)
    late = sequence.timeline
    later = replace(
        late, pulses=tuple(replace(p, start=p.start + 1000.0) for p in late.pulses), duration=late.duration + 1000.0,
        readouts=tuple(replace(r, start=r.start + 1000.0) for r in late.readouts),
        gradients=tuple(replace(w, times=w.times + 1000.0) for w in late.gradients),
    )  # fmt: skip
    before, after = image(sequence, heard(late, body)), image(sequence, heard(drifting(later, magnet), body))
    y = sequence.grid.points()[..., 1]
    centre = lambda a: np.angle((a * np.exp(2j * np.pi * y / 0.2)).sum()) / 2 / np.pi * 0.2  # noqa: E731
    assert abs(centre(after) - centre(before)) == pytest.approx(0.125 * 0.2, rel=0.1)


def test_a_bent_image_is_straightened():
    """A point 12 cm off appears 0.6 % nearer, and where it is once the image is moved back."""
    from proband.mr.space import Grid

    grid = Grid.centred((128, 128, 3), (2.5e-3, 2.5e-3, 5e-3))
    place = np.array([[0.12, -0.05, 0.0]])
    seen = displaced(place, THREE.gradients)[0]
    points = grid.points()
    bent = np.exp(-((points - seen) ** 2).sum(-1) / 2 / 0.006**2)
    straight = unwarped(bent, grid.affine, THREE.gradients)
    weigh = lambda a: np.array([(a * points[..., k]).sum() / a.sum() for k in (0, 1)])  # noqa: E731
    assert np.linalg.norm(weigh(bent) - place[0, :2]) > 5e-4
    assert weigh(straight) == pytest.approx(place[0, :2], abs=1.5e-4)


@pytest.mark.parametrize("gradients", ["ideal", "real"])
def test_a_scan_is_played_by_its_scanner(gradients):
    """The chain plays what coils, field and receiver make of the sequence, and takes the slice's own phase back."""
    sequence = build("spiral", fov=0.2, matrix=16, interleaves=2, thickness=0.01)
    body = spins(square(points=12) + np.array([0.0, 0.0, 0.02]))
    protocol = Protocol("own", "scanner_3t", "spiral", gradients=gradients)
    scene = Scene(THREE, None, None)  # type: ignore[arg-type]
    ready = Prepared(protocol, None, scene, sequence, sequence.timeline, sequence.grid, None, None, None, None)  # type: ignore[arg-type]
    receive = np.ones((2, len(body.density)), complex)
    silent = lambda share, doing: None  # noqa: E731
    signals, _, _ = chain.listen(ready, body, receive, chain.Forgets(), silent, 1, "")
    ideal = replace(ready, protocol=replace(protocol, receiver="ideal", gradients="ideal"))
    plain, _, _ = chain.listen(ideal, body, receive, chain.Forgets(), silent, 1, "")
    assert ideal.timeline is chain.played(ideal) and chain.played(ready) is not ready.timeline
    top = np.abs(plain[0]).max()
    off = max(np.abs(a[0] - b[0]).max() for a, b in zip(signals, plain, strict=True)) / top
    assert 1e-5 < off < (0.02 if gradients == "ideal" else 0.3)


@pytest.mark.parametrize(("name", "there"), [("diffusion_epi", True), ("epi", False)])
def test_only_sequences_that_weigh_diffusion_carry_it(name, there):
    """As tensors where the scanner's own gradients play."""
    from proband.mr.scans.preparing import prepare, spins_of
    from proband.mr.scans.subject import Subject

    options = {"matrix": (16, 16), "thickness": 0.01, "TR": 1.0} | ({"b_values": (0.0, 300.0)} if there else {})
    protocol = Protocol(
        "weighted",
        "scanner_3t",
        name,
        options=options,
        anatomy=(1, 1, 1),
        points=(1, 1, 4),
        gradients="real",
        mode="first level",
    )
    ready = prepare(Subject("acr", coarse=0.014), protocol)
    diffusion = spins_of(ready)[0].diffusion
    assert (diffusion is not None) == there
    if diffusion is not None:
        assert diffusion.shape[1] == 6
        assert np.median(diffusion[:, :3]) == pytest.approx(2.1e-9, rel=0.05)
