"""Settings that no ventilator can carry out, refused with the reason before anything runs."""

from __future__ import annotations

from collections.abc import Mapping

from proband.devices.ventilator import modes
from proband.model import ModelError
from proband.units import *


def check(settings: Mapping[str, Quantity | float]) -> None:
    """Refuse impossible combinations. `settings` holds the commands by name (those left out are not judged).

    Each value is a Quantity, or a plain number where the command has no unit. Raises ModelError with one sentence."""
    number = {name: value.si if isinstance(value, Quantity) else float(value) for name, value in settings.items()}

    if "set_rate" in number:  # as the device tells it: its `measured_rate` is another thing
        number.setdefault("rate", number["set_rate"])

    def has(*names: str) -> bool:
        return all(name in number for name in names)

    def shown(name: str, unit: Unit) -> str:
        return f"{name.replace('_', ' ')} {unit.of(number[name]):g} {unit}"

    mode = number.get("mode")
    if mode is not None:
        modes.number(mode)
    if has("oxygen") and not 0.21 - 1e-9 <= number["oxygen"] <= 1:
        raise ModelError(
            f"oxygen {number['oxygen']:g} cannot be given: room air holds 0.21, and there is no gas with less; set 0.21 to 1."
        )
    above = [("inspiratory_pressure", (modes.PC_CMV, modes.PC_SIMV)), ("high_pressure", (modes.APRV,)), ("backup_pressure", (modes.PSV, modes.CPAP))]  # fmt: skip
    for name, where in above:
        if has(name, "peep") and (mode is None or mode in where) and number[name] <= number["peep"]:
            raise ModelError(
                f"{shown('peep', cmH2O)} is not below {shown(name, cmH2O)}: a breath would take gas away; "
                f"set peep below it, or raise {name}."
            )
    tops = [
        ("inspiratory_pressure", (modes.PC_CMV, modes.PC_SIMV)),
        ("high_pressure", (modes.APRV,)),
        ("peep", modes_all()),
    ]
    for name, where in tops:
        if has(name, "pressure_limit") and (mode is None or mode in where) and number[name] >= number["pressure_limit"]:
            raise ModelError(
                f"{shown(name, cmH2O)} lies at or above the {shown('pressure_limit', cmH2O)}: every breath would be cut off; "
                "raise pressure_limit."
            )
    if has("support", "peep", "pressure_limit") and mode in (modes.PSV, modes.VC_SIMV, modes.PC_SIMV):
        if number["peep"] + number["support"] >= number["pressure_limit"]:
            raise ModelError(
                f"{shown('support', cmH2O)} above {shown('peep', cmH2O)} reaches the {shown('pressure_limit', cmH2O)}; "
                "lower the support or raise pressure_limit."
            )
    timed = (modes.VC_CMV, modes.PC_CMV, modes.PRVC, modes.VC_SIMV, modes.PC_SIMV)
    if has("rate", "inspiratory_time") and (mode is None or mode in timed):
        whole = 1 / number["rate"]
        if number["inspiratory_time"] > 0.85 * whole:
            raise ModelError(
                f"{shown('inspiratory_time', s)} leaves {whole - number['inspiratory_time']:.2g} s for expiration at "
                f"{shown('rate', per_min)} (one breath lasts {whole:.3g} s); at most 85 % of a breath can be inspiration."
            )
    if has("pause_time", "inspiratory_time") and (mode is None or mode in (modes.VC_CMV, modes.VC_SIMV)):
        if number["pause_time"] > number["inspiratory_time"] - 0.1:
            raise ModelError(
                f"{shown('pause_time', s)} leaves less than 0.1 s for flow in an {shown('inspiratory_time', s)}; shorten the pause."
            )
    if has("tidal_volume", "inspiratory_time") and (mode is None or mode in (modes.VC_CMV, modes.VC_SIMV)):
        time = max(number["inspiratory_time"] - number.get("pause_time", 0.0), 0.1)
        flow = number["tidal_volume"] / time
        if flow > L_min.si(150):
            raise ModelError(
                f"{shown('tidal_volume', mL)} in {time:.2g} s needs {L_min.of(flow):.0f} L/min, more than the 150 L/min "
                "that this turbine gives; lengthen inspiratory_time."
            )
    if has("low_minute_volume", "high_minute_volume") and number["low_minute_volume"] >= number["high_minute_volume"]:
        raise ModelError(
            f"{shown('low_minute_volume', L_min)} is not below {shown('high_minute_volume', L_min)}: the alarm would never rest."
        )


def modes_all() -> tuple[float, ...]:
    """Every mode's number."""
    return tuple(n for n, _, _ in modes.MODES.values())
