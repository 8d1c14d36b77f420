"""Extended phase graphs: the exact answer for a voxel whose spins are dephased by the same gradient again and again.

State: array (3, n) of F+ (orders 0 …), F− (orders 0, −1, …) and Z, in shares of the equilibrium (Weigel 2015,
doi 10.1002/jmri.24619)."""

from __future__ import annotations

import numpy as np


def rest(orders: int) -> np.ndarray:
    """Equilibrium, with room for this many orders."""
    state = np.zeros((3, orders), complex)
    state[2, 0] = 1
    return state


def pulse(state: np.ndarray, flip: float, phase: float = 0.0) -> np.ndarray:
    """A pulse of `flip` and `phase`, rad, that takes no time."""
    c, s, e = np.cos(flip / 2), np.sin(flip / 2), np.exp(1j * phase)
    mix = np.array([
        [c * c, e * e * s * s, -1j * e * np.sin(flip)],
        [np.conj(e * e) * s * s, c * c, 1j * np.conj(e) * np.sin(flip)],
        [-0.5j * np.conj(e) * np.sin(flip), 0.5j * e * np.sin(flip), np.cos(flip)],
    ])  # fmt: skip
    return mix @ state


def relax(state: np.ndarray, time: float, T1: float, T2: float) -> np.ndarray:
    e1, e2 = np.exp(-time / T1), np.exp(-time / T2)
    state = state * np.array([[e2], [e2], [e1]])
    state[2, 0] += 1 - e1
    return state


def dephase(state: np.ndarray) -> np.ndarray:
    """One unit of gradient moment; the highest order falls off the end."""
    plus, minus, z = state
    return np.stack([np.concatenate([[np.conj(minus[1])], plus[:-1]]), np.concatenate([minus[1:], [0]]), z])


def spoiled(
    flip: float, TR: float, T1: float, T2: float, increment: float, pulses: int, orders: int = 200
) -> np.ndarray:
    """Signal just after each pulse of a gradient echo, one unit of moment per TR, its phase removed; angles in rad."""
    state, phase, heard = rest(orders), 0.0, []
    for k in range(pulses):
        phase += increment * k
        state = pulse(state, flip, phase)
        heard.append(state[0, 0] * np.exp(-1j * phase))
        state = dephase(relax(state, TR, T1, T2))
    return np.array(heard)


def echo_train(refocusing: np.ndarray, spacing: float, T1: float, T2: float) -> np.ndarray:
    """Echoes of a Carr–Purcell–Meiboom–Gill train: 90° about x, then pulses (rad) about y, each between two crushers."""
    state, heard = pulse(rest(2 * len(refocusing) + 2), np.pi / 2, np.pi / 2), []
    for flip in refocusing:
        state = dephase(relax(state, spacing / 2, T1, T2))
        state = pulse(state, flip, 0.0)
        state = dephase(relax(state, spacing / 2, T1, T2))
        heard.append(state[0, 0])
    return np.array(heard)
