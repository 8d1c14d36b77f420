"""Regional ventilation and perfusion in acute respiratory distress (Crit Care 2022, s13054-022-04085-y): the patients at PEEP 5."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import MACHINE, RESTED, WATCH, ventilated
from proband.evidence.scoring.study import tell

COHORT = "15 patients, 6.9 mL/kg 22 times a minute at PEEP 5: the man with moderate distress, 500 mL, 60 % of oxygen. His sheet was matched to their mechanics, oxygen and arterial pressures."
SETTINGS = {
    "ventilator.tidal_volume": 500.0,
    "ventilator.set_rate": 22.0,
    "ventilator.inspiratory_time": 1.1,
    "ventilator.oxygen": 0.6,
}


def experiment(lab: Lab):
    w = lab.person("ards_moderate", SETTINGS, changed=ventilated, watch=(*WATCH, *MACHINE), settle=RESTED).measure()
    driving = lambda: w("ventilator.plateau") - w("ventilator.end_pressure")  # noqa: E731
    return lambda: {
        "critcare-pf": w("gas_aorta.PO2") / 0.6,
        "critcare-plateau": w("ventilator.plateau"),
        "critcare-driving": driving(),
        "critcare-co2": w("gas_aorta.PCO2"),
        "critcare-map": w("mean_arterial"),
        "critcare-pulse": w("pulse_pressure"),
        "critcare-cvp": w("central_venous"),
    }


if __name__ == "__main__":
    tell(__file__)
