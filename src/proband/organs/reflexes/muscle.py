"""The pressor reflex of squeezed muscle."""

from proband.model import *
from proband.units import *


@signal(period=20 * ms)
def muscle_receptors(
    raised   = state(0.0, mmHg, "by how much the arterial baroreflex's range is raised"),
    outside  = reads(mmHg, "pressure around the muscle"),
    gradient = reads(mmHg/cm, "hydrostatic pressure per height, from the posture", otherwise=0.0),
    depth = param(71.0, cm,   "how far the muscle lies below the heart when upright", "as the blood of the lower body"),
    borne = param(0.5,  one,  "share of the column of blood within that bears the pressure outside",
                  "fitted: pressure of 50 and 75 mmHg around the upright legs raises the arterial pressure by 9 and 17 mmHg (Nishiyasu 1998)", low=0, high=1),
    P_0   = param(15.0, mmHg, "pressure that squeezes no receptor yet",
                  "Fu 1998, ten young men: 10 and 20 mmHg quieten the nerves to muscle, 30 no longer do", low=0),
    G     = param(0.53, one,  "by how much the range is raised, per pressure",
                  "fitted: 50 and 75 mmHg around the legs of those who lie raise the arterial pressure by 15 and 26 mmHg (Nishiyasu 1998)", low=0),
    tau   = param(5.0,  s,    "time constant", "assumed: pressor reflexes of muscle come within some seconds", low=0.1),
):  # fmt: skip
    """Receptors in muscle that is pressed from outside call for a higher arterial pressure: they raise the range of the baroreflex
    (Gallagher 2001), and so the heart beats as fast as before. Legs that hang full of blood are squeezed the less."""
    column = positive(gradient * depth)
    return gives(d_raised=(G * positive(outside - borne * column - P_0) - raised) / tau)
