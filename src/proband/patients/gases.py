"""Gases in a body: what is carried, where blood and lungs meet, what organs use, and what it all holds at the start."""

from __future__ import annotations

from fnmatch import fnmatchcase
from math import fsum

from proband.laws import acid_base, gas, haemoglobin
from proband.model import Body, Part, Substance
from proband.organs.blood import blood, blood_gas, diffusion, dissolving, gas_mixture
from proband.organs.monitor import arterial_line, capnograph, pulse_oximeter
from proband.organs.reflexes import autonomic_nerves, chemical_drives
from proband.organs.tissue import (
    brain_vasodilation,
    carbon_dioxide_exchange,
    carbon_dioxide_production,
    lactate_clearance,
    lactate_exchange,
    lactate_production,
    respiration,
    tissue_water,
    vasodilation,
)
from proband.patients.blood import compartments
from proband.units import L, Quantity, min_, mL, mL_min, mmHg, mmol, ms, one, s

PERIOD = 10 * ms  # of gases, since a breath's front passes the airway in a tenth of a second
SLOW = 50 * ms  # of what changes with minutes: lactate, and the gases of the organs' blood
CARRIED = (
    Substance("oxygen", mmol, "oxygen, dissolved and bound", PERIOD),
    Substance("carbon_dioxide", mmol, "carbon dioxide in all its forms", PERIOD),
    Substance("nitrogen", mmol, "nitrogen", PERIOD),
    Substance("lactate", mmol, "lactate", SLOW),
)
TRACER = Substance("tracer", mmol, "an inert gas that does not dissolve", PERIOD)

# Oxygen need (mL/min STPD) and water outside the blood (mL) of the reference man's organs at rest, by bed.
ORGANS = {
    "brain": (47.0, 1100.0),
    "heart_muscle": (31.0, 240.0),
    "kidneys": (18.0, 230.0),
    "splanchnic": (30.0, 1500.0),
    "liver": (42.0, 1300.0),
    "upper_body": (34.0, 11000.0),
    "lower_body": (50.0, 16000.0),
}
# Conductance (mmol/(s mmHg)) between blood and tissue where a part of the flow passes the store by: a third to a half of the
# limbs' flow goes through skin, fat and bone, so that muscle fills with carbon dioxide late.
PASSED_BY = {"upper_body": 0.0025, "lower_body": 0.004}
NEED = "Guyton & Hall / Nunn: share of the organs in 250 mL/min at rest, as remembered; ICRP 2002 for the masses"

# Of the rows that this file sets itself.
SOURCES = {
    "*_tissue.volume": "ICRP 2002: mass of the organ, 70-80 % water",
    "heart_muscle_respiration.need": "ICRP 2002: 330 g; textbook (Ganong): 9-10 mL/min in 100 g of a beating heart",
    "*_respiration.need": NEED,
    "*_exchange.G": "assumed: flow through muscle times the slope of blood's curve; a resting man's muscles get 0.75-1 L/min (Guyton & Hall), the limbs here 2 L/min",
    "*_exchange.P_n": "assumed: as in venous blood, and 5 mmHg more in muscle, which part of the flow passes by",
    "*_crossing_?.D": "Nunn's Applied Respiratory Physiology: 25-30 mL/(min mmHg) for oxygen in all, shared by the regions as blood is",
    "*_crossing_?.d": "Nunn's Applied Respiratory Physiology: carbon dioxide crosses some 20 times as easily",
    "*_dilation.C_n": "measured: the blood that leaves the organ in the healthy man at rest",
    "splanchnic_dilation.g": "assumed: half of muscle's; the bowel's vessels narrow in oxygen (Bergofsky & Bertun 1966, dogs), less than muscle's (Smit 2018 Crit Care 22:189, animals)",
    "*_dilation.g": "Ursino & Magosso 2000: 30 in muscle, 35 in the heart",
    "*_dilation.k": "Magosso & Ursino 2001: 142.8 mmHg in muscle, 11.11 in the heart",
    "chemical_drives.V_T": "textbook: 500 mL in a man, in proportion to the body",
    "chemical_drives.middle": "where the run begins",
    "*_glycolysis.basal": "1 mmol/(kg h) in all (Kreisberg 1980, as remembered), shared as the need for oxygen is",
}

ARTERIAL = {
    "left_atrium", "left_ventricle", "aorta", "upper_arteries", "thoracic", "descending_aorta", "leg_arteries", "pulmonary_veins",
}  # fmt: skip

