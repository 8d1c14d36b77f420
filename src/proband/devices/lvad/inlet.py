"""Suction: a wall that has lost its tension lies down on the inlet."""

from __future__ import annotations

from proband.model import limited


def rising(x, begins, ends):
    """0 before `begins`, 1 after `ends`, and smooth between (also where `ends` lies below `begins`)."""
    t = limited((x - begins) / (ends - begins), 0.0, 1.0)
    return t * t * (3 - 2 * t)


def covered_share(transmural, volume, p_open, p_shut, V_open, V_shut):
    """How much of the inlet the wall covers, 0 to 1, as the chamber loses its tension or its volume.

    Transmural pressure, not absolute: breathing, coughing or a ventilator move both sides of the wall alike."""
    return either(rising(transmural, p_open, p_shut), rising(volume, V_open, V_shut))


def either(one, other):
    """Two walls cover an inlet more than one does, and never more than all of it."""
    return one + other - one * other
