"""Persons who breathe, or are breathed for, as several studies need them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from proband.evidence.scoring.lab import Change, Lab
from proband.evidence.scoring.person import Person, Window
from proband.laws import haemoglobin
from proband.model import Assembly, Body, Substance
from proband.units import cmH2O, mL, mL_min, mmol, ms, rpm, s

REGIONS = range(1, 7)
DRY = 713.0  # mmHg, of the dry gas in the airways: 760 less 47 of water vapour
BLOOD = tuple(f"gas_{place}.{x}" for place in ("aorta", "pulmonary_artery") for x in ("PO2", "PCO2", "pH", "SO2"))
BREATH = (
    "chest_wall.lung_volume",
    "capnograph.end_tidal",
    "oximeter.SpO2",
    "respiratory_drive.breaths",
    "pleura.pressure",
)
GAS = tuple(f"gas_alveoli_{i}.{x}" for i in REGIONS for x in ("PO2", "PCO2"))
WATCH = (*BLOOD, *BREATH, *GAS, "capnograph.respiratory_rate")
MACHINE = tuple(
    f"ventilator.{x}" for x in ("VT_in", "PIP", "plateau", "total_peep", "end_pressure", "measured_rate", "static_compliance", "auto_peep", "pressure")
)  # fmt: skip
ASLEEP = {"respiratory_muscles.strength": 0.0, "respiratory_drive.depression": 1.0}


def ventilated(body: Body, **more: Any) -> Body:
    """With a tube in the trachea and a ventilator on it, which has `more` settings, or others."""
    from proband.devices.ventilator import ventilator

    settings = {
        "trigger": 0.0,
        "pressure_limit": 60 * cmH2O,
        "tidal_volume": 500 * mL,
        "pause_time": 0.3 * s,
        "inspiratory_time": 1.2 * s,
    }
    return body.attach(ventilator=ventilator("trachea", "room", **{**settings, **more}))


# Both ends of a breath are occluded for so long where elastance is measured: by then gas has spread, and what it opens is open.
OCCLUSION = 5 * s


def occluded(person: Person) -> Window:
    """Breaths of one who is ventilated, of which one is held at the end of its inspiration, and one before was at the end of its expiration."""
    person.set("ventilator.expiratory_hold", 1.0).wait(3 * OCCLUSION).set("ventilator.expiratory_hold", 0.0)
    person.wait(OCCLUSION).set("ventilator.inspiratory_hold", 1.0)
    held = person.measure(3 * OCCLUSION)
    person.set("ventilator.inspiratory_hold", 0.0).wait(OCCLUSION)
    return held


def elastance(held: Window) -> float:
    """Of lungs and wall (cmH2O/L), by an occlusion at either end of the breath: the plateau is least where it was longest."""
    return 1000 * (held.least("ventilator.plateau") - held("ventilator.total_peep")) / held("ventilator.VT_in")


def ventilated_by_mask(body: Body) -> Body:
    """A ventilator at the mouth, where the capnograph lies."""
    from proband.devices.ventilator import ventilator

    return body.attach(ventilator=ventilator("airway", "room", trigger=0.0, pressure_limit=60 * cmH2O))


# Who is compared with himself is at rest: after three minutes his ventilation still falls by 2 %, since stores of carbon dioxide fill.
RESTED = 1200 * s
ASIDE = {"circle.connected": 0.0, "mouth.open": 1.0}  # the circle stands by, and air is breathed


def at_a_circle(body: Body) -> Body:
    """With a mask before the mouth, and the circle that anaesthetists have."""
    from proband.devices.circle import circle

    return body.attach(circle=circle("airway", "room"))


def circuit(drains: str, returns: str, drainage: str = "hls 25", returning: str = "hls 21", **more: Any) -> Assembly:
    """ECMO from one place to another under control of flow, without the console's own interventions."""
    from proband.devices.ecmo import ecmo

    return ecmo(drains, returns, mode=1.0, drainage=drainage, returning=returning, venous_intervention=0.0, **more)


def ventilated_on(*told: str, **more: Any) -> Change:
    """Ventilated, and on such a `circuit`."""

    def change(body: Body) -> Body:
        return ventilated(body).attach(ecmo=circuit(*told, **more))

    return change


def veno_venous() -> Assembly:
    """From the inferior cava to the right atrium."""
    return circuit("vena_cava_inferior", "right_atrium", "hls 29", gases=True)


def on_veno_venous_ecmo(body: Body) -> Body:
    """Ventilated, and on veno-venous support from the inferior cava to the right atrium."""
    return ventilated(body).attach(ecmo=veno_venous())


