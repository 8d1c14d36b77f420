"""Haemolysis by published power laws. What they give is a ratio; an index needs one measurement of the same pump."""

from __future__ import annotations

from dataclasses import dataclass, replace

from proband.model import ModelError, did_you_mean
from proband.units import Pa, Quantity, s

TABLE = "as tabulated in HemTracer"


@dataclass(frozen=True)
class PowerLaw:
    """Released haemoglobin, in percent: C τ^α t^β, with τ in Pa and t in s."""

    C: float
    alpha: float
    beta: float
    source: str

    def percent(self, stress: Quantity, time: Quantity) -> float:
        """Share of the haemoglobin that one pass releases, in percent, by this law alone."""
        return self.C * stress.to(Pa) ** self.alpha * time.to(s) ** self.beta


LAWS = {
    "giersiepen_1990": PowerLaw(3.62e-5, 2.416, 0.785, f"Giersiepen 1990 Int J Artif Organs 13:300, {TABLE}"),
    "song_heuser_opitz": PowerLaw(1.8e-6, 1.991, 0.765, f"Song 2003 after Heuser and Opitz 1980, {TABLE}"),
    "zhang_2011": PowerLaw(1.228e-5, 1.9918, 0.6606, f"Zhang 2011 Artif Organs 35:1180, {TABLE}"),
    "ding_2015_human": PowerLaw(3.458e-6, 2.0639, 0.2777, f"Ding 2015, human blood, {TABLE}"),
    "ding_2015_porcine": PowerLaw(6.701e-4, 1.0981, 0.2778, f"Ding 2015, porcine blood, {TABLE}"),
    "ding_2015_bovine": PowerLaw(9.772e-5, 1.4445, 0.2076, f"Ding 2015, bovine blood, {TABLE}"),
    "gesenhues_2017": PowerLaw(2.3212e-4, 1.4949, 0.33, f"Gesenhues 2017, {TABLE}"),
}


def power_law(name: str) -> PowerLaw:
    """The law of this name. Raises ModelError with the nearest name where there is none."""
    if name not in LAWS:
        raise ModelError(f"there is no haemolysis law {name!r}{did_you_mean(name, LAWS)}; there are {', '.join(LAWS)}.")
    return LAWS[name]


@dataclass(frozen=True)
class Work:
    """What a pump does to the blood at one working point."""

    flow: Quantity
    loss: Quantity  # shaft power that the blood does not receive as pressure and flow
    viscosity: Quantity


@dataclass(frozen=True)
class Haemolysis:
    """Haemolysis of one pump by one law. The stress is that which dissipates `loss` in `sheared` blood: τ = √(μ P / V)."""

    law: str
    sheared: Quantity  # blood in the rotor
    measured: float | None = None  # an index of this pump
    at: Work | None = None  # where it was measured

    def _raw(self, work: Work) -> float:
        stress = (work.viscosity.si * work.loss.si / self.sheared.si) ** 0.5
        return power_law(self.law).percent(stress * Pa, self.sheared.si / work.flow.si * s)

    def ratio(self, work: Work, to: Work) -> float:
        """How many times as much is released at `work` as at `to`, in the same pump."""
        return self._raw(work) / self._raw(to)

    def calibrated(self, measured: float, at: Work) -> Haemolysis:
        """The same with one measured index of this pump."""
        return replace(self, measured=measured, at=at)

    def index(self, work: Work) -> float:
        """The index at `work`, in the unit of the measured one. Raises ModelError without a measurement."""
        if self.measured is None or self.at is None:
            raise ModelError(
                f"{self.law} gives no haemolysis index by itself (the laws differ a hundredfold); "
                "calibrate it with one measured index of this pump, or ask for a ratio."
            )
        return self.measured * self.ratio(work, self.at)
