"""Gas source, valves, circuit, sensors and firmware, put together under one name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from proband.devices.ventilator import conditioning, modes
from proband.devices.ventilator.adaptive import adaptive
from proband.devices.ventilator.alarms import alarms
from proband.devices.ventilator.asynchrony import asynchrony
from proband.devices.ventilator.breath import breath
from proband.devices.ventilator.monitor import monitor
from proband.devices.ventilator.pneumatics import circuit, expiratory_valve, inspiratory_valve, leak, oxygen_line
from proband.devices.ventilator.sensors import sensors
from proband.devices.ventilator.servo import servo
from proband.devices.ventilator.settings import check
from proband.devices.ventilator.sizes import Exchanger
from proband.devices.ventilator.sizes import size as circuit_of
from proband.devices.ventilator.supply import mixer, power_supply, turbine
from proband.devices.ventilator.tube import coefficients, inertance, open_end, tracheal_tube, turning_flow, weight
from proband.laws.gas import AIR, inspired
from proband.laws.gas_store import gas_store
from proband.model import Assembly, Component, ModelError, Part, Site, did_you_mean
from proband.units import *

KINDS: dict[str, Component] = {
    "air": gas_store, "wall": gas_store, "outside": gas_store,
    "circuit": circuit, "inspiratory": inspiratory_valve, "oxygen_line": oxygen_line, "expiratory": expiratory_valve,
    "tube": tracheal_tube, "leak": leak, "open_end": open_end,
    "turbine": turbine, "power": power_supply, "mixer": mixer,
    "sensors": sensors, "breath": breath, "servo": servo, "monitor": monitor, "adaptive": adaptive,
    "alarms": alarms, "asynchrony": asynchrony,
}  # fmt: skip

WIRES: dict[str, dict[str, str]] = {
    "inspiratory": {"wanted": ".servo.opening", "head": ".turbine.head", "share": ".mixer.share"},
    "oxygen_line": {"total": ".inspiratory.total", "share": ".mixer.share"},
    "expiratory": {"wanted": ".servo.seat"},
    "leak": {"connected": ".tube.connected"},
    "open_end": {"connected": ".tube.connected", "occlusion": ".tube.occlusion"},
    "turbine": {"powered": ".power.powered"},
    "mixer": {"flow": ".inspiratory.total", "wanted": ".breath.oxygen"},
    "sensors": {
        "true_pressure": ".circuit.pressure", "true_in": ".inspiratory.total", "true_out": ".expiratory.total",
        "leak_gain": ".monitor.leak_gain",
    },
    "breath": {
        "pressure": ".sensors.pressure", "calm": ".sensors.smooth_pressure", "flow_in": ".sensors.flow_in",
        "flow_out": ".sensors.flow_out", "leak": ".sensors.leak", "squeeze": ".sensors.squeeze", "inside": ".sensors.into_patient",
        "adapted_pressure": ".adaptive.pressure", "adapted_rate": ".adaptive.rate", "adapted_time": ".adaptive.t_in",
    },
    "servo": {
        "drive": ".breath.drive", "aim": ".breath.aim", "wanted_flow": ".breath.wanted_flow", "peep": ".breath.peep",
        "limit": ".breath.pressure_limit", "pressure": ".sensors.pressure", "calm": ".sensors.smooth_pressure",
        "flow_in": ".sensors.flow_in", "flow_out": ".sensors.flow_out", "squeeze": ".sensors.squeeze", "leak": ".sensors.leak",
        "head": ".turbine.head",
    },
    "monitor": {
        "phase": ".breath.phase", "breaths": ".breath.breaths", "inside": ".sensors.into_patient", "raw": ".sensors.raw",
        "calm": ".sensors.smooth_pressure", "flow_out": ".sensors.flow_out", "flow_in": ".sensors.flow_in",
        "VT_in": ".breath.VT_in", "VT_out": ".breath.VT_out", "PIP": ".breath.PIP", "end_pressure": ".breath.end_pressure",
        "breath_time": ".breath.breath_time", "patient": ".breath.own_before", "plateau_pressure": ".breath.plateau",
        "total_peep": ".breath.total_peep", "held_peep": ".breath.held_peep",
    },
    "adaptive": {
        "breaths": ".breath.breaths", "mode": ".breath.mode", "VT_in": ".breath.VT_in", "PIP": ".breath.PIP",
        "end_pressure": ".breath.end_pressure", "peep": ".breath.peep", "limit": ".breath.pressure_limit",
        "tidal_volume": ".breath.tidal_volume", "RC_out": ".monitor.RC_out",
    },
    "alarms": {
        # A breath is judged once the monitor has it in its books: what is read of it is then of one and the same breath.
        "phase": ".breath.phase", "breaths": ".monitor.seen", "calm": ".sensors.smooth_pressure", "met": ".breath.limited_now",
        "frozen": ".sensors.frozen", "disagree": ".sensors.disagree", "into": ".breath.VT_in", "VT_out": ".breath.VT_out", "PIP": ".breath.PIP",
        "end_pressure": ".breath.end_pressure", "raw_back": ".monitor.raw_back", "leak_share": ".monitor.leak_share",
        "VT_usual": ".monitor.VT_mean", "MV_out": ".monitor.MV_out", "rate": ".monitor.rate", "quiet": ".breath.quiet",
        "backup": ".breath.backup", "apnoea_time": ".breath.apnoea_time", "peep": ".breath.peep", "oxygen": ".breath.oxygen",
        "oxygen_measured": ".mixer.measured", "oxygen_supply": ".mixer.oxygen_supply", "mains": ".power.mains",
        "battery": ".power.share", "niv": ".monitor.niv", "head": ".turbine.head",
    },
    "asynchrony": {
        "phase": ".breath.phase", "breaths": ".breath.breaths", "patient": ".breath.patient", "kind": ".breath.kind", "mode": ".breath.mode",
    },
}  # fmt: skip

SHARED = {"K": ("inspiratory", "servo"), "c": ("inspiratory", "servo")}  # the firmware knows its own valve
ENDS = {
    "inspiratory": (".air", ".circuit"), "oxygen_line": (".wall", ".circuit"), "expiratory": (".circuit", ".outside"),
    "leak": (".circuit", ".outside"),
}  # fmt: skip

TELLS = {
    **{row: f".breath.{row}" for row, r in breath.rows.items() if r.kind == "command"},
    **{row: f".adaptive.{row}" for row in ("weight", "minute_volume_share")},
    **{row: f".alarms.{row}" for row, r in alarms.rows.items() if r.kind == "command"},
    **{row: f".monitor.{row}" for row in (
        "niv", "auto_peep", "driving_pressure", "static_compliance", "dynamic_compliance", "transpulmonary", "mechanical_power",
        "work_per_litre", "RSBI", "MV_out", "mean_pressure", "leak_share", "RC_out",
    )},
    **{row: f".breath.{row}" for row in (
        "phase", "breaths", "VT_in", "VT_out", "PIP", "end_pressure", "plateau", "total_peep", "P_01", "t_in", "begun",
    )},
    "set_rate": ".breath.rate", "measured_rate": ".monitor.rate",
    "pressure": ".circuit.pressure", "measured_pressure": ".sensors.pressure",
    "flow_in": ".inspiratory.total", "flow_out": ".expiratory.total", "flow": ".tube.flow",
    "connected": ".tube.connected", "occlusion": ".tube.occlusion", "hole": ".leak.hole", "blockage": ".expiratory.blockage",
    "stuck": ".sensors.stuck", "stuck_flow": ".sensors.stuck_flow", "offset": ".sensors.offset",
    "oxygen_supply": ".mixer.oxygen_supply", "oxygen_fraction": ".mixer.oxygen_fraction", "oxygen_measured": ".mixer.measured",
    "mains": ".power.mains", "battery": ".power.share", "head": ".turbine.head",
    "asynchrony_index": ".asynchrony.index", "ineffective": ".asynchrony.ineffective", "double": ".asynchrony.double",
    "auto": ".asynchrony.auto", "reverse": ".asynchrony.reverse", "early": ".asynchrony.early", "late": ".asynchrony.late",
}  # fmt: skip

PURE = {"oxygen": 1.0}


def ventilator(
    airway: str | Site,
    room: str | Site | None = None,
    *,
    size: str = "adult",
    humidifier: str = "heated",
    tube: Quantity | None = None,
    mode: str | float | None = None,
    effort: str | Site | None = None,
    pleura: str | Site | None = None,
    **settings: Any,
) -> Assembly:
    """A ventilator joined to `airway` by a tracheal tube of inner diameter `tube`; it breathes out into `room` (or its own).

    `size`: adult, paediatric or neonate. `humidifier`: heated, hme (a heat and moisture exchanger) or none. `mode`: a name (`"PC-CMV"`, `"PSV"` …) or its number. `effort`: the signal of the
    respiratory muscles' pressure, which the asynchrony counter needs; `pleura`: a pleural pressure.
    Any command or row of a part is a setting by its name. Raises ModelError where a setting is unknown or impossible."""
    chosen = circuit_of(size)
    way = conditioning.way(humidifier)
    kinds = {**KINDS, **way.kinds}
    tells = {**TELLS, **conditioning.TELLS, **way.tells}
    wires = {**WIRES, **conditioning.WIRES}
    given: dict[str, dict[str, Any]] = {name: dict(wires.get(name, {})) for name in kinds}
    sources: dict[str, dict[str, str]] = {name: {} for name in kinds}
    for full, (value, source) in chosen.rows.items():
        part, _, row = full.partition(".")
        for owner in SHARED.get(row, (part,)):
            given[owner][row] = value
            sources[owner][row] = source
    bore = chosen.tube if tube is None else tube.to(mm)
    R1, R2, source = coefficients(bore)
    given["tube"] |= {"R1": R1 * (cmH2O * s / L), "R2": R2 * (cmH2O * s * s / L**2)}
    given["tube"] |= {"I": inertance(bore) * weight, "Q_t": turning_flow(bore) * (mL / s)}
    given["open_end"]["R"] = max(R1 + 0.6 * R2, 0.5) * (cmH2O * s / L)
    sources["tube"] |= {"R1": source, "R2": source}
    sources["tube"] |= {"I": "density of its gas times length over area", "Q_t": "Reynolds number 1,000 in this bore"}
    sources["open_end"]["R"] = "assumed: R1 + R2 Q of this tube at 0.6 L/s"
    if humidifier != "heated":
        given["mixer"]["V_mix"] = 450 * mL
        sources["mixer"]["V_mix"] = "assumed: the row's 700 mL without the humidifier's 250 mL"
    if "exchanger" in kinds:
        _put_in_line(chosen.exchanger, given, sources)
    compliance = given["circuit"]["C"]
    for knows in ("sensors", "monitor"):
        given[knows]["C_circuit"] = compliance
        sources[knows]["C_circuit"] = "definition: that of this circuit, which the ventilator measures in its own test"
    if effort is not None:
        given["asynchrony"]["effort"] = str(effort)
    if pleura is not None:
        given["monitor"]["pleura"] = str(pleura)

    wanted = {**chosen.settings, **settings}
    if mode is not None:
        wanted["mode"] = mode
    if isinstance(wanted.get("mode"), str):
        wanted["mode"] = modes.number(wanted["mode"])
    for name, setting in wanted.items():
        for part, row in _owners(name, kinds, tells, humidifier):
            if isinstance(setting, str) and kinds[part].rows[row].names:
                setting = kinds[part].rows[row].accept(setting, name)
            if isinstance(setting, Quantity) and setting.dimension != kinds[part].rows[row].unit.dimension:
                kinds[part].rows[row].accept(setting, name)  # says which unit it wants
            given[part][row] = setting
            if name not in settings and kinds[part].rows[row].kind == "param":
                sources[part][row] = "assumed: for patients of this size"
    if "exchanger" in kinds:
        conditioning.check_volume(given["exchanger"]["volume"])
    commands = _commands(given, kinds)
    check(commands)
    _begin(given, commands)

    ends = {
        **ENDS,
        "tube": (".circuit", str(airway)),
        "open_end": (".outside" if room is None else str(room), str(airway)),
    }
    if "exchanger" in kinds:
        ends |= {"exchanger_mouth": (".circuit", ".exchanger"), "tube": (".exchanger", str(airway))}
    if room is not None:
        ends["expiratory"] = ends["leak"] = (".circuit", str(room))
    parts: dict[str, Part] = {}
    for name, kind in kinds.items():
        if name == "outside" and room is not None:
            continue
        part = kind(*ends.get(name, ()), **given[name])
        parts[name] = replace(part, sources=MappingProxyType(sources[name]))
    contents = {
        f".{place}.{gas}": inspired(fraction)
        for place, blend in (("air", AIR), ("wall", PURE), ("outside", AIR), ("circuit", AIR), ("exchanger", AIR))
        for gas, fraction in blend.items()
        if place in parts
    }
    return Assembly(parts=parts, tells=tells, contents=contents, check=check, sets=_moved_to_the_tube(str(airway)))


def _moved_to_the_tube(airway: str) -> dict[str, Any]:
    """What a tube changes in a patient: its cuff shuts the mouth, and the capnograph sits at its end."""
    gases = {f"gas_airway.{gas}": f"{airway}.{gas}_concentration" for gas in ("oxygen", "carbon_dioxide")}
    return {"mouth.open": 0.0, **gases, "gas_airway.pressure": f"{airway}.pressure"}


def paediatric_ventilator(airway: str | Site, room: str | Site | None = None, **settings: Any) -> Assembly:
    """The ventilator with a child's circuit (about 5 to 30 kg)."""
    return ventilator(airway, room, **{"size": "paediatric", **settings})


