"""A narrowed outflow graft."""

from __future__ import annotations


def kink_loss(kink, rho, A_graft):
    """Borda–Carnot: the jet through what is left of the section loses its velocity head. Of the flow squared;
    `kink` is the lost share of area."""
    jet = kink / (1 - kink)
    return rho / (2 * A_graft * A_graft) * jet * jet
