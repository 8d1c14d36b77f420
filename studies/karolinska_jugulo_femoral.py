"""Recirculation from neck to groin: ultrasound dilution at Karolinska."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import from_neck_and_cava_to_groin, recirculating, recirculation
from proband.evidence.scoring.study import tell

COHORT = "18 patients, 231 measurements, 3.57 L/min: ventilated patients with distress and its high output (8 L/min); a multistage cannula, which drains the superior cava and the atrium."


def experiment(lab: Lab):
    seen = recirculating(lab, from_neck_and_cava_to_groin, 3.57).measure()
    return lambda: {"karolinska-recirculation": recirculation(seen)}


if __name__ == "__main__":
    tell(__file__)