def neonatal_ventilator(airway: str | Site, room: str | Site | None = None, **settings: Any) -> Assembly:
    """The ventilator with a newborn's circuit."""
    return ventilator(airway, room, **{"size": "neonate", **settings})


def _owners(
    name: str, kinds: Mapping[str, Component], tells: Mapping[str, str], humidifier: str
) -> list[tuple[str, str]]:
    """The part and row that a setting means: a command first, then `part_row`, then any part's row of that name."""
    if name in tells:
        part, _, row = tells[name].removeprefix(".").rpartition(".")
        if kinds[part].rows.get(row) is not None:
            return [(part, row)]
    if name in SHARED:
        return [(part, name) for part in SHARED[name]]
    for part, kind in kinds.items():
        if name.startswith(f"{part}_") and name.removeprefix(f"{part}_") in kind.rows:
            return [(part, name.removeprefix(f"{part}_"))]
    found = [
        (part, name)
        for part, kind in kinds.items()
        if name in kind.rows and kind.rows[name].kind in ("param", "command")
    ]
    if found:
        return found[:1]
    conditioning.refuse_of_another(name, humidifier)
    known = [*tells, *(row for kind in kinds.values() for row in kind.rows)]
    raise ModelError(f"the ventilator has no setting {name!r}{did_you_mean(name, known)}.")