def breathless_on_veno_venous_ecmo(body: Body) -> Body:
    """No lungs at all: what gas crosses, crosses in the oxygenator."""
    from proband.patients.gases import with_gases

    return with_gases(body).attach(ecmo=veno_venous())


def on_small_arterial_ecmo(body: Body) -> Body:
    """Femoral veno-arterial support through 21 and 17 French at a set speed."""
    from proband.devices.ecmo import ecmo

    return body.attach(
        ecmo=ecmo("right_atrium", "leg_arteries", drainage="hls 21", returning="hls 17", speed=3425 * rpm)
    )


def on_a_small_membrane(body: Body) -> Body:
    """Ventilated, and on a membrane lung for carbon dioxide through one cannula in the neck. Its section shrinks with its area."""
    both, cannula = "vena_cava_superior, vena_cava_inferior", "avalon 23"
    membrane = circuit(both, "right_atrium", cannula, cannula, gases=True, oxygenator="quadrox_i_small_adult")
    return ventilated(body).attach(ecmo=membrane)


REMOVED = "ecmo.carbon_dioxide_transfer"
ON_A_MEMBRANE = (*BLOOD, REMOVED, "ecmo.inlet_PCO2")
SECTION = 85.0 / 1.3  # cm² per m² of fibres, of a Quadrox-i small adult


def in_acidosis(lab: Lab, area: float, flows: Iterable[float], sweep: float = 8.0, breaths: float = 4.5) -> Person:
    """Someone under anaesthesia with the blood of a pig (10 g/dL, assumed), whom too few breaths (per min) leave with 117 mmHg of carbon
    dioxide and a pH of 7.02; then a membrane of so many m², by ten minutes (assumed) of each flow (L/min) with so much gas (L/min)."""
    asked = {
        "blood.haemoglobin": 10.0,
        "ventilator.set_rate": 2.0,
        "ventilator.oxygen": 0.6,
        "ecmo.set_flow": 0.3,
        "ecmo.sweep": 0.0,
        "ecmo.exchanger.area": area,
        "ecmo.exchanger.frontal": SECTION * area,
    }
    person = lab.person("anaesthetised", asked, changed=on_a_small_membrane, watch=ON_A_MEMBRANE, settle=660 * s)
    person.set("ventilator.set_rate", breaths).wait(900 * s).measure(20 * s)
    person.set("ecmo.sweep", sweep)
    for flow in flows:
        person.set("ecmo.set_flow", flow).wait(600 * s)
    return person


# Patients on veno-venous support have severe distress, and outputs as high: 4.2 L/min/m² (FACTT, PMC3830652). The data sheet
# that has them is that of moderate distress; its lungs do not matter where the question is what the atrium does.
IN_DISTRESS = "ards_moderate"
RESTED_LUNGS = {
    "ventilator.tidal_volume": 300.0,
    "ventilator.set_rate": 12.0,
    "ventilator.peep": 10.0,
    "ventilator.oxygen": 0.5,
}
DRAINED, RETURNED = "ecmo.drainage.dye_concentration", "ecmo.return_line.dye_concentration"


def _labelled(drains: str, returns: str, drainage: str = "hls 25", returning: str = "hls 21"):
    """Ventilated, on veno-venous support, with a dye in the return line that organs and the lungs' artery clear: what comes
    back at once was recirculated."""

    def change(body: Body) -> Body:
        from proband.organs.vessels import clearance, injection
        from proband.patients.gases import ORGANS

        body = ventilated(body).attach(ecmo=circuit(drains, returns, drainage, returning))
        body = body.carrying(Substance("dye", mmol, "label", 10 * ms))
        cleared = {
            f"clear_{bed}": clearance(bed, substance="dye", K=2500 * mL / s) for bed in (*ORGANS, "pulmonary_artery")
        }
        return body.attach(needle=injection("ecmo.return_line", substance="dye"), **cleared)

    return change


from_groin_to_neck = _labelled("vena_cava_inferior", "vena_cava_superior")
# Holes along the cava, from below the kidneys' veins up to the liver's.
from_groin_to_neck_along_the_cava = _labelled(
    "vena_cava_inferior, hepatic_cava", "vena_cava_superior", "hls 25 multistage"
)
# From groin to groin both cannulae lie in the lower cava (Parker 2022 Sci Rep, doi 10.1038/s41598-022-20690-x), the one that returns above.
from_groin_to_groin = _labelled("vena_cava_inferior", "hepatic_cava")
from_neck_to_groin = _labelled("right_atrium", "vena_cava_inferior")
from_neck_and_cava_to_groin = _labelled("vena_cava_superior, right_atrium", "vena_cava_inferior", "hls 25 multistage")
through_one_cannula = _labelled("vena_cava_superior, vena_cava_inferior", "right_atrium", "avalon 31", "avalon 31")