# (PO2, PCO2) at the start, mmHg: the body settles from here by itself.
ARTERIAL_START, VENOUS_START, ALVEOLAR_START = (95.0, 40.0), (40.0, 46.0), (104.0, 40.0)


BROUGHT = (
    "*_tissue.*", "*_respiration.*", "*_production.*", "*_exchange.*", "*_glycolysis.*", "*_lactate.*", "*_clearance.*", "*_crossing_?.*",
    "blood.*", "gas_*", "oximeter.*", "arterial_line.*", "capnograph.*", "*_dilation.*", "chemical_drives.*", "autonomic_nerves.*",
)  # fmt: skip


def brings(row: str) -> bool:
    """Whether a row (or a pattern of rows) belongs to what `with_gases` adds to a body."""
    return any(fnmatchcase(row, pattern) for pattern in BROUGHT)


def with_gases(body: Body, size: float = 1.0) -> Body:
    """The body with oxygen, carbon dioxide, nitrogen and lactate, with what organs use and what they store.

    size: of the body, relative to a man's; what its organs need grows with the power 3/4 of it (Kleiber 1932). Where it
    has lungs (`alveoli_1`, `capillaries_1`, …) gases cross there. It is to have left heart, arteries and beds under the
    names of `patients.circulation`."""
    carried = body.carrying(*(c for c in CARRIED if c.name not in {x.name for x in body.substances}))
    stores = {f"{bed}_tissue": tissue_water(volume=water * size * mL) for bed, (_, water) in ORGANS.items()}
    carried = carried.attach(**stores)
    parts: dict[str, Part] = {
        "blood": blood(lactate="aorta.lactate_concentration", **{x: f"gas_aorta.{x}" for x in ("pH", "HCO3", "SO2")})
    }
    at_once = {*capillaries(body), "pulmonary_artery"}  # where gases cross within the tick
    for place in compartments(body):  # a sample can be drawn anywhere: what nobody looks at is not computed
        parts[f"gas_{place}"] = analysed(place, PERIOD if place in at_once else SLOW)
    for i in range(1, len(capillaries(body)) + 1):
        parts |= crossing(i, body, size)
    parts |= watched(body) | opened() | nerves(body, size)
    carried = carried.attach(**parts)
    for bed, (need, _) in ORGANS.items():
        carried = carried.attach(**living(bed, need * size**0.75, size))
    carried = carried.with_sources(lambda row: next((s for p, s in SOURCES.items() if fnmatchcase(row, p)), ""))
    return carried.with_wires(felt(carried)).filled(start(carried))


def capillaries(body: Body) -> list[str]:
    """The lungs' capillaries, by region."""
    return [f"capillaries_{i}" for i in range(1, 100) if f"capillaries_{i}" in body.parts]


def analysed(place: str, every: Quantity) -> Part:
    """A blood gas analyser at a place."""
    return blood_gas(
        period=every,
        oxygen=f"{place}.oxygen_concentration",
        carbon_dioxide=f"{place}.carbon_dioxide_concentration",
        base_excess="blood.base_excess",
        haemoglobin="blood.haemoglobin",
        temperature="blood.temperature",
    )


def mixture(place: str) -> Part:
    """A gas analyser at a place."""
    return gas_mixture(
        oxygen=f"{place}.oxygen_concentration",
        carbon_dioxide=f"{place}.carbon_dioxide_concentration",
        pressure=f"{place}.pressure",
    )


def crossing(i: int, body: Body, size: float = 1.0) -> dict[str, Part]:
    """The wall between gas and blood of one region of the lungs."""
    alveoli, vessels = f"alveoli_{i}", f"capillaries_{i}"
    volumes = {"gas_volume": f"{alveoli}.volume", "blood_volume": f"{vessels}.volume"}
    share = {}
    if f"recruitment_{i}" in body.parts:
        share = {"open_share": f"recruitment_{i}.met"}
    parts = {f"gas_{alveoli}": mixture(alveoli)}
    D = 30.0 * size**0.75 * _share(i, body) * mL_min / mmHg
    for substance, pressure, d in (("oxygen", "PO2", 1.0), ("carbon_dioxide", "PCO2", 20.0)):
        parts[f"{substance}_crossing_{i}"] = diffusion(
            alveoli,
            vessels,
            substance=substance,
            P_gas=f"gas_{alveoli}.{pressure}",
            P_blood=f"gas_{vessels}.{pressure}",
            P_arriving=f"gas_pulmonary_artery.{pressure}",
            here=f"{vessels}.{substance}_concentration",
            arriving=f"pulmonary_artery.{substance}_concentration",
            slope=f"gas_{vessels}.{substance}_slope",
            flow=f"pulmonary_arterioles_{i}.flow",
            D=D,
            d=d * one,
            **volumes,
            **share,
        )
    parts[f"nitrogen_crossing_{i}"] = dissolving(alveoli, vessels, substance="nitrogen", **volumes)
    return parts


