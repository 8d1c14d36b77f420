"""The pressures inside the trunk."""

from proband.model import *
from proband.units import *


@signal
def chest(
    breathing = reads(mmHg, "what the lungs add", otherwise=0.0),
    level   = command(-3.0, mmHg, "mean pressure in the chest", low=-60, high=100),
    abdomen = command(0.0,  mmHg, "mean pressure in the abdomen", low=-20, high=100),
):  # fmt: skip
    """Around heart and great vessels reigns the pressure of the chest, −3 mmHg at rest (Heldt 2004)."""
    return gives(
        pressure=(level + breathing, mmHg, "around heart and great vessels"),
        abdominal=(abdomen, mmHg, "around the abdomen's vessels"),
    )
