"""The compiled solver against the plain one, in stretches, on threads, and with what it must refuse."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from spin_examples import gre, hard, spins, timeline

from proband.model import ModelError
from proband.mr.sequence.timeline import Pulse, Readout, Timeline, Waveform
from proband.mr.spins.events import straights
from proband.mr.spins.moments import GAMMA_BAR, between
from proband.mr.spins.reference import reference
from proband.mr.spins.solver import TOLERANCE, play, simulate

N = 300  # more than one tile, and not a whole number of them


def body(seed=0, n=N, **more):
    rng = np.random.default_rng(seed)
    transmit = rng.uniform(0.7, 1.3, (1, n)) * np.exp(1j * rng.normal(0, 1, (1, n)))
    more = {"transmit": transmit} | more
    return spins(
        n, rng.uniform(0.3, 2, n), rng.uniform(0.02, 0.2, n), rng.normal(0, 50, n), rng.uniform(-0.1, 0.1, (n, 3)),
        density=rng.uniform(0.5, 1, n), **more,
    )  # fmt: skip


def coils(count, n=N, seed=1):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(count, n)) + 1j * rng.normal(size=(count, n))


def furthest(a, b):
    """Largest difference as a share of the largest sample."""
    top = max(np.abs(x).max() for x in a)
    return max(np.abs(x - y).max() for x, y in zip(a, b, strict=True)) / top


def shaped(channels=1, offset=333.0):
    rng = np.random.default_rng(5)
    wave = np.sinc(np.linspace(-2, 2, 40)) * 600 * np.exp(0.3j) * np.ones((channels, 1))
    if channels > 1:
        wave = wave * np.exp(1j * rng.normal(size=(channels, 1))) / channels
    return Pulse(0.0, 2e-5, wave, frequency=offset)


def bent():
    """The gradient echo under a gradient that bends two hundred times, anywhere."""
    rng = np.random.default_rng(2)
    t = gre()
    wild = Waveform(np.sort(rng.uniform(0, 0.04, 200)), rng.normal(0, 0.01, 200))
    return Timeline(t.pulses, (wild, *t.gradients[1:]), t.readouts, t.duration)


RNG = np.random.default_rng(3)
MOVING = {
    "velocity": {"velocity": RNG.normal(0, 1, (N, 3))},
    "frames": {"shift": RNG.normal(0, 0.01, (5, N, 3)), "shift_times": np.array([0.0013, 0.0032, 0.0132, 0.021, 0.0311])},
    "one frame": {"shift": RNG.normal(0, 0.01, (1, N, 3)), "shift_times": np.array([0.01])},
    "frames before and after": {
        "shift": RNG.normal(0, 0.01, (4, N, 3)), "shift_times": np.array([-0.1, 0.0032, 0.0133, 0.2]),
        "velocity": RNG.normal(0, 0.3, (N, 3)),
    },
}  # fmt: skip
CASES = {
    "hard pulses": (lambda: gre(), lambda: body(), 1),
    "long readouts": (lambda: gre(samples=150), lambda: body(), 1),
    "three coils": (lambda: gre(samples=70), lambda: body(), 3),
    "three coils, ten points a voxel": (lambda: gre(samples=70), lambda: body(voxel=np.arange(N) // 10), 3),
    "shaped pulses off resonance": (lambda: gre(pulse=shaped()), lambda: body(), 1),
    "three channels": (lambda: gre(pulse=shaped(3)), lambda: body(transmit=coils(3, seed=9) / 2), 2),
    "bent gradients": (bent, lambda: body(), 1),
    "bent gradients, coils": (bent, lambda: body(voxel=np.arange(N) // 10), 3),
    **{name: (lambda: gre(), lambda k=k: body(**k), 2) for name, k in MOVING.items()},
    "frames and bent gradients": (bent, lambda: body(**MOVING["frames"]), 1),
    "frames and shaped pulses": (lambda: gre(pulse=shaped()), lambda: body(**MOVING["frames"]), 1),
    "diffusion": (lambda: gre(samples=8), lambda: body(diffusion=np.full(N, 3e-7)), 1),
}
# Relaxation during a shaped pulse is split from its rotation sample by sample here and in blocks there.
LOOSE = {"shaped pulses off resonance": 5e-6, "three channels": 5e-6, "frames and shaped pulses": 5e-6,
         # weakening within a readout is left for the interval after it
         "diffusion": 1e-4}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_compiled_tiles_agree_with_the_plain_equations(name):
    make, subject, count = CASES[name]
    t, s = make(), subject()
    receive = coils(count)
    if "points a voxel" in name or name == "bent gradients, coils":
        receive = receive[:, s.voxel]
    plain = reference(t, s, receive)
    heard = simulate(t, s, receive, precision="float64", threads=2)
    assert [a.shape for a in heard] == [(count, r.samples) for r in t.readouts]
    assert furthest(plain, heard) < LOOSE.get(name, 2e-8)
    single = simulate(t, s, receive, precision="float32", threads=2)
    # A bowed readout goes on from row to row by products, as straight ones do; a curved one takes each sample's own sine.
    assert furthest(heard, single) < (5 * TOLERANCE if "bent" in name else TOLERANCE)


def test_double_precision_is_exact_to_rounding():
    t, s = gre(), body()
    assert furthest(reference(t, s, coils(1)), simulate(t, s, coils(1), precision="float64")) < 5e-12


def test_moments_are_those_of_a_fine_sum():
    rng = np.random.default_rng(7)
    knots = np.sort(rng.uniform(0, 1e-2, 40))
    knots[11] = knots[10]  # a step
    wave = Waveform(knots, rng.normal(0, 0.02, 40))
    edges = np.array([-1e-3, 1e-3, 2.5e-3, 2.5e-3, 9e-3, 2e-2])
    zeroth, first = between((wave, wave, Waveform(np.zeros(0), np.zeros(0))), edges)
    for i, (a, b) in enumerate(itertools.pairwise(edges)):
        time = a + (np.arange(200_000) + 0.5) / 200_000 * (b - a)
        value = np.interp(time, knots, wave.values, left=0, right=0) * GAMMA_BAR * (b - a) / 200_000
        assert zeroth[i, 1] == pytest.approx(value.sum(), abs=0.05)
        assert first[i, 0] == pytest.approx((value * (time - a)).sum(), abs=5e-4)
    assert not zeroth[:, 2].any()


def test_a_trapezoid_sampled_on_its_ramps_is_cut_into_ramp_flat_ramp():
    steps = np.zeros((99, 3))
    steps[:, 0] = np.minimum(np.minimum(np.arange(99), 98 - np.arange(99)), 20) * 0.01
    assert straights(steps, 100, 16) == [(0, 20, False), (20, 80, True), (80, 100, False)]
    assert straights(np.ones((9, 3)), 10, 16) == [(0, 10, True)]


@pytest.mark.parametrize("make", [gre, bent, lambda: gre(pulse=shaped())], ids=["straight", "bent", "shaped"])
def test_fields_beside_the_gradients(make):
    """At 0.5 T, 10 cm off: some turns. What they do within a pulse is done half before and half after it."""
    t, s, receive = make(), body(), coils(2)
    plain = reference(t, s, receive, 0.5)
    assert furthest(plain, reference(t, s, receive)) > 0.02
    exact = 1e-7 if make is gre else 5e-6
    for precision, limit in (("float64", exact), ("float32", TOLERANCE if make is gre else 5 * TOLERANCE)):
        assert furthest(plain, simulate(t, s, receive, precision=precision, B0=0.5)) < limit


def test_gradients_as_coils_play_them_make_one_pulse_and_bowed_readouts():
    """Eddy currents change every line's pulse and readout a little; in float32 they are those of the line before, and right."""
    from proband.mr.scanner.gradients import played
    from proband.mr.scanner.sheet import scanner
    from proband.mr.spins import compiled
    from proband.mr.spins.layout import KINDS
    from proband.mr.spins.orders import orders
    from proband.mr.spins.subject import Subject

    s, receive = body(), coils(2)
    t = played(gre(lines=6, samples=96, pulse=shaped()), scanner("scanner_3t").gradients)
    plain = simulate(t, s, receive, precision="float64")
    assert furthest(reference(t, s, receive), plain) < 5e-6  # relaxation within shaped pulses, as above
    assert furthest(plain, simulate(t, s, receive, precision="float32")) < 5 * TOLERANCE
    todo = orders(t, Subject.of(s, 2, "echo"), compiled.layout("float32", 128), 0.0, t.duration)
    kinds = [KINDS[k] for k in todo.array["kind"]]
    assert kinds.count("pulse_one") < 6 and kinds.count("bowed") == 6 and "curved" not in kinds


