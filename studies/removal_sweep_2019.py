"""Removal of carbon dioxide by small membranes, by blood flow and sweep gas (Intensive Care Med Exp 2019)."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "9 pigs: blood of 10 g/dL (assumed) and 45 mmHg through 0.8 and 0.4 m² of the fibres of a Quadrox-i small adult, whose section shrinks with the area (assumed)."
SECTION = 85.0 / 1.3  # cm² per m² of fibres
POINTS = {"removal-08": (0.8, 1.8, 8.0), "removal-04": (0.4, 0.9, 8.0), "removal-04-2": (0.4, 0.9, 2.0)}


def rig():
    from proband.benches.oxygenator_rig import oxygenator_rig
    from proband.devices.ecmo import ecmo
    from proband.units import L_min, mmHg

    return oxygenator_rig(
        ecmo, Hb=10.0, drainage="hls 29", returning="hls 23", gain=1.0, sd_Q=0 * L_min, sd_p=0 * mmHg, mode=1.0,
        venous_intervention=0.0, oxygenator="quadrox_i_small_adult",
    )  # fmt: skip


def experiment(lab: Lab):
    seen = {}
    for row, (area, flow, sweep) in POINTS.items():
        values = {"ecmo.set_flow": flow, "ecmo.sweep": sweep, "ecmo.FdO2": 1.0}
        fibres = {"ecmo.exchanger.area": area, "ecmo.exchanger.frontal": SECTION * area}
        person = lab.rig(rig, {**values, **fibres}, watch=("ecmo.carbon_dioxide_transfer", "ecmo.flow"))
        seen[row] = person.wait(90 * s).measure(10 * s)
    return lambda: {row: w("ecmo.carbon_dioxide_transfer") for row, w in seen.items()}


if __name__ == "__main__":
    tell(__file__)
