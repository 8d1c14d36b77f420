"""Echo-planar ghosts, and the sorting of a film by the heart's own clock."""

import numpy as np
import pytest
from simulated_scans import cartesian_lines, error_inside, raw_of

from proband.model import ModelError
from proband.mr.reconstruction import ghosts, reconstruct
from proband.mr.reconstruction.gating import gate

N = 64


def echo_train(object64, offset, delay, navigators=3):
    """Alternating readouts; backward ones have a phase `offset` (rad) and come `delay` samples late."""
    lines = cartesian_lines(N, [N // 2] * navigators + list(range(N)))
    lines[1::2] = lines[1::2, ::-1]
    raw = raw_of(
        object64,
        np.ones((1, N, N)),
        lines,
        labels={"NAV": np.r_[np.ones(navigators, int), np.zeros(N, int)]},
        sigma=0.3,
    )
    late = raw_of(object64, np.ones((1, N, N)), lines - np.r_[delay / N, 0], labels=raw.labels, sigma=0.3)
    raw.signal[1::2] = late.signal[1::2] * np.exp(1j * offset)
    return raw


@pytest.mark.parametrize("delay", [0.0, 0.8])
def test_navigators_remove_the_ghost(object64, delay):
    raw = echo_train(object64, 0.5, delay)
    without = raw_without_navigators(raw)
    ghosted, clean = reconstruct(without, "fft"), reconstruct(raw, "fft")
    inside = np.zeros((N, N, 1), bool)
    inside[24:40, 24:40] = True
    assert error_inside(clean.data, object64) < 0.03
    assert error_inside(ghosted.data, object64) > 0.15
    corner = np.zeros((N, N, 1), bool)
    corner[30:34, 30:34] = True
    levels = [ghosts.ghost_level(np.abs(i), 1, corner) for i in (object64[..., None], clean.data, ghosted.data)]
    assert abs(levels[1] - levels[0]) < 0.05 * abs(levels[2] - levels[0])


def raw_without_navigators(raw):
    from dataclasses import replace

    kept = raw.labels["NAV"] == 0
    return replace(raw, signal=raw.signal[kept], trajectory=raw.trajectory[kept], times=raw.times[kept], labels={})


def test_navigators_in_one_direction_are_refused(object64):
    raw = echo_train(object64, 0.5, 0.0, navigators=1)
    with pytest.raises(ModelError, match="one direction"):
        reconstruct(raw, "fft")


def test_gating_sorts_readouts_into_phases_and_drops_the_odd_beat(object64):
    triggers = np.array([0, 1.0, 1.9, 2.4, 3.4, 4.4])  # beats of 1, 0.9, 0.5 (dropped), 1, 1 s
    raw = raw_of(object64[::4, ::4], np.ones((1, 16, 16)), cartesian_lines(16, np.arange(1000) % 16))
    gated = gate(raw, triggers, 10)
    middle = gated.times.mean(1)
    assert not ((middle > 1.9) & (middle < 2.4)).any()
    assert (middle < 4.4).all()
    phase = gated.labels["PHS"]
    assert set(phase) == set(range(10))
    assert phase[np.argmin(np.abs(middle - 1.45))] == 5  # the middle of the beat of 0.9 s
    assert gated.info["gated_out"] == pytest.approx(0.22, abs=0.02)
    with pytest.raises(ModelError, match="triggers"):
        gate(raw, [1.0], 10)
    with pytest.raises(ModelError, match="regular beat"):
        gate(raw, [100.0, 101.0], 10)


def test_a_gated_film_has_a_frame_for_each_phase(object64):
    raw = raw_of(object64, np.ones((1, N, N)), cartesian_lines(N, np.tile(np.arange(N), 12)))
    film = reconstruct(gate(raw, np.arange(0, 3.9, 0.32 * 1.0), 4), "zero-filled")
    assert film.data.shape == (N, N, 1, 4)
    assert film.info["PHS"] == [0, 1, 2, 3]
