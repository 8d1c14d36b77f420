"""Corners that are rounded, so that a solver meets none. Polynomials: a square root in every vessel costs more than the vessel."""

from proband.model import limited, where


def beyond(x, width):
    """x where it is positive, else nought; within ± width a quartic that is smooth to the second derivative."""
    t = limited(x / width, -1.0, 1.0)
    return where(x > width, x, width / 16 * (3 + t * (8 + t * (6 - t * t))))


def larger(a, b, width):
    """The larger of two values, rounded where they are closer than `width`."""
    return b + beyond(a - b, width)


def size(x, width):
    """|x|, rounded within ± width; at nought it is 3/8 of the width, so that one may divide by it."""
    return 2 * beyond(x, width) - x
