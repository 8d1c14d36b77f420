"""A fluid-filled catheter and its transducer."""

from proband.model import *
from proband.units import *


@signal(period=4 * ms)
def arterial_line(
    pressure = reads(mmHg, "in the artery at the catheter's tip"),
    shown    = state(90.0, mmHg, "what the transducer shows"),
    speed    = state(0.0,  mmHg/s, "how fast that changes"),
    f_n      = param(16.0, Hz, "natural frequency", "Gardner 1981 (Anesthesiology 54:227): 10-25 Hz at the bedside", low=2),
    zeta     = param(0.25, one, "damping coefficient", "Gardner 1981: 0.15-0.4 at the bedside", low=0.05),
    level    = command(0.0, cm, "height of the transducer below the heart", low=-100, high=100),
    rho_g    = param(0.736, mmHg/cm, "weight of the water in the line", "definition: 1 g/mL times g"),
):  # fmt: skip
    """A column of water on a stiff diaphragm rings: p″ + 2ζω p′ + ω² (p − p_artery) = 0."""
    omega = 6.283185307179586 * f_n
    asked = pressure + rho_g * level
    return gives(d_shown=speed, d_speed=omega * omega * (asked - shown) - 2 * zeta * omega * speed)