@pytest.mark.parametrize("motion", [{}, {"velocity": RNG.normal(0, 1, (N, 3))}])
def test_a_scan_played_in_stretches_is_the_scan(motion):
    t, s, receive = gre(pulse=shaped()), body(**motion), coils(2)
    whole = simulate(t, s, receive, precision="float64", threads=2)
    kept, state = play(t, s, receive, stop=0.02, precision="float64", threads=2)
    rest, state = play(t, s, receive, state=state, precision="float64", threads=1)
    assert len(kept) == 2 and state.time == t.duration and state.magnetisation.shape == (3, N)
    assert furthest(whole, kept + rest) < 1e-11


def test_even_steps_of_phase_encoding_follow_each_other():
    """Most turns of a long scan are made by a product from the line before, and none drifts away."""
    from proband.mr.spins import solver
    from proband.mr.spins.layout import KINDS

    t, s = gre(lines=48, samples=16), body()
    plain = reference(t, s, coils(1))
    assert furthest(plain, simulate(t, s, coils(1), precision="float64")) < 1e-10  # steps are even to 1e-12 turns
    (todo, _) = next(iter(solver.WRITTEN[t].values()))
    kinds = [KINDS[k] for k in todo.array["kind"]]
    assert kinds.count("follow") > 2 * kinds.count("turn")
    assert furthest(plain, simulate(t, s, coils(1), precision="float32")) < TOLERANCE


