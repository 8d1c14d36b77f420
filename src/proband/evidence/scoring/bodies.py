"""Bodies that several studies need: another rhythm, a blood pump, a pump on the bench."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import cast

from proband.benches import mock_loop
from proband.devices import load
from proband.laws.sides import SIDES
from proband.model import Assembly, Body, Part
from proband.organs.heart import atrial_fibrillation, atrially_paced, paced
from proband.patients import sheet
from proband.patients.size import resized
from proband.units import L, cm, m2


def surface(patient: str) -> float:
    """Body surface in m²."""
    return sheet(patient).body_surface.to(m2)


def blood(patient: str) -> float:
    """Blood volume in litres."""
    return sheet(patient).blood_volume.to(L)


def with_part(body: Body, place: str, part: Part) -> Body:
    """The body with another part at a place."""
    return body._like({**body.parts, place: part})  # keeps the short names, which Body(**parts) would not


def with_pacemaker(body: Body) -> Body:
    """Atria and ventricles paced; `heart.set_rate` sets the rate."""
    return with_part(body, "heart", paced())


def with_paced_atria(body: Body) -> Body:
    """The atria paced, and the heart's own node conducts; `heart.set_rate` sets the rate."""
    return with_part(body, "heart", atrially_paced())


def in_fibrillation(body: Body) -> Body:
    """Atria that never contract; the ventricles beat at `heart.asked`, scattered by `heart.spread`."""
    body = with_part(body, "heart", atrial_fibrillation())
    return body.with_wires({f"{side}_ventricle.strength": "heart.strength" for side in ("left", "right")})


def _pumped(device: str, constant: bool = True):
    def attach(body: Body) -> Body:
        settings = {"mode": 0.0} if constant else {}
        return body.attach(lvad=load(device)("left_ventricle", "aorta", **settings))

    return attach


with_heartmate2 = _pumped("heartmate2")
with_heartmate3 = _pumped("heartmate3", constant=False)
with_heartmate3_steady = _pumped("heartmate3")
with_hvad = _pumped("hvad")


def with_closed_airway(body: Body) -> Body:
    """A glottis that is shut, or a ventilator: the pressure in the alveoli, around the capillaries, moves with the chest's."""
    return body.with_wires({"pulmonary_capillaries.outside": "chest.pressure"})


GAINS = (
    "muscle_vasomotor.G", "splanchnic_vasomotor.G", "left_inotropy.G", "right_inotropy.G", "sinus_nerves.G_s", "sinus_nerves.G_v",
    "venomotor.splanchnic", "venomotor.liver", "venomotor.upper", "venomotor.lower",
)  # fmt: skip


def with_gains(body: Body, share: float) -> Body:
    """So much of every reflex, and nothing of the low-pressure one."""
    blunt = {row: share * body.value(row) for row in GAINS}
    return body.with_values(blunt | {"cardiopulmonary.G": 0 * body.value("cardiopulmonary.G")})


def anaesthetised_and_ventilated(body: Body) -> Body:
    """Half of every reflex's gain, none of the low-pressure reflex (both assumed); the airway is the ventilator's."""
    return with_gains(with_closed_airway(body), 0.5)


ARM = "upper_arteries.pressure"
ARM_ABOVE_HEART = 25.0  # cm, as the body's `arch` has it
COLUMN = 0.78  # mmHg/cm of blood


def arm(window, quantity: str, angle: float = 0.0) -> float:
    """Systolic, diastolic or mean pressure of an arm held at the heart's height, as cuffs and finger monitors read it.

    Of a window that watches ARM; `angle`: of the tilted body, in degrees, whose arms lie higher in the model."""
    read = {"systolic": window.most, "diastolic": window.least, "mean": window}[quantity]
    return read(ARM) + ARM_ABOVE_HEART * COLUMN * math.sin(math.radians(angle))


def without_nerves(body: Body) -> Body:
    """As on a mock loop: no reflex answers."""
    return with_gains(body, 0.0)


def heartmate2_without_nerves(body: Body) -> Body:
    """HeartMate II on a body without reflexes."""
    return with_heartmate2(without_nerves(body))


def heartmate2_without_nerves_paced(body: Body) -> Body:
    """HeartMate II on a heart with a pacemaker, in a body without reflexes."""
    return with_heartmate2(with_pacemaker(without_nerves(body)))


ARTERIOLES = ("upper_body_arterioles", "kidney_arterioles", "gut_arterioles", "hepatic_artery", "lower_body_arterioles")
LARGE_ARTERIES = SIDES["arterial"]
RESERVOIRS = ("splanchnic", "lower_body", "liver", "upper_body")  # where blood that is given comes to lie
PROSTHESIS = 9.9e-5  # mmHg s²/mL²: ρ / 2 A² of an orifice of 2 cm², a valve of 25 mm


def pig_on_support(body: Body, size: float) -> Body:
    """Of a pig's size, with its nerves silent, on veno-arterial support through 23 and 17 Fr."""
    small = with_gains(with_closed_airway(resized(body, size)), 0.0)
    settings = {"drainage": "hls 23", "returning": "hls 17", "mode": 1.0, "venous_intervention": 0.0}
    return small.attach(ecmo=load("ecmo")("right_atrium", "leg_arteries", **settings))


def as_mock_loop(body: Body, resistance: float) -> dict[str, float]:
    """Rows that make a mock loop of a body without reflexes: its throttle, as a share of the arterioles' resistance, is set once,
    and its ventricle ejects through an artificial valve."""
    rows = {f"{a}.R": resistance * body.value(f"{a}.R").to(body.row(f"{a}.R")[1].unit) for a in ARTERIOLES}
    return {**rows, "aortic_valve.B": PROSTHESIS}


PUMP = (
    "lvad.flow", "lvad.head", "lvad.estimated_flow", "lvad.pulsatility_index", "lvad.power", "lvad.suction", "lvad.firmware.suction_seen",
)  # fmt: skip


def _rig(device: str):
    def build() -> Body:
        return mock_loop(cast(Callable[..., Assembly], load(device)), mode=0.0)

    return build


heartmate2_rig, heartmate3_rig, hvad_rig = _rig("heartmate2"), _rig("heartmate3"), _rig("hvad")
RIG = ("pump.flow", "pump.head", "pump.power", "pump.torque", "pump.rotor_speed", "pump.hydraulic_power")


def legs_alone(body: Body) -> Body:
    """Tilting moves the legs and nothing else."""
    level = {
        f"{name}.drop": 0 * cm
        for name, part in body.parts.items()
        if "drop" in part.component.rows and name not in ("iliac_arteries", "femoral_veins")
    }
    return body.with_values({**level, "baroreflex.height": 0 * cm})