def _share(i: int, body: Body) -> float:
    """Of one region in the lungs' blood vessels."""
    held = [body.value(f"{place}.V_0").to(mL) for place in capillaries(body)]
    return held[i - 1] / fsum(held)


def watched(body: Body) -> dict[str, Part]:
    """The monitor's sensors: a clip on the finger, a line in the arm's artery, a capnograph in the airway."""
    parts = {
        "oximeter": pulse_oximeter(
            saturation="gas_upper_arteries.SO2", pulse="monitor.pulse_pressure", flow="upper_body_arterioles.flow"
        ),
        "arterial_line": arterial_line(pressure="upper_arteries.pressure"),
    }
    if "airway" in body.parts:
        parts |= {"gas_airway": mixture("airway"), "capnograph": capnograph(PCO2="gas_airway.PCO2")}
    return parts


def felt(body: Body) -> dict[str, str]:
    """What listens to gases: the chemoreflex and the nerves of heart and vessels to arterial blood, the lungs' arterioles to the
    gas beside them and to venous blood, other arterioles to the blood that leaves the organ."""
    wires = {}
    if "chemoreflex" in body.parts:
        wires |= {f"chemoreflex.{x}": f"gas_aorta.{x}" for x in ("PCO2", "PO2", "pH")}
        wires["chemoreflex.brain"] = "gas_brain.PCO2"
    for i in range(1, len(capillaries(body)) + 1):
        if f"pulmonary_tone_{i}" in body.parts:
            wires[f"pulmonary_tone_{i}.PO2"] = f"gas_alveoli_{i}.PO2"
            wires[f"pulmonary_tone_{i}.venous"] = "gas_pulmonary_artery.PO2"
        if f"recruitment_{i}" in body.parts:
            wires[f"recruitment_{i}.PO2"] = f"gas_alveoli_{i}.PO2"
    if "shunting" in body.parts:
        wires["shunting.venous"] = "gas_pulmonary_artery.PO2"
    wires |= {
        "brain_control.demand": "brain_dilation.openness",
        "heart_control.demand": "heart_muscle_dilation.openness",
    }
    wires |= {f"{bed}_arterioles.dilated": f"{bed}_dilation.openness" for bed in ("upper_body", "lower_body")}
    wires["gut_arterioles.dilated"] = "splanchnic_dilation.openness"
    wires |= {f"{effector}.sympathetic": f"autonomic_nerves.{which}" for effector, which in EFFECTORS.items()}
    return wires | {"sinus_nerves.vagal": "autonomic_nerves.vagus"}


# Which nerves an effector hears where blood carries gases: those of the vessels or those of the heart.
EFFECTORS = {
    "sinus_nerves": "heart", "left_inotropy": "heart", "right_inotropy": "heart",
    "muscle_vasomotor": "vessels", "splanchnic_vasomotor": "vessels", "venomotor": "vessels",
}  # fmt: skip


def opened() -> dict[str, Part]:
    """What opens the arterioles of the organs whose flow follows their need. The kidneys have the nerves alone: their vessels
    rather relax in oxygen (Sharkey 1998)."""
    parts: dict[str, Part] = {
        "brain_dilation": brain_vasodilation(oxygen="brain.oxygen_concentration", PCO2="gas_aorta.PCO2"),
    }
    for bed, C_n, g, k in (
        ("heart_muscle", 0.066, 35.0, 11.11),
        ("upper_body", 0.141, 30.0, 142.8),
        ("lower_body", 0.148, 30.0, 142.8),
        ("splanchnic", 0.160, 15.0, 142.8),
    ):
        parts[f"{bed}_dilation"] = vasodilation(
            oxygen=f"{bed}.oxygen_concentration", PCO2="gas_aorta.PCO2", C_n=C_n, g=g, k=k * mmHg
        )
    return parts


