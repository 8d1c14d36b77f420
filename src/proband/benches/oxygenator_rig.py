"""Oxygenator under the inlet conditions of ISO 7199: blood of one composition streams through once, gas flows beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypedDict

from proband.benches.lanes import Runner, check_held
from proband.benches.mock_loop import reservoir
from proband.laws import acid_base, haemoglobin
from proband.model import *
from proband.units import *

# ISO 7199: haemoglobin 12 ± 1 g/dL, saturation 65 ± 5 %, PCO2 45 ± 5 mmHg, base excess 0 ± 5 mmol/L, 37 °C.
HB, SO2, PCO2, BASE_EXCESS = 12.0, 0.65, 45.0, 0.0
FLOWS = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0)


class TransferPoint(TypedDict):
    """One blood flow: what crosses (mL/min STPD), how the blood leaves, what pressure it costs."""

    flow_L_min: float
    sweep_L_min: float
    oxygen_mL_min: float
    carbon_dioxide_mL_min: float
    oxygen_mL_L: float
    carbon_dioxide_mL_L: float
    outlet_SO2_percent: float
    outlet_PO2_mmHg: float
    outlet_PCO2_mmHg: float
    pressure_drop_mmHg: float


@signal
def prepared_blood(
    haemoglobin = command(HB, g/dL, "of the blood", low=4, high=20),
    base_excess_ = command(BASE_EXCESS, mmol/L, "of the blood", low=-20, high=20),
):  # fmt: skip
    """Blood that was prepared."""
    return gives(base_excess=(base_excess_, mmol / L, "of the blood"))


def inlet_blood(
    Hb: float = HB, saturation: float = SO2, PCO2: float = PCO2, base_excess: float = BASE_EXCESS
) -> dict[str, float]:
    """PO2 (mmHg), pH, and contents of O2 and CO2 (mmol/L) of blood that was prepared so."""
    pH = acid_base.pH_of(PCO2, base_excess, Hb, saturation)
    low, high = 0.0, 700.0
    for _ in range(60):
        PO2 = (low + high) / 2
        more = haemoglobin.saturation(haemoglobin.standard_pressure(PO2, pH)) < saturation
        low, high = (PO2, high) if more else (low, PO2)
    HCO3 = acid_base.bicarbonate(pH, base_excess, Hb, saturation)
    return {
        "PO2": PO2,
        "pH": pH,
        "oxygen": haemoglobin.oxygen_content(PO2, pH, Hb) / 2.24,
        "carbon_dioxide": acid_base.carbon_dioxide_content(pH, PCO2, HCO3, Hb, saturation),
    }


def oxygenator_rig(device: Callable[..., Assembly], Hb: float = HB, saturation: float = SO2, PCO2: float = PCO2,
                   **settings: Any) -> Body:  # fmt: skip
    """The device as `ecmo` between a tank of prepared blood and a tank that takes what comes out."""
    tanks = Body(
        inlet=reservoir(volume=1e6 * mL, held=20 * mmHg),
        outlet=reservoir(volume=1e6 * mL, held=40 * mmHg),
        blood=prepared_blood(haemoglobin=Hb * g / dL),
    ).carrying(*(Substance(n, mmol, n.replace("_", " "), 10 * ms) for n in ("oxygen", "carbon_dioxide", "nitrogen")))
    rig = tanks.attach(ecmo=device("inlet", "outlet", gases=True, **settings))
    prepared = inlet_blood(Hb, saturation, PCO2)
    told = {"inlet.nitrogen": 0.43 * mmol / L}
    for place in ("inlet", "outlet"):
        told |= {f"{place}.{name}": prepared[name] * mmol / L for name in ("oxygen", "carbon_dioxide")}
    return rig.filled(told)


def oxygenator_test(
    device: Callable[..., Assembly],
    flows: Sequence[float] = FLOWS,
    *,
    run: Runner,
    gas_to_blood: float = 1.0,
    FdO2: float = 1.0,
    settle: Quantity = 60 * s,
    measure: Quantity = 5 * s,
    **settings: Any,
) -> list[TransferPoint]:
    """Transfer over blood flow (L/min) with sweep gas in a fixed ratio to it. Raises ModelError where a flow was not reached.

    The widest cannulae and a probe without error: the rig is to see the oxygenator alone."""
    quiet = {"drainage": "hls 29", "returning": "hls 23", "gain": 1.0, "sd_Q": 0 * L_min, "sd_p": 0 * mmHg}
    body = oxygenator_rig(device, **{**quiet, "mode": 1.0, "venous_intervention": 0.0, **settings})
    commands = {
        "ecmo.set_flow": list(flows),
        "ecmo.sweep": [q * gas_to_blood for q in flows],
        "ecmo.FdO2": [FdO2] * len(flows),
    }
    names = {
        "Q": "ecmo.flow", "gas": "ecmo.given_sweep", "O2": "ecmo.oxygen_transfer", "CO2": "ecmo.carbon_dioxide_transfer",
        "PO2": "ecmo.outlet_PO2", "PCO2": "ecmo.outlet_PCO2", "before": "ecmo.outlet_pressure", "after": "ecmo.post_pressure",
    }  # fmt: skip
    means = run(body, commands, list(names.values()), settle, measure)
    points: list[TransferPoint] = []
    for i, flow in enumerate(flows):
        m = {short: float(means[name][i]) for short, name in names.items()}
        check_held(flow, m["Q"], 0.03 * flow, "rig")
        points.append(
            TransferPoint(
                flow_L_min=flow, sweep_L_min=flow * gas_to_blood, oxygen_mL_min=m["O2"], carbon_dioxide_mL_min=m["CO2"],
                oxygen_mL_L=m["O2"] / m["Q"], carbon_dioxide_mL_L=m["CO2"] / m["Q"],
                outlet_SO2_percent=100 * saturation_leaving(m["O2"] / m["Q"], m["PO2"], came=inlet_blood()["PO2"]),
                outlet_PO2_mmHg=m["PO2"], outlet_PCO2_mmHg=m["PCO2"], pressure_drop_mmHg=m["before"] - m["after"],
            )
        )  # fmt: skip
    return points


def saturation_leaving(gained: float, PO2: float, Hb: float = HB, saturation: float = SO2, came: float = 35.7) -> float:
    """Share that is saturated in blood that came with `saturation` and PO2 `came` and gained so many mL of O2 per litre."""
    dissolved = haemoglobin.SOLUBILITY * (PO2 - came)
    return min(1.0, saturation + (gained / 10 - dissolved) / (haemoglobin.CAPACITY * Hb))


def rated_flow(points: Sequence[TransferPoint], saturated: float = 95.0) -> float | None:
    """The flow (L/min) at which blood leaves 95 % saturated; None where no flow of the test comes down to that."""
    for one_, other in pairwise(points):
        a, b = one_["outlet_SO2_percent"], other["outlet_SO2_percent"]
        if a >= saturated >= b:
            return one_["flow_L_min"] + (a - saturated) / (a - b) * (other["flow_L_min"] - one_["flow_L_min"])
    return None
