"""Prat 2003: carbon dioxide without the dead space of a humidifying filter."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import RESTED, WATCH, ventilated
from proband.evidence.scoring.study import tell
from proband.model import Body
from proband.units import mL, s

COHORT = "10 patients with acute respiratory distress and 80 mmHg of carbon dioxide, settings unchanged: the man with moderate distress, 430 mL (6 mL/kg), at the rate at which he has 80 mmHg with an exchanger of 120 mL before his tube."
RATES = (12.0, 16.0, 20.0, 24.0)  # a minute, between which the one is found
WITH = 80.3  # mmHg, as published


def filtered(body: Body) -> Body:
    """With the filter and its connections in the place of a heated humidifier."""
    return ventilated(body, humidifier="hme", dead_space=120 * mL)


def experiment(lab: Lab):
    settings = {"ventilator.tidal_volume": 430.0, "ventilator.oxygen": 0.6}

    def ill(rate, way):
        values = {**settings, "ventilator.set_rate": rate}
        return lab.person("ards_moderate", values, changed=way, watch=WATCH, settle=RESTED).measure(60 * s)

    wet, bare = ([ill(rate, way) for rate in RATES] for way in (filtered, ventilated))

    def share():
        import numpy as np

        before, after = ([w("gas_aorta.PCO2") for w in windows][::-1] for windows in (wet, bare))
        return 100 * float(np.interp(WITH, before, after)) / WITH

    return lambda: {"prat-dead-space": share()}


if __name__ == "__main__":
    tell(__file__)
