"""Recirculation from groin to neck: ultrasound dilution in Regensburg."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import from_groin_to_neck, recirculating, recirculation
from proband.evidence.scoring.study import tell

COHORT = "37 patients, 595 measurements, 3.01 L/min: ventilated patients with distress and its high output (8 L/min), drained in the inferior cava, returned into the superior."


def experiment(lab: Lab):
    seen = recirculating(lab, from_groin_to_neck, 3.01).measure()
    return lambda: {"regensburg-recirculation": recirculation(seen)}


if __name__ == "__main__":
    tell(__file__)
