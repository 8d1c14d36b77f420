"""Robak 2022: the flow at which a drainage cannula sucks with −100 mmHg, in patients and in the maker's water."""

import numpy as np

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import IN_DISTRESS, RESTED_LUNGS, ventilated_on
from proband.evidence.scoring.study import tell
from proband.units import mmHg, s

COHORT = "15 patients with severe distress: the ventilated man with distress and its high output, drained in the lower cava through HLS cannulae (whose theirs were is not told), returned to the upper; what the console shows before the pump."
CRITICAL = -100.0  # mmHg
SIZES = (25, 23)
FLOWS = np.arange(3.0, 6.6, 0.5)  # L/min


DRAINED = {
    french: ventilated_on("vena_cava_inferior", "vena_cava_superior", f"hls {french}", gases=False) for french in SIZES
}


def experiment(lab: Lab):
    from proband.devices.ecmo.cannula import WATER, hls

    def sucking(french):
        person = lab.person(
            IN_DISTRESS, RESTED_LUNGS, changed=DRAINED[french], watch=("ecmo.flow", "ecmo.measured_inlet")
        )
        return [person.set("ecmo.set_flow", float(flow)).wait(30 * s).measure(10 * s) for flow in FLOWS]

    seen = {french: sucking(french) for french in SIZES}

    def critical(french):
        """L/min; the console's mean pressure falls with flow."""
        pressure, flow = (np.array([w(f"ecmo.{x}") for w in seen[french]]) for x in ("measured_inlet", "flow"))
        below = int(np.argmax(pressure < CRITICAL))
        if below == 0:
            return float("nan")
        return float(np.interp(-CRITICAL, -pressure[below - 1 : below + 1], flow[below - 1 : below + 1]))

    def in_water(french):
        R2, _ = hls(float(french), "drainage").law(*WATER)
        return (-CRITICAL * mmHg).to(mmHg) ** 0.5 / R2**0.5

    return lambda: {
        **{f"robak-{french}": critical(french) for french in SIZES},
        **{f"robak-{french}-water": in_water(french) for french in SIZES},
    }


if __name__ == "__main__":
    tell(__file__)
