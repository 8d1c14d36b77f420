"""How long the parts of a beat take: all follow the square root of the beat-to-beat interval (Bazett)."""

from proband.model import sqrt
from proband.units import s


def bazett(interval):
    """√(interval / 1 s), as a pure number."""
    return sqrt(interval / (1.0 * s))
