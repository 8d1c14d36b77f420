"""Prat 2003: carbon dioxide without the dead space of a humidifying filter."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, ventilated
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "10 patients with acute respiratory distress and 80 mmHg of carbon dioxide, settings unchanged: the man with moderate distress, 430 mL (6 mL/kg), at the rate at which he has 80 mmHg with 120 mL more before his trachea."
RATES = (12.0, 16.0, 20.0, 24.0)  # a minute, between which the one is found
WITH = 80.3  # mmHg, as published
FILTER = {"trachea.V_0": 220.0, "trachea.volume": 220.0}  # mL, of which 100 are the trachea's own


def experiment(lab: Lab):
    settings = {"ventilator.tidal_volume": 430.0, "ventilator.oxygen": 0.6}

    def ill(rate, more):
        values = {**settings, **more, "ventilator.set_rate": rate}
        return lab.person("ards_moderate", values, changed=ventilated, watch=WATCH, settle=900 * s).measure(60 * s)

    filtered, bare = ([ill(rate, more) for rate in RATES] for more in (FILTER, {}))

    def share():
        import numpy as np

        before, after = ([w("gas_aorta.PCO2") for w in windows][::-1] for windows in (filtered, bare))
        return 100 * float(np.interp(WITH, before, after)) / WITH

    return lambda: {"prat-dead-space": share()}


if __name__ == "__main__":
    tell(__file__)