def recirculating(
    lab: Lab, change: Change, flow: float, values: Mapping[str, float] | None = None, sheet: str = IN_DISTRESS
) -> Person:
    """A patient on veno-venous support at a flow (L/min): one with distress, or whom the sheet has."""
    told = {"ecmo.set_flow": flow, "needle.dose": 0.01, **RESTED_LUNGS, **(values or {})}
    return lab.person(sheet, told, changed=change, watch=(DRAINED, RETURNED), settle=120 * s)


def pulmonary_resistance(window: Window) -> float:
    """Of the lungs' vessels, in Wood units."""
    return (window("pulmonary_mean") - window("wedge")) / window("cardiac_output")


def recirculation(window: Window) -> float:
    """Share of what is drained that has just come back, %."""
    return 100 * window(DRAINED) / window(RETURNED)


def tidal(window: Window) -> float:
    """Tidal volume, mL."""
    return window.most("chest_wall.lung_volume") - window.least("chest_wall.lung_volume")


def breaths(window: Window) -> float:
    """Breaths a minute."""
    counted = window.most("respiratory_drive.breaths") - window.least("respiratory_drive.breaths")
    return 60 * counted / (window.end - window.begin)


def production(body: Body) -> float:
    """Carbon dioxide that the organs make, mL/min STPD."""
    from proband.patients.gases import ORGANS

    return sum(
        body.value(f"{bed}_respiration.need").to(mL_min) * body.value(f"{bed}_production.RQ").si for bed in ORGANS
    )


def expired(made: float, ventilation: float) -> float:
    """Mixed expired PCO2 (mmHg) where so much carbon dioxide (mL/min STPD) leaves in a ventilation in L/min BTPS."""
    return 0.863 * made / ventilation


def saturation(content: float, Hb: float = 14.0, pH: float = 7.38) -> float:
    """Percent saturated, of blood with this content of oxygen (mmol/L)."""
    low, high = 0.0, 800.0
    for _ in range(50):
        P = (low + high) / 2
        low, high = (P, high) if haemoglobin.oxygen_content(P, pH, Hb) < 2.24 * content else (low, P)
    return 100 * haemoglobin.saturation(haemoglobin.standard_pressure(P, pH))


def alveolar(window: Window, gas: str) -> float:
    """Mean partial pressure of the regions: `PO2` or `PCO2`."""
    return sum(window(f"gas_alveoli_{i}.{gas}") for i in REGIONS) / len(REGIONS)


def ideal_alveolar(window: Window, oxygen: float, ratio: float) -> float:
    """Alveolar PO2 by Riley's equation, mmHg: of a gas with this share of oxygen, at this exchange ratio."""
    P = window("gas_aorta.PCO2")
    return oxygen * DRY - P / ratio + P * oxygen * (1 - ratio) / ratio


def ventilation(window: Window) -> float:
    """Minute volume, L/min BTPS: by the length of breaths, since a window holds too few to count."""
    return window("capnograph.respiratory_rate") * tidal(window) / 1000


def dead_space(window: Window, made: float) -> float:
    """Share of the tidal volume by Bohr's equation with arterial PCO2 (Enghoff)."""
    P = window("gas_aorta.PCO2")
    return (P - expired(made, window("capnograph.respiratory_rate") * tidal(window) / 1000)) / P


def needing(body: Body, share: float) -> dict[str, float]:
    """Rows of a person whose organs need this share of the body's oxygen: under anaesthesia 0.85 (Nunn's Applied Respiratory
    Physiology: 15 % less than awake)."""
    rows = [f"{name}.need" for name in body.parts if name.endswith("_respiration")]
    return {row: share * body.value(row).to(mL_min) for row in rows}


def asleep(lab: Lab) -> dict[str, float]:
    """Rows of lungs that anaesthesia has stiffened, and whose bases have fallen in: those of the anaesthetised man."""
    body = lab.body("anaesthetised")
    rows = [f"alveoli_{i}.k" for i in REGIONS]
    rows += [f"recruitment_{i}.{x}" for i in (1, 2) for x in ("aerated", "most", "P_o", "w_o", "tau_s")]
    values = {row: body.value(row) for row in rows}
    return {row: value.to(value.unit) for row, value in values.items() if value.unit}


