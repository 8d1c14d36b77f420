"""Blood bag and infusion line: bleeding and infusion anywhere in a body.

>>> body.attach(bag=blood_bag(), line=line("vena_cava_superior", "bag"))  # a bleed; the ends swapped, an infusion
"""

from proband.model import *
from proband.units import *


@compartment
def blood_bag(
    volume  = state(1000.0, mL, "in the bag"),
    hanging = param(0.0, mmHg, "pressure at its port", "assumed: a limp bag at heart level; the line sets the flow"),
):  # fmt: skip
    """A limp bag: its pressure does not depend on what is in it."""
    return gives(pressure=hanging)


@path
def line(
    p_in  = end(mmHg, "where the blood comes from"),
    p_out = end(mmHg, "where it goes"),
    rate  = command(0.0, mL/s, "set flow; a negative one runs backwards", low=-50, high=50),
):  # fmt: skip
    """A roller or syringe pump: the flow is what is set, whatever the pressures."""
    return gives(flow=rate)
