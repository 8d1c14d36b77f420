"""Breathing circuits by patient size, and the settings that a ventilator starts with for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from proband.model import ModelError, did_you_mean
from proband.units import *

CIRCUIT = "assumed: hoses of this bore with a heated humidifier; makers' self-tests find {0} mL/cmH2O"
LIMB = "assumed: {0} mm hose, filter and valve: about {1} cmH2O at {2} L/min"
ADULT_EXCHANGER = "Mebius 1992 Acta Anaesthesiol Scand 36:572: six makes hold 55 to 92 mL; resistance assumed: about 2 cmH2O at 60 L/min"
CHILDS_EXCHANGER = "Chikata 2012 Crit Care Res Pract 439267: a child's filter, 21 mL and 3.5 cmH2O at 1 L/s"
NEWBORNS_EXCHANGER = "assumed: a newborn's holds a few mL"


@dataclass(frozen=True)
class Exchanger:
    """A heat and moisture exchanger of this size: what is in it, what it resists, and the breath that it is made for."""

    V: Quantity
    R1: Quantity
    R2: Quantity
    VT_ref: Quantity
    source: str


def _exchanger(V, R1, R2, VT_ref, source) -> Exchanger:
    return Exchanger(V * mL, R1 * (cmH2O * s / L), R2 * (cmH2O * s * s / L**2), VT_ref * mL, source)


@dataclass(frozen=True)
class Size:
    """One circuit: rows (part, row) with their sources, the tube that goes with it, and first settings."""

    tube: float  # inner diameter, mm
    rows: dict[str, tuple[Quantity, str]]
    settings: dict[str, Any]
    exchanger: Exchanger


def _size(tube, C, V_0, K, R1, R2, gain, bias, still, noise, hose, loss, at, exchanger, settings) -> Size:
    limb = LIMB.format(hose, loss, at)
    return Size(
        tube,
        {
            "circuit.C": (C * mL / cmH2O, CIRCUIT.format(C)),
            "circuit.V_0": (V_0 * mL, "assumed: Y-piece, angle piece and flow sensor of this size"),
            "inspiratory.K": (K * (mL / s / cmH2O**0.5), limb),
            "expiratory.R1": (R1 * (cmH2O * s / L), limb),
            "expiratory.R2": (R2 * (cmH2O * s * s / L**2), limb),
            "servo.gain": (gain * (mL / s / cmH2O), "assumed: 30/s times the circuit's compliance, a third of what the loop's delay allows"),
            "servo.bias": (bias * L_min, "assumed: makes give 2 to 5 L/min, less to the small"),
            "servo.still": (still * L_min, "assumed: half of the trigger"),
            "sensors.noise_q": (noise * L_min, "assumed: 0.1 % of the sensor's range"),
            "leak.open_": (400.0 * (K / 500.0) * L_min, "assumed: an open connector of this size"),
        },
        settings,
        exchanger,
    )  # fmt: skip


SIZES = {
    "adult": _size(8.0, 2.0, 25.0, 500.0, 2.0, 2.0, 60.0, 4.0, 1.0, 0.15, 22, 4, 60, _exchanger(55.0, 1.2, 1.0, 500.0, ADULT_EXCHANGER), {}),
    "paediatric": _size(
        5.0, 1.2, 12.0, 350.0, 3.5, 5.0, 36.0, 3.0, 0.7, 0.08, 15, 4, 40, _exchanger(21.0, 2.0, 1.5, 150.0, CHILDS_EXCHANGER),
        {
            "tidal_volume": 150 * mL, "rate": 22 * per_min, "inspiratory_time": 0.75 * s, "trigger_flow": 1.2 * L_min,
            "weight": 20 * kg, "low_volume": 70 * mL, "low_minute_volume": 1.2 * L_min, "high_minute_volume": 8 * L_min,
            "high_rate": 60 * per_min, "backup_rate": 20 * per_min, "backup_time": 0.7 * s, "shortest": 0.15 * s,
        },
    ),
    "neonate": _size(
        3.5, 0.6, 3.0, 120.0, 12.0, 40.0, 18.0, 2.0, 0.4, 0.02, 10, 4, 15, _exchanger(3.0, 10.0, 20.0, 18.0, NEWBORNS_EXCHANGER),
        {
            "mode": 1.0, "tidal_volume": 18 * mL, "rate": 40 * per_min, "inspiratory_time": 0.4 * s, "inspiratory_pressure": 18 * cmH2O,
            "trigger_flow": 0.4 * L_min, "weight": 3.5 * kg, "low_volume": 5 * mL, "low_minute_volume": 0.2 * L_min,
            "high_minute_volume": 2 * L_min, "high_rate": 90 * per_min, "backup_rate": 40 * per_min, "backup_time": 0.4 * s,
            "shortest": 0.1 * s, "longest": 0.6 * s, "most_leak": 1.5 * L_min, "apnoea_time": 10 * s, "rise_time": 0.06 * s,
        },
    ),
}  # fmt: skip


def size(name: str) -> Size:
    """The circuit of a patient's size. Raises ModelError with the nearest name."""
    if name not in SIZES:
        raise ModelError(f"there is no circuit for {name!r}{did_you_mean(name, SIZES)}; there are {', '.join(SIZES)}.")
    return SIZES[name]