def _put_in_line(exchanger: Exchanger, given: dict[str, dict[str, Any]], sources: dict[str, dict[str, str]]) -> None:
    """An exchanger between Y-piece and tube: its resistance in a row with the tube's, and no chamber of water in the limb."""
    given["exchanger"]["volume"] = exchanger.V
    given["humidifier"] |= {"VT_ref": exchanger.VT_ref, **conditioning.SPONGE_WIRES}
    sources["exchanger"]["volume"] = sources["humidifier"]["VT_ref"] = exchanger.source
    for row, own in (("R1", exchanger.R1), ("R2", exchanger.R2)):
        given["tube"][row] = given["tube"][row] + own
        sources["tube"][row] += f"; and the exchanger: {exchanger.source}"


def _commands(given: dict[str, dict[str, Any]], kinds: Mapping[str, Component]) -> dict[str, Any]:
    """Every command with the value it starts with."""
    told: dict[str, Any] = {}
    for part, kind in kinds.items():
        for row in kind.rows.values():
            if row.kind == "command" and row.value is not None:
                told[row.name] = given[part].get(row.name, Quantity(row.value, row.unit.dimension, row.unit))
    return told


def _begin(given: dict[str, dict[str, Any]], commands: Mapping[str, Any]) -> None:
    """What the firmware believes at the start follows from its settings: a ventilator is set before it is joined."""
    peep, volume, rate = commands["peep"], commands["tidal_volume"], commands["rate"]
    given["circuit"].setdefault("volume", given["circuit"]["V_0"] + given["circuit"]["C"] * peep)
    for part, row in (("expiratory", "seat"), ("servo", "seat"), ("sensors", "pressure"), ("sensors", "smooth_pressure"),
                      ("breath", "end_pressure"), ("monitor", "P_start"), ("breath", "rise_from")):  # fmt: skip
        given[part].setdefault(row, peep)
    given["monitor"].setdefault("VT_mean", volume)
    given["monitor"].setdefault("rate", rate)
    given["monitor"].setdefault("MV_out", volume * rate)
    given["adaptive"].setdefault("rate", rate)
    given["adaptive"].setdefault("volume", volume)
    given["adaptive"].setdefault("pressure", peep + 10 * cmH2O)
    fraction = float(commands["oxygen"])
    given["mixer"].setdefault("share", max(0.0, (fraction - AIR["oxygen"]) / (1 - AIR["oxygen"])))
    given["mixer"].setdefault("measured", fraction)
