"""Bag, canister, valves and fresh gas, put together under one name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from proband.devices.circle import parts as made
from proband.laws.gas import AIR, inspired
from proband.laws.gas_store import gas_store
from proband.model import Assembly, ModelError, Site, did_you_mean
from proband.units import *

PURE = {"oxygen": 1.0}
TELLS = {
    "oxygen_flow": ".oxygen.set_flow", "air_flow": ".air.set_flow", "relief_pressure": ".relief.opens", "connected": ".joint.connected",
    "squeeze": ".hand.pressure", "squeeze_rate": ".hand.rate",
    "pressure": ".bag.pressure", "bag_volume": ".bag.volume", "inspired_oxygen": ".joint.inspired_oxygen",
    "flow_in": ".inspiration.flow", "flow_out": ".expiration.flow", "waste": ".relief.flow",
}  # fmt: skip
COMMANDS = {"oxygen_flow", "air_flow", "relief_pressure", "connected", "squeeze", "squeeze_rate"}


def circle(
    airway: str | Site,
    room: str | Site | None = None,
    *,
    filled: Mapping[str, float] = PURE,
    oxygen_flow: Quantity = 6 * L_min,
    air_flow: Quantity = 0 * L_min,
    **settings: Any,
) -> Assembly:
    """A circle joined to `airway` by a mask that fits; surplus gas leaves for `room` (or its own).

    `filled`: shares of the dry gas in it at the start. `oxygen_flow`, `air_flow`: fresh gas. Further settings:
    relief_pressure, squeeze, squeeze_rate, connected. Raises ModelError where a setting is unknown."""
    for name in settings:
        if name not in COMMANDS:
            known = sorted(COMMANDS)
            raise ModelError(
                f"a circle has no setting {name!r}{did_you_mean(name, known)}; it has {', '.join(known)} and filled."
            )

    def given(part: str) -> dict[str, Any]:
        told = {"oxygen_flow": oxygen_flow, "air_flow": air_flow, **settings}
        rows = {name: TELLS[name].rpartition(".") for name in told}
        return {row: told[name] for name, (owner, _, row) in rows.items() if owner == f".{part}"}

    place = str(airway)
    joined = {"connected": ".joint.joined"}
    parts = {
        "bag": made.bag(squeeze=".hand.squeeze"),
        "canister": made.canister(),
        "pipeline": gas_store(),
        "outside_air": gas_store(),
        "oxygen": made.fresh_gas(".pipeline", ".canister", **given("oxygen")),
        "air": made.fresh_gas(".outside_air", ".canister", **given("air")),
        "passage": made.passage(".bag", ".canister"),
        "inspiration": made.flap(".canister", place, **joined),
        "expiration": made.flap(place, ".bag", **joined),
        "relief": made.relief_valve(".bag", ".outside" if room is None else str(room), **given("relief")),
        "hand": made.hand(**given("hand")),
        "joint": made.joint(oxygen=".canister.oxygen_concentration", **given("joint")),
        "absorbent": made.absorbent(".canister", substance="carbon_dioxide"),
    }
    blends: dict[str, Mapping[str, float]] = {"pipeline": PURE, "outside_air": AIR, "bag": filled, "canister": filled}
    if room is None:
        parts["outside"] = gas_store()
        blends["outside"] = AIR
    contents = {f".{where}.{gas}": inspired(share) for where, blend in blends.items() for gas, share in blend.items()}
    return Assembly(parts=parts, tells=TELLS, contents=contents, sets={"mouth.open": 0.0})
