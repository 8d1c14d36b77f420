"""The equations of gas exchange that every textbook has, asked of the bodies."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import (
    MACHINE,
    WATCH,
    alveolar,
    ideal_alveolar,
    lungs_of,
    production,
    tidal,
    ventilated,
)
from proband.evidence.scoring.study import tell
from proband.laws import haemoglobin
from proband.laws.gas import AIR
from proband.units import mL, mL_min, s

COHORT = "The man who breathes in air, the same with the airways of 45 years, the anaesthetised man ventilated 12 and 15 times a minute, the man with moderate distress in pure oxygen."
ML_PER_DL = 2.24  # of oxygen, in a blood that holds 1 mmol/L
SIDES = ("aorta.oxygen_concentration", "pulmonary_artery.oxygen_concentration", "shunt.flow")


def experiment(lab: Lab):
    from proband.patients.gases import ORGANS

    awake = lab.person("breathing_man", watch=WATCH, settle=300 * s).measure(60 * s)
    lungs = lungs_of(lab.body("breathing_man"), 45)
    at_45 = lab.person("breathing_man", lungs, watch=WATCH, settle=300 * s).measure(60 * s)
    asleep = lab.body("anaesthetised")
    # The tube passes by mouth and pharynx; what is expired into the Y-piece is breathed in again.
    series = asleep.value("trachea.V_0").to(mL) + 25
    rates = {
        rate: lab.person(
            "anaesthetised",
            {"ventilator.tidal_volume": 500.0, "ventilator.set_rate": rate, "ventilator.oxygen": 0.4},
            changed=ventilated,
            watch=(*WATCH, *MACHINE),
            settle=1200 * s,  # stores of carbon dioxide fill slowly, even those made small
        ).measure(60 * s)
        for rate in (12.0, 15.0)
    }
    in_oxygen = lab.person(
        "ards_moderate",
        {
            "ventilator.tidal_volume": 420.0,
            "ventilator.set_rate": 22.0,
            "ventilator.peep": 10.0,
            "ventilator.oxygen": 1.0,
        },
        changed=ventilated,
        watch=(*WATCH, *SIDES),
        settle=300 * s,
    ).measure(60 * s)

    def exchange_ratio():
        body = lab.body("breathing_man")
        return production(body) / sum(body.value(f"{bed}_respiration.need").to(mL_min) for bed in ORGANS)

    def ideal(w):
        return ideal_alveolar(w, AIR["oxygen"], exchange_ratio())

    def product(rate):
        """PaCO2 times what the lungs breathe beyond trachea and Y-piece, of what the carbon dioxide made asks for (%)."""
        w = rates[rate]
        breathed = rate * (tidal(w) - series) / 1000
        return 100 * w("gas_aorta.PCO2") * breathed / (0.863 * production(asleep))

    def admixture(w):
        """Berggren's equation, %."""
        end = haemoglobin.oxygen_content(alveolar(w, "PO2"), w("gas_aorta.pH"), 14.0) / ML_PER_DL
        a, v = (1000 * w(f"{place}.oxygen_concentration") for place in ("aorta", "pulmonary_artery"))  # mmol/L
        return 100 * (end - a) / (end - v)

    def passed(w):
        return 100 * w("shunt.flow") / w("cardiac_output")

    return lambda: {
        "equation-alveolar": 100 * alveolar(awake, "PO2") / ideal(awake),
        "equation-difference": ideal(at_45) - at_45("gas_aorta.PO2"),
        "equation-ventilation-12": product(12.0),
        "equation-ventilation-15": product(15.0),
        "equation-shunt": 100 * admixture(in_oxygen) / passed(in_oxygen),
    }


if __name__ == "__main__":
    tell(__file__)
