"""The whole circuit, from drains to returns, under one name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from proband.devices.ecmo.cannula import Cannula, cannula
from proband.devices.ecmo.dilution import bolus, dilution
from proband.devices.ecmo.exchange import crossing, exchanger
from proband.devices.ecmo.firmware import firmware
from proband.devices.ecmo.giving import aimed_cannula, jet, return_cannula
from proband.devices.ecmo.heat import heat_exchanger
from proband.devices.ecmo.mixing import stirred, stirring
from proband.devices.ecmo.oxygenator import Oxygenator, ageing, blood_side, out_of_oxygenator, oxygenator_of
from proband.devices.ecmo.pump import drive
from proband.devices.ecmo.pumps import Pump, pump_of
from proband.devices.ecmo.sensors import sensors
from proband.devices.ecmo.sites import check, configuration
from proband.devices.ecmo.suction import drainage_cannula, into_piece, row_of_holes, vein_piece
from proband.devices.ecmo.sweep import blended, exhaust, fibres
from proband.devices.ecmo.tubing import DENSITY, hose, inertance, prime, square_resistance
from proband.laws import gas
from proband.laws.gas_store import gas_store
from proband.model import Assembly, ModelError, Part, Site, did_you_mean
from proband.units import *

loss = mmHg / L_min**2
Place = str | Site

TELLS = {
    "flow": ".pump.flow", "head": ".pump.head", "rotor_speed": ".drive.speed", "power_on": ".drive.power_on", "air": ".pump.air",
    "inlet_pressure": ".pump.inlet_pressure", "outlet_pressure": ".pump.outlet_pressure", "hydraulic_power": ".pump.hydraulic_power",
    "post_pressure": ".return_tube.post_pressure", "clot": ".oxygenator_age.clot", "age": ".oxygenator_age.age",
    "suction": ".drain_1.covered", "drain_clamp": ".drain_1.clamp", "return_clamp": ".return_1.clamp",
    "drain_kink": ".drain_1.kink", "return_kink": ".return_1.kink", "drain_flow": ".drain_1.flow", "return_flow": ".return_1.flow",
    "speed": ".firmware.set_speed", "set_flow": ".firmware.set_flow", "mode": ".firmware.mode", "sweep": ".firmware.set_sweep",
    "FdO2": ".firmware.set_FdO2", "gas_mode": ".firmware.gas_mode", "target_PO2": ".firmware.target_PO2",
    "target_PCO2": ".firmware.target_PCO2", "backflow_prevention": ".firmware.backflow_prevention",
    "venous_intervention": ".firmware.venous_intervention", "low_flow": ".firmware.low_flow", "bubble_stop": ".firmware.bubble_stop", "weaned_flow": ".firmware.weaned_flow",
    "wean_every": ".firmware.wean_every", "gas_supply": ".blender_oxygen.supply", "chatter": ".firmware.chatter",
    "target_speed": ".firmware.target", "measured_flow": ".sensors.flow", "measured_inlet": ".sensors.inlet",
    "measured_middle": ".sensors.middle", "measured_outlet": ".sensors.outlet", "given_sweep": ".exhaust.flow",
    "water": ".heat.water", "outlet_temperature": ".heat.outlet",
}  # fmt: skip
GAS_TELLS = {
    "oxygen_transfer": ".exchanger.oxygen_transfer", "carbon_dioxide_transfer": ".exchanger.carbon_dioxide_transfer",
    "inlet_SO2": ".exchanger.SO2", "inlet_PCO2": ".exchanger.PCO2", "outlet_PO2": ".exchanger.outlet_PO2",
    "outlet_PCO2": ".exchanger.outlet_PCO2",
}  # fmt: skip
DILUTION_TELLS = {"recirculation": ".dilution.recirculation", "measure_recirculation": ".dilution.measure"}


def _listed(places: Place | Sequence[Place]) -> list[str]:
    """One place, several, or several in one string with commas or plus signs."""
    if isinstance(places, (str, Site)):
        return [p.strip() for p in re.split("[,+]", str(places)) if p.strip()]
    return [str(p) for p in places]


def _placed(places: Place | Sequence[Place], named: str | Sequence[str], use: str) -> list[tuple[str, Cannula]]:
    """Each place with its cannula. One that lies in two places, multistage or dual-lumen, stands beside both."""
    sites = _listed(places)
    names = [n.strip() for n in re.split("[,+]", named)] if isinstance(named, str) else list(named)
    if len(names) == 1 and cannula(names[0], use).rows == 1:
        names = names * len(sites)
    made = [cannula(name, use) for name in names]
    if len(names) != len(sites):
        made = [placed for placed in made for _ in range(placed.rows)]
    if len(made) != len(sites):
        raise ModelError(
            f"ecmo has {len(sites)} places for {use}, but {len(names)} cannulae; name one for each, and two places for one that is multistage."
        )
    return list(zip(sites, made, strict=True))


def _lumina(placed: list[tuple[str, Cannula]]) -> list[list[int]]:
    """Which drains share a lumen, by number from 1: two rows of holes of one multistage or dual-lumen cannula."""
    shared: list[list[int]] = []
    for i, (_, made) in enumerate(placed, 1):
        last = placed[shared[-1][0] - 1][1] if shared else None
        if last == made and (made.rows == 2 or made.dual) and len(shared[-1]) == 1:
            shared[-1].append(i)
        else:
            shared.append([i])
    for numbers in shared:
        made = placed[numbers[0] - 1][1]
        if made.rows == 2 and len(numbers) == 1:
            raise ModelError(
                f"{made.make} {made.french:g} Fr multistage drains two places; only {placed[numbers[0] - 1][0]!r} is named."
            )
    return shared


def _rows(placed: Cannula) -> dict[str, Quantity]:
    R2, R1 = placed.law()
    A = placed.section.si
    L = DENSITY.si * placed.length.si / A * (Pa * s * s / m**3)
    K = DENSITY.si / (2 * A * A) * (Pa * s * s / m**6)
    return {"R2": R2 * loss, "R1": R1 * (mmHg / L_min), "L": L, "K": K}


def _blood_parts(drains: list[tuple[str, Cannula]], returns: list[tuple[str, Cannula]], made: Pump, lung: Oxygenator,
                 tubes: tuple[Quantity, Quantity], speed: Quantity) -> dict[str, Part]:  # fmt: skip
    parts: dict[str, Part] = {}
    for i, (site, _) in enumerate(drains, 1):
        parts[f"vein_{i}"] = vein_piece(pressure_=f"{site}.pressure", transmural_=f"{site}.transmural")
        parts[f"inflow_{i}"] = into_piece(
            site, f".vein_{i}", before=f"{site}.transmural", after=f".vein_{i}.transmural"
        )
    for numbers in _lumina(drains):
        parts |= _drain(numbers, drains[numbers[0] - 1][1])
    half = prime(tubes[0])
    parts["drainage"] = hose(V_0=half, volume=half)
    parts["drive"] = drive(target=".firmware.target", speed=speed)
    parts["pump"] = made.component(
        ".drainage", ".oxygenator", speed=".drive.speed", resistance=".oxygenator_age.half",
        R_line=square_resistance(tubes[0]), L_line=inertance(tubes[0]),
    )  # fmt: skip
    # The pump head's blood counts with the oxygenator's.
    filled = (lung.prime + 32) * mL
    parts["oxygenator"] = blood_side(V_0=filled, volume=filled)
    parts["oxygenator_age"] = ageing(R=lung.R * (mmHg / L_min))
    parts["return_tube"] = out_of_oxygenator(
        ".oxygenator", ".return_line", resistance=".oxygenator_age.half",
        R_line=square_resistance(tubes[1]), L_line=inertance(tubes[1]),
    )  # fmt: skip
    half = prime(tubes[1])
    parts["return_line"] = hose(V_0=half, volume=half)
    for i, (site, placed) in enumerate(returns, 1):
        if placed.dual and site == "right_atrium":
            parts[f"return_{i}"] = aimed_cannula(
                ".return_line", site, opening="tricuspid_valve.opening", **_rows(placed)
            )
            parts[f"jet_{i}"] = jet(".return_line", "right_ventricle", aimed=f".return_{i}.aimed")
        else:
            parts[f"return_{i}"] = return_cannula(".return_line", site, **_rows(placed))
    return parts


# Of a cannula with two rows of holes: what its lumen takes of the pressure that its sheet tells, and how much more the row
# nearer to the pump gives than the tip. The rows nearer to the pump give most (Rorro 2025 Cardiovasc Eng Technol,
# s13239-024-00770-x), and a tip gives some third (Parker 2024 Phys Fluids 36, doi 10.1063/5.0212546).
LUMEN, NEARER = 2 / 3, 2.0
STAGES = "shared so that the holes nearer to the pump give most (Rorro 2025) and the tip a third (Parker 2024)"


def _drain(numbers: list[int], placed: Cannula) -> dict[str, Part]:
    """The cannula behind one place, or behind two that share its lumen; the first named lies nearer to the pump."""
    rows = _rows(placed)
    if len(numbers) == 1:
        (i,) = numbers
        return {f"drain_{i}": drainage_cannula(f".vein_{i}", ".drainage", transmural=f".vein_{i}.transmural", **rows)}
    i, j = numbers
    share = NEARER if placed.rows == 2 else 1.0  # a dual-lumen cannula has as many holes in either vein
    holes = (1 - LUMEN) * rows["R2"] * ((1 + share) / share) ** 2
    lumen = {**rows, "R2": LUMEN * rows["R2"]}
    outside = {"shut": f".drain_{i}.clamp", "bent": f".drain_{i}.kink"}  # a clamp on the cannula shuts both
    return {
        f"drain_{a}": row_of_holes(
            f".vein_{a}",
            ".drainage",
            transmural=f".vein_{a}.transmural",
            beside=f".drain_{b}.flow",
            R_row=R_row,
            **lumen,
            **clamped,
        )
        for a, b, R_row, clamped in ((i, j, holes, {}), (j, i, share * share * holes, outside))
    }


# Where the blood of a cava enters the atrium: the liver's veins join the lower one before.
MOUTHS = {"vena_cava_inferior": "hepatic_cava", "vena_cava_superior": "vena_cava_superior"}


def _mixing(drains: list[tuple[str, Cannula]], returns: list[tuple[str, Cannula]]) -> dict[str, Part]:
    """A jet that runs into the atrium stirs it together with the mouth of every cava that is drained. One from the groin that
    ends in the lower cava spends itself there."""
    parts: dict[str, Part] = {}
    for i, (site, placed) in enumerate(returns, 1):
        if site not in ("right_atrium", "vena_cava_superior"):
            continue
        past = f".return_{i}.astray" if placed.dual and site == "right_atrium" else f".return_{i}.flow"
        for cava in sorted({drained for drained, _ in drains} & set(MOUTHS) - {site}):
            mouth = MOUTHS[cava]
            for a, b in ((mouth, "right_atrium"), ("right_atrium", mouth)):
                parts[f"stirred_{i}_{a}_{b}"] = stirred(a, b, jet=past, k=stirring(placed.section))
    return parts


def _console(made: Pump, speed: Quantity, gases: bool) -> dict[str, Part]:
    blood = {
        "venous_CO2": ".exchanger.PCO2",
        "outlet_O2": ".exchanger.outlet_PO2",
        "outlet_CO2": ".exchanger.outlet_PCO2",
    }
    return {
        "sensors": sensors(
            true_flow=".pump.flow", true_inlet=".pump.inlet_pressure", true_middle=".pump.outlet_pressure",
            true_outlet=".return_tube.post_pressure", true_air=".pump.air", true_sweep=".exhaust.flow",
        ),
        "firmware": firmware(
            flow=".sensors.flow", inlet=".sensors.inlet", middle=".sensors.middle", outlet=".sensors.outlet",
            bubble=".sensors.bubble", gas=".sensors.sweep", rotor=".drive.speed",
            top=made.top * rpm, cap=made.top * rpm, set_speed=speed, target=speed, base=speed, **(blood if gases else {}),
        ),
    }  # fmt: skip


def _gas_parts(lung: Oxygenator, gases: bool) -> dict[str, Part]:
    asked = {"sweep": ".firmware.sweep", "FdO2": ".firmware.FdO2"}
    parts: dict[str, Part] = {
        "oxygen_supply": gas_store(), "air_supply": gas_store(), "room": gas_store(),
        "fibres": fibres(), "exhaust": exhaust(".fibres", ".room"),
        "blender_oxygen": blended(".oxygen_supply", ".fibres", **asked),
        "blender_air": blended(".air_supply", ".fibres", air=1.0, **asked),
    }  # fmt: skip
    if gases:
        parts["exchanger"] = exchanger(
            flow=".pump.flow", fibres=".oxygenator_age.fibres", **asked,
            **{short: f".drainage.{name}_concentration" for short, name in SHORT.items()},
            **{f"gas_{short}": f".fibres.{name}_concentration" for short, name in SHORT.items()},
            haemoglobin="blood.haemoglobin", base_excess="blood.base_excess",
            area=lung.area * m2, frontal=lung.frontal * (cm * cm),
        )  # fmt: skip
        for name in SHORT.values():
            parts[f"{name}_crossing"] = crossing(".fibres", ".oxygenator", substance=name, told=f".exchanger.{name}")
    return parts


def _dilution_parts() -> dict[str, Part]:
    """Measures recirculation where the body carries an `indicator`."""
    return {
        "dilution": dilution(
            drained=".drainage.indicator_concentration", returned=".return_line.indicator_concentration"
        ),
        "bolus": bolus(".return_line", substance="indicator", told=".dilution.dose"),
    }


def _with_sources(
    parts: dict[str, Part], placed: tuple[list[tuple[str, Cannula]], ...], lung: Oxygenator
) -> dict[str, Part]:
    """Where the numbers come from that this circuit gives its parts."""
    tube = {
        "R_line": "Blasius 1913: its length and bore",
        "L_line": "ρ l / A of its length and bore",
        "V_0": "its length and bore",
    }
    bore = "assumed: its outer size less walls of 0.6 mm, and its length"
    sources: dict[str, dict[str, str]] = {
        "drainage": tube, "return_line": tube, "return_tube": tube, "pump": tube,
        "oxygenator": {"V_0": f"{lung.sources['prime']}, and 32 mL of the pump head (Maquet data sheet, as remembered)"},
        "oxygenator_age": {"R": lung.sources["R"]},
        "exchanger": {"area": lung.sources["area"], "frontal": lung.sources["frontal"]},
        "firmware": {"top": "the pump's sheet"}, "blender_air": {"air": "definition"},
    }  # fmt: skip
    for use, several in zip(("drain", "return"), placed, strict=True):
        for i, (_, one_) in enumerate(several, 1):
            blood = f"{one_.source}; blood for water after Blasius 1913"
            sources[f"{use}_{i}"] = {
                "R2": blood,
                "R1": blood,
                "R_row": f"{one_.source}; {STAGES}",
                "L": bore,
                "K": bore,
            }
    return {
        name: replace(part, sources=MappingProxyType({**part.sources, **sources.get(name, {})}))
        for name, part in parts.items()
    }


SHORT = {"O2": "oxygen", "CO2": "carbon_dioxide", "N2": "nitrogen"}


def _contents(parts: Mapping[str, Part]) -> dict[str, Quantity]:
    """At the start: gases in the supplies, and in the circuit blood like that of the veins."""
    told: dict[str, Quantity] = {}
    for place, shares in (
        ("oxygen_supply", {"oxygen": 1.0}),
        ("air_supply", gas.AIR),
        ("room", gas.AIR),
        ("fibres", gas.AIR),
    ):
        told |= {f".{place}.{name}": x / gas.MOLAR_VOLUME for name, x in shares.items()}
    venous = {"oxygen": 6.3, "carbon_dioxide": 22.5, "nitrogen": 0.43, "lactate": 1.0}
    for place, part in parts.items():
        if part.component.kind == "compartment" and "molar_volume" not in part.component.outputs:
            told |= {f".{place}.{name}": c * mmol / L for name, c in venous.items()}
    return told


def ecmo(
    drains: Place | Sequence[Place],
    returns: Place | Sequence[Place],
    *,
    drainage: str | Sequence[str] = "hls 25",
    returning: str | Sequence[str] = "hls 17",
    pump: str = "rotaflow",
    oxygenator: str = "quadrox_i_adult",
    support: str | None = None,
    speed: Quantity | None = None,
    drainage_tube: Quantity = 1.5 * m,
    return_tube: Quantity = 1.5 * m,
    vessels: Mapping[str, Quantity] | None = None,
    body_size: float = 1.0,
    gases: bool | None = None,
    **settings: Any,
) -> Assembly:
    """Extracorporeal membrane oxygenation between any sites.

    `drains` and `returns` are places or lists of places, each with its cannula (`drainage`, `returning`); the sites make
    the kind of support, and `support` only says which one is meant. A left-ventricular vent is a drain more, a distal leg
    perfusion or a second return a return more. `vessels` gives the diameter of the patient's own vessels,
    `body_size` the patient's size beside a man's where they are not known (a trial tells it by itself). The
    oxygenator exchanges oxygen, carbon dioxide and nitrogen where the body carries them by the time it is attached; with
    `gases=True` the body must, with `gases=False` blood only passes. Where it carries an `indicator`, recirculation is measured with it.

    A setting is any row of a part by its name, `part_row` where several parts share it. Raises ModelError for places,
    cannulae and settings that cannot be."""
    placed = _placed(drains, drainage, "drainage"), _placed(returns, returning, "return")
    check(*placed, support, vessels or {}, body_size)
    made, lung = pump_of(pump), oxygenator_of(oxygenator)
    exchanging = gases is not False
    turning = (0.65 * made.top) * rpm if speed is None else speed
    if turning.to(rpm) > made.top:
        raise ModelError(f"{made.name} turns at no more than {made.top:g} rpm, not at {turning.to(rpm):g} rpm.")
    parts = {
        **_blood_parts(*placed, made, lung, (drainage_tube, return_tube), turning),
        **_mixing(*placed),
        **_console(made, turning, exchanging),
        **_gas_parts(lung, exchanging),
        **_dilution_parts(),
        "heat": heat_exchanger(flow=".pump.flow"),
    }
    parts = _with_sources(parts, placed, lung)
    for name, setting in settings.items():
        part, row = _owner(name, parts)
        parts[part] = _set(parts[part], row, setting)
    tells = {**TELLS, **DILUTION_TELLS, **(GAS_TELLS if exchanging else {})}
    if "jet_1" in parts:
        tells["return_flow"] = ".return_1.through"
    exchange = [name for name in parts if name == "exchanger" or name.endswith("_crossing")]
    needs = {} if gases else {name: tuple(SHORT.values()) for name in exchange}
    needs |= dict.fromkeys(_dilution_parts(), ("indicator",))
    return Assembly(parts=parts, tells=tells, contents=_contents(parts), needs=needs)


def _owner(name: str, parts: Mapping[str, Part]) -> tuple[str, str]:
    full = {**TELLS, **DILUTION_TELLS}.get(name, "").removeprefix(".")
    if full:
        part, _, row = full.rpartition(".")
        if row in parts[part].component.rows:
            return part, row
    for part, made in parts.items():
        if name.startswith(f"{part}_") and name.removeprefix(f"{part}_") in made.component.rows:
            return part, name.removeprefix(f"{part}_")
    for part in ("firmware", "drain_1", "pump", "drive", "dilution", "oxygenator_age", "sensors", "heat", "exchanger"):
        if part in parts and name in parts[part].component.rows:
            return part, name
    known = [*TELLS, *(row for p in ("firmware", "pump") for row in parts[p].component.rows)]
    raise ModelError(f"ecmo has no setting {name!r}{did_you_mean(name, known)}.")


def _set(part: Part, row: str, setting: Any) -> Part:
    if part.component.rows[row].kind == "reads" and isinstance(setting, (str, Site)):
        return replace(part, wires=MappingProxyType({**part.wires, row: str(setting)}))
    si = part.component.rows[row].accept(setting, f"{part.component.name}.{row}")
    return replace(part, values=MappingProxyType({**part.values, row: si}))


__all__ = ["configuration", "ecmo"]