def lungs_of(body: Body, age: float) -> dict[str, float]:
    """Rows of a healthy man whose small airways are of this age (years)."""
    from proband.patients.ageing import lungs_at

    return {row: value.to(value.unit) for row, value in lungs_at(body, age)[0].items() if value.unit}


def before_the_mouth(mL: float) -> dict[str, float]:
    """Rows of an adult who breathes through so much more dead space: a mouthpiece, a valve, a mask."""
    gas = 50.0 + mL
    return {"airway.V_0": gas, "airway.volume": gas}


def stop(person: Person) -> Person:
    """No breath from now on; the airway stays open."""
    for command, value in ASLEEP.items():
        person.set(command, value)
    return person


# mmHg in the chest that leave the residual capacity of anaesthesia: 2.15 L to a man (Pelosi 1999). Obese people keep 0.6 L; ours keeps
# 1.0 with 8, and with more, since lungs without recoil hold that much.
FALLEN, FALLEN_OBESE = 2.5, 8.0


def anaesthetised(person: Person, mmHg: float) -> Person:
    """No breath from now on, and the residual capacity that anaesthesia leaves: so much pressure is added in the chest, which in
    this model is the same as a wall that has lost its tone."""
    return stop(person).set("chest.level", person.rest_of_chest + mmHg)


CHILD = "child_20kg"
PALER = 12.5  # g/dL of haemoglobin from two to six years (Dallman & Siimes 1979)
PALE = 13.0  # g/dL at six, where their line goes on with 13.5 to twelve


def of_three_and_a_half(body: Body) -> Body:
    """The child of six years and 20 kg brought to 15 kg, the median at three and a half (WHO). Organs of small children need more
    for their weight: 8.0 instead of 6.5 mL/(kg min), as Schofield's line has it (1985: 22.6 kcal a day per kg, and 497)."""
    from proband.patients.size import resized

    small = resized(body, 0.75)
    needs = needing(small, 0.92 / 0.75)
    return small.with_values({row: need * mL_min for row, need in needs.items()})


def child_in_apnoea(lab: Lab, oxygen: float, share: float = 1.0, small: bool = False) -> list[Window]:
    """A child of 20 kg, or a small one of 15, in apnoea after so many seconds of oxygen or of a gas with this share of it, by steps
    of 5 s; so many mmHg in the chest leave it 24 and 22 mL/kg, as children have under anaesthesia (Thorsteinsson 1990
    Anesthesiology 73:876)."""
    changed, fallen = (of_three_and_a_half, 5.0) if small else (None, 3.3)
    body = lab.body(CHILD) if changed is None else changed(lab.body(CHILD))
    values = {**needing(body, 0.85), "blood.haemoglobin": PALER if small else PALE}
    person = lab.person(CHILD, values, changed=changed, watch=WATCH, settle=180 * s)
    anaesthetised(person.breathe(share, 0.0).wait(oxygen * s), fallen).breathe(0.2095)
    return [person.measure(5 * s) for _ in range(100)]


OXYGEN_AT_THE_MOUTH = "gas_airway.PO2"  # least at the end of an expiration, in one who breathes oxygen


def joined_to_the_circle(person: Person) -> Person:
    """Who is `at_a_circle`, and has breathed the room's air beside it, has its mask put on."""
    return person.set("mouth.open", 0.0).set("circle.connected", 1.0)


def taken_off(person: Person) -> Person:
    """The mask is off, and the airway open to the room's air."""
    return person.set("circle.connected", 0.0).set("mouth.open", 1.0)


def seconds_to_nine_tenths(person: Person) -> Callable[[], float]:
    """How long someone who is given oxygen from now on takes until the end of an expiration holds 90 % of it (s); told once it
    has run. `OXYGEN_AT_THE_MOUTH` is to be watched."""
    windows = [person.measure(5 * s) for _ in range(60)]  # a breath and more each

    def reached() -> float:
        before, at = 0.0, 0.0
        for w in windows:
            now, middle = w.least(OXYGEN_AT_THE_MOUTH) / DRY, (w.begin + w.end) / 2 - windows[0].begin
            if now >= 0.9:
                return at + (0.9 - before) / (now - before) * (middle - at)
            before, at = now, middle
        return float("nan")

    return reached


def seconds_to(windows: list[Window], level: float, signal: str = "oximeter.SpO2") -> float:
    """From the first window's begin to where a falling signal passes the level (s); NaN where it never does."""
    start, before, at = windows[0].begin, float("nan"), float("nan")
    for window in windows:
        now, middle = window(signal), (window.begin + window.end) / 2
        if now < level:
            return (
                middle - start if before != before else at + (before - level) / (before - now) * (middle - at) - start
            )
        before, at = now, middle
    return float("nan")