def test_a_timeline_that_is_played_again_keeps_its_orders():
    from proband.mr.spins import solver

    t, receive = gre(), coils(1)
    first = simulate(t, body(), receive)
    kept = [orders for orders, _ in solver.WRITTEN[t].values()]
    again = simulate(t, body(), receive)
    assert len(kept) == 1 and solver.WRITTEN[t][next(iter(solver.WRITTEN[t]))][0] is kept[0]
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    wide = body()
    wide = replace(wide, position=3 * wide.position, off_resonance=2 * wide.off_resonance)
    assert furthest(reference(t, wide, receive), simulate(t, wide, receive, precision="float64")) < 2e-8


def test_the_number_of_threads_changes_nothing_but_rounding():
    t, s, receive = gre(), body(n=2000), coils(2, 2000)
    one, four = (simulate(t, s, receive, precision="float64", threads=k) for k in (1, 4))
    assert furthest(one, four) < 1e-13
    again = simulate(t, s, receive, precision="float64", threads=4)
    assert all(np.array_equal(a, b) for a, b in zip(four, again, strict=True))


def test_magnetisation_is_never_longer_than_at_rest():
    t, s = gre(pulse=shaped()), body()
    _, state = play(t, s, coils(1), precision="float32")
    assert np.all(np.linalg.norm(state.magnetisation, axis=0) <= s.density * (1 + 1e-5))


def test_a_scan_can_be_interrupted():
    """What Ctrl-C raises in the main thread ends the scan; no thread works on."""
    seen = []

    def progress(share):
        seen.append(share)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(gre(lines=16), body(n=20_000), coils(1, 20_000), threads=2, progress=progress)
    assert len(seen) == 1


def test_progress_ends_with_the_whole():
    seen = []
    simulate(gre(), body(), coils(1), progress=seen.append)
    assert seen[-1] == 1.0


def late(start):
    return Readout(start, 1e-5, 10)


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda: simulate(gre(), body(), coils(1, N + 1)), "sensitivities are given at 301 points, but there are 300 spins"),
        (lambda: simulate(gre(), body(), coils(1), precision="float16"), "not in 'float16'"),
        (lambda: simulate(gre(), body(), coils(1), diffusion="guess"), "not 'guess'"),
        (lambda: simulate(gre(), spins(0), coils(1, 0)), "there are no spins"),
        (lambda: simulate(gre(), spins(2, T2=np.array([0.1, 0.0])), coils(1, 2)), "T2 of some spins is not above 0 s"),
        (lambda: simulate(gre(), spins(2, off=np.zeros(3)), coils(1, 2)), "off_resonance of the spins has the shape"),
        (lambda: simulate(gre(), spins(2, off=np.array([0, np.nan])), coils(1, 2)), "off_resonance of some spins is no finite"),
        (lambda: simulate(gre(), spins(2, density=np.array([1, np.inf])), coils(1, 2)), "density of some spins is no finite"),
        (lambda: simulate(gre(), body(), coils(1) * np.nan), "sensitivity at some spins is no finite"),
        (lambda: simulate(gre(), spins(2, shift=np.zeros((2, 2, 3))), coils(1, 2)), "shift_times"),
        (lambda: simulate(gre(pulse=shaped(2)), body(), coils(1)), "has 2 transmit channels"),
        (lambda: play(gre(), body(), coils(1), stop=0.0033), "is cut by the stretch"),
        (lambda: simulate(timeline([hard(0, 90, time=1e-3)], [late(5e-4)], 0.01), spins(1), coils(1, 1)), "before the pulse"),
        (lambda: simulate(timeline([hard(0, 90)], [late(9.95e-3)], 0.01), spins(1), coils(1, 1)), "is cut by the stretch"),
    ],
)  # fmt: skip
def test_what_cannot_be_played_is_refused_in_a_sentence(make, sentence):
    with pytest.raises(ModelError, match=sentence):
        make()