def nerves(body: Body, size: float = 1.0) -> dict[str, Part]:
    """How gases reach heart and vessels by the nerves."""
    lungs = {"volume": "chest_wall.lung_volume"} if "chest_wall" in body.parts else {}
    return {
        "chemical_drives": chemical_drives(
            PO2="gas_aorta.PO2", PCO2="gas_aorta.PCO2", V_T=500 * size * mL, middle=2500 * size * mL, **lungs
        ),
        "autonomic_nerves": autonomic_nerves(
            sympathetic="baroreflex.sympathetic",
            vagal="baroreflex.vagal",
            to_vessels="chemical_drives.vessels",
            to_heart="chemical_drives.heart",
            to_vagus="chemical_drives.vagus",
        ),
    }


def living(bed: str, need: float, size: float = 1.0) -> dict[str, Part]:
    """The cells of an organ and the water around them."""
    tissue = f"{bed}_tissue"
    stirred = {"G": PASSED_BY[bed] * size**0.75 * mmol / s / mmHg} if bed in PASSED_BY else {}
    parts = {
        f"{bed}_respiration": respiration(bed, substance="oxygen", PO2=f"gas_{bed}.PO2", need=need * mL_min),
        f"{bed}_production": carbon_dioxide_production(
            tissue, substance="carbon_dioxide", uptake=f"{bed}_respiration.rate"
        ),
        f"{bed}_exchange": carbon_dioxide_exchange(
            tissue,
            bed,
            substance="carbon_dioxide",
            P_blood=f"gas_{bed}.PCO2",
            slope=f"gas_{bed}.carbon_dioxide_slope",
            volume=f"{bed}.volume",
            water=f"{tissue}.volume",
            P_n=at_rest(bed) * mmHg,
            **stirred,
        ),
        f"{bed}_glycolysis": lactate_production(
            tissue,
            substance="lactate",
            missing=f"{bed}_respiration.missing",
            basal=1.2 * need / 250.0 * mmol / min_,
        ),
        f"{bed}_lactate": lactate_exchange(tissue, bed, substance="lactate"),
    }
    if bed == "liver":
        parts["liver_lactate_clearance"] = lactate_clearance(bed, substance="lactate")
    return parts


def at_rest(bed: str) -> float:
    """Carbon dioxide in an organ's tissue at rest, mmHg: more in muscle, which part of the blood passes by."""
    return 52.0 if bed in PASSED_BY else 47.0


def start(body: Body) -> dict[str, Quantity]:
    """What every compartment holds at the start, from the curves at ordinary pressures."""
    told: dict[str, Quantity] = {}
    for place, part in body.parts.items():
        if part.component.kind != "compartment":
            continue
        if "molar_volume" in part.component.outputs:
            fresh = place == "room"
            P_O2, P_CO2 = (149.4, 0.3) if fresh else ALVEOLAR_START
            shares = {"oxygen": P_O2, "carbon_dioxide": P_CO2, "nitrogen": 713.0 - P_O2 - P_CO2}
            told |= {f"{place}.{name}": P * mmHg / gas.RT for name, P in shares.items()}
        elif place.endswith("_tissue"):
            bed = place.removesuffix("_tissue")
            told[f"{place}.carbon_dioxide"] = body.value(f"{bed}_exchange.beta") * (at_rest(bed) * mmHg)
            told[f"{place}.lactate"] = 1.0 * mmol / L
        else:
            arterial = place in ARTERIAL or place.startswith("capillaries_")
            told |= {f"{place}.{n}": c for n, c in blood_at(*(ARTERIAL_START if arterial else VENOUS_START)).items()}
    return told


def blood_at(PO2: float, PCO2: float, Hb: float = 14.0, base_excess: float = 0.0) -> dict[str, Quantity]:
    """Contents of blood at these pressures (mmHg), in air's nitrogen and with ordinary lactate."""
    pH = acid_base.pH_of(PCO2, base_excess, Hb)
    for _ in range(5):  # saturation and pH answer to each other
        SO2 = haemoglobin.saturation(haemoglobin.standard_pressure(PO2, pH))
        pH = acid_base.pH_of(PCO2, base_excess, Hb, SO2)
    HCO3 = acid_base.bicarbonate(pH, base_excess, Hb, SO2)
    return {
        "oxygen": haemoglobin.oxygen_content(PO2, pH, Hb) / 2.24 * mmol / L,
        "carbon_dioxide": acid_base.carbon_dioxide_content(pH, PCO2, HCO3, Hb, SO2) * mmol / L,
        "nitrogen": 7.5e-4 * 569.0 * mmol / L,
        "lactate": 1.0 * mmol / L,
    }
