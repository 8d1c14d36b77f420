"""Siggaard-Andersen 1984: another model of the oxygen dissociation curve of human blood."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell
from proband.laws import haemoglobin
from proband.laws.inverse import reached

COHORT = "No one: the laboratory's curve (Severinghaus 1979, Bohr coefficient of −0.48) against a model that was fitted to the same standard curve."


def half_saturated(pH: float) -> float:
    """The PO2 (mmHg) that saturates half of the haemoglobin."""
    return reached(lambda PO2: haemoglobin.saturation(haemoglobin.standard_pressure(PO2, pH)), 0.5, 1.0, 100.0)


def experiment(lab: Lab):
    at = {f"curve-{P}": 100 * haemoglobin.saturation(haemoglobin.standard_pressure(P, 7.4)) for P in (20, 40, 60, 100)}
    half = {f"curve-half-{name}": half_saturated(pH) for name, pH in (("72", 7.2), ("74", 7.4), ("76", 7.6))}
    return lambda: {**at, **half}


if __name__ == "__main__":
    tell(__file__)
