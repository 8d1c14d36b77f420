"""How gas is warmed and wetted on its way to the patient: one of three ways, chosen by name when the ventilator is built."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from proband.devices.ventilator.exchanger import exchanger_housing, exchanger_mouth, exchanger_sponge
from proband.devices.ventilator.humidifier import heated_humidifier, no_humidifier
from proband.model import Component, ModelError, did_you_mean
from proband.units import *


@dataclass(frozen=True)
class Conditioning:
    """The parts that one way brings with it, and the short names of what they tell."""

    kinds: Mapping[str, Component]
    tells: Mapping[str, str] = field(default_factory=dict)


TELLS = {
    "humidity": ".humidifier.humidity", "gas_temperature": ".humidifier.temperature",
    "water_given": ".humidifier.water_given", "heat_given": ".humidifier.heat_given",
}  # fmt: skip
WIRES = {
    "humidifier": {"flow": ".monitor.MV_out", "oxygen": ".mixer.share"},
    "exchanger": {"outer": ".circuit.pressure"},
    "exchanger_mouth": {"through": ".tube.flow"},
}
SPONGE_WIRES = {"VT": ".monitor.VT_mean"}

WAYS = {
    "heated": Conditioning(
        {"humidifier": heated_humidifier},
        {row: f".humidifier.{row}" for row in ("heating", "water_supply", "chamber_target", "chamber", "heater_power")}
        | {"chamber_water": ".humidifier.water"},
    ),
    "hme": Conditioning(
        {"exchanger": exchanger_housing, "exchanger_mouth": exchanger_mouth, "humidifier": exchanger_sponge},
        {"moisture_loss": ".humidifier.moisture_loss", "dead_space": ".exchanger.volume"},
    ),
    "none": Conditioning({"humidifier": no_humidifier}),
}


def way(name: str) -> Conditioning:
    """By its name. Raises ModelError with the nearest name."""
    if name not in WAYS:
        near = did_you_mean(name, WAYS) if isinstance(name, str) else ""
        raise ModelError(f"there is no humidifier {name!r}{near}; choose {', '.join(WAYS)}.")
    return WAYS[name]


def check_volume(dead_space: Quantity) -> None:
    """Refuse an exchanger that nobody makes."""
    if not 1 * mL <= dead_space <= 300 * mL:
        raise ModelError(
            f"dead_space {dead_space.to(mL):g} mL cannot be: exchangers with their connections hold 1 to 300 mL (an adult's 28 to 120)."
        )


def refuse_of_another(setting: str, chosen: str) -> None:
    """Refuse a setting that only another way knows, and say which."""
    for other, its in WAYS.items():
        rows = {row for kind in its.kinds.values() for row in kind.rows}
        if other != chosen and setting in {*rows, *its.tells}:
            raise ModelError(f"{setting} is a setting of humidifier: {other}, and this ventilator has {chosen!r}.")
