"""How hard a beat is, by the intervals before it."""

from proband.model import exp, maximum


def unrestored(interval, t_0, tau):
    """What an interval leaves to be restored, 1 at t_0 and before it."""
    return exp(-maximum(interval - t_0, 0 * t_0) / tau)


def strength(before, earlier, usual, t_0, tau, gain):
    """Force–interval relation, relative to a regular rhythm of the `usual` interval: (1 − e₁)(1 + gain e₂), with
    e = exp(−(interval − t_0)/τ) of the interval `before` the beat and of the one `earlier`.

    Mechanical restitution: soon after a beat the next one is weak. Potentiation: the beat after an early one is strong.
    Both decay with one time constant (Yue 1985 Circ Res 56:340)."""
    weak, strong, even = unrestored(before, t_0, tau), unrestored(earlier, t_0, tau), unrestored(usual, t_0, tau)
    return (1 - weak) * (1 + gain * strong) / ((1 - even) * (1 + gain * even))
