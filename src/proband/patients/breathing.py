"""Lungs put onto a circulation: airways, six regions, chest wall, rhythm, and the lesser circulation region by region."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from math import exp, fsum

from proband.model import Body, ModelError, Part
from proband.organs import lungs
from proband.patients.size import resized
from proband.units import L, Quantity, cm, cmH2O, mL, s

REGIONS = range(1, 7)
# Middle of each of six slices of a chest 18 cm deep, heart at mid-height, lying on the back. Odd regions lie right, even ones left.
HEIGHTS = {1: -7.5, 2: -4.5, 3: -1.5, 4: 1.5, 5: 4.5, 6: 7.5}
RIGHT, LEFT = (1, 3, 5), (2, 4, 6)
LUMPED = ("pulmonary_arterioles", "pulmonary_capillaries", "pulmonary_venules")
# The heart and, before it, the trunk of the lungs' arteries. The venae cavae and the aorta, which lie behind and above, feel the
# chest's mean pressure; so do the lungs' veins, which run inside the lungs up to the atrium and are not pressed upon by them.
NESTLED = ("pericardium.chest", "pulmonary_artery.outside")

SOURCES = {
    "*.height": "assumed: six slices of a chest 18 cm deep, lying on the back; the heart at mid-height",
    "airway.*": "textbook: 50 mL above the larynx; compliance of cheeks and pharynx 1.5 mL/cmH2O (Jaeger 1982, order)",
    "trachea.*": "textbook: 100 mL from the larynx to the respiratory bronchioles; 20 mL more per litre of lung (Shepard 1957, order)",
    "alveoli_?.V_max": "assumed: 6 L in all, the right lung 55 % of it (textbook)",
    "bronchi_?.R": "assumed: all bronchi together 0.8 cmH2O s/L at functional residual capacity, in proportion to the region",
    "bronchi_?.R_u": "Mead 1967: 2-3 cmH2O s/L for both lungs, in proportion to the region",
    "*.V_R": "definition: the volume at rest",
    "pulmonary_*.R": "as the circulation's, shared out over six regions by their size: blood goes where there is lung (West, Dollery & Naimark 1964: what else differs is gravity's)",
    "capillaries_?.*": "as the circulation's, shared out over six regions by their size",
    "shunt.R": "as the circulation's",
    "pulmonary_tone_?.V_R": "definition: the volume at rest",
}


def source_of(row: str) -> str:
    """The source of a row that the lungs set themselves; empty where no pattern fits."""
    return next((source for pattern, source in SOURCES.items() if fnmatchcase(row, pattern)), "")


V_MAX = {i: 1100.0 if i in RIGHT else 900.0 for i in REGIONS}  # mL


def height(i: int, size: float) -> float:
    """Of a region above the heart (cm), in a chest of another size."""
    return HEIGHTS[i] * size ** (1 / 3)


def resting_volume(i: int, size: float) -> float:
    """Gas in a region (mL, before it is brought to size) at the end of a quiet expiration with the pleura at −4.3 cmH2O."""
    recoil = 4.3 + 0.25 * height(i, size)
    return V_MAX[i] * (1 - 0.80 * exp(-0.06 * recoil))


def gas_parts(size: float = 1.0) -> dict[str, Part]:
    """From the room to the alveoli."""
    parts = {
        "room": lungs.room(),
        "airway": lungs.airway_segment(V_0=50 * mL, P_s=33 * cmH2O, volume=50 * mL),
        "trachea": lungs.airway_segment(V_0=100 * mL, P_s=33 * cmH2O, outside="pleura.pressure", volume=115 * mL),
        "mouth": lungs.mouth("room", "airway"),
        "larynx": lungs.larynx("airway", "trachea", glottis="respiratory_drive.glottis"),
    }
    for i in REGIONS:
        V = resting_volume(i, size)
        parts[f"alveoli_{i}"] = lungs.alveoli(
            pleural="pleura.pressure",
            crowding=f"recruitment_{i}.crowding",
            V_max=V_MAX[i] * mL,
            height=height(i, size) * cm,
            volume=V * mL,
        )
        parts[f"recruitment_{i}"] = lungs.recruitment(recoil=f"alveoli_{i}.recoil")
        parts[f"bronchi_{i}"] = lungs.bronchi(
            "trachea",
            f"alveoli_{i}",
            volume=f"alveoli_{i}.volume",
            recoil=f"alveoli_{i}.recoil",
            R=4800 / V_MAX[i] * cmH2O * s / L,
            R_u=15000 / V_MAX[i] * cmH2O * s / L,
            V_R=V * mL,
        )
    return parts


def wall_parts() -> dict[str, Part]:
    """What surrounds the lungs, moves them and drives them."""
    return {
        "chest_wall": lungs.chest_wall(**{row: f"alveoli_{i}.volume" for row, i in zip("abcdef", REGIONS)}),
        "pleura": lungs.pleura(level="chest.level", wall="chest_wall.pressure", muscles="respiratory_muscles.pressure"),
        "abdomen": lungs.abdomen(
            level="chest.abdomen", wall="chest_wall.pressure", pressed="respiratory_muscles.abdominal"
        ),
        "chemoreflex": lungs.chemoreflex(),
        "respiratory_drive": lungs.respiratory_rhythm(drive="chemoreflex.drive", volume="chest_wall.lung_volume"),
        "respiratory_muscles": lungs.respiratory_muscles(
            inspiratory="respiratory_drive.inspiratory",
            expiratory="respiratory_drive.expiratory",
            volume="chest_wall.lung_volume",
        ),
    }


def isolated_lungs() -> Body:
    """Lungs, chest wall, muscles and rhythm without a circulation: for a bench. The chest's mean pressure is that at rest."""
    parts = {**gas_parts(), **wall_parts()}
    parts |= {"pleura": lungs.pleura(wall="chest_wall.pressure", muscles="respiratory_muscles.pressure")}
    parts |= {"abdomen": lungs.abdomen(wall="chest_wall.pressure", pressed="respiratory_muscles.abdominal")}
    return Body(**parts).with_sources(source_of)


def blood_parts(body: Body, size: float = 1.0) -> dict[str, Part]:
    """The lesser circulation in six regions, with the resistances and the blood of the lumped one together."""
    R_a, R_v = (body.value(f"pulmonary_{x}.R") for x in ("arterioles", "venules"))
    C, V_0, volume = (body.value(f"pulmonary_capillaries.{row}") for row in ("C", "V_0", "volume"))
    parts: dict[str, Part] = {
        "shunting": lungs.shunting(**{row: f"recruitment_{i}.met" for row, i in zip("abcdef", REGIONS)}),
        "shunt": lungs.pulmonary_shunt(
            "pulmonary_artery", "pulmonary_veins", openness="shunting.openness", R=R_a + R_v
        ),
    }
    for i in REGIONS:
        place, around = f"capillaries_{i}", f"alveoli_{i}.pressure"
        share = V_MAX[i] / fsum(V_MAX.values())
        parts[place] = lungs.capillaries(alveolar=around, C=C * share, V_0=V_0 * share, volume=volume * share)
        parts[f"pulmonary_tone_{i}"] = lungs.pulmonary_tone(
            volume=f"alveoli_{i}.volume",
            aerated=f"recruitment_{i}.aerated",
            met=f"recruitment_{i}.met",
            V_R=resting_volume(i, size) * mL,
        )
        parts[f"pulmonary_arterioles_{i}"] = lungs.pulmonary_arteriole(
            "pulmonary_artery",
            place,
            openness=f"pulmonary_tone_{i}.openness",
            R=R_a / share,
            height=height(i, size) * cm,
        )
        parts[f"pulmonary_venules_{i}"] = lungs.pulmonary_venule(
            place,
            "pulmonary_veins",
            filled=f"{place}.volume",
            alveolar=around,
            R=R_v / share,
            V_R=volume * share,
            height=height(i, size) * cm,
        )
    return parts


def breathing(body: Body, size: float = 1.0) -> Body:
    """The body with lungs: six regional paths in place of the lumped ones, and the chest's pressure as breathing makes it.

    size: of the lungs, relative to a man's. What the body carries, and how much blood, is the circulation's to say first.
    Raises ModelError where the body has lungs already or no lumped lesser circulation to put them in place of."""
    if "pleura" in body.parts:
        raise ModelError("this body breathes already; put lungs onto a circulation that has none.")
    missing = [name for name in (*LUMPED, "chest") if name not in body.parts]
    if missing:
        raise ModelError(
            f"lungs need a body with {missing[0]}; take one from patients.circulation() or patients.load(…)."
        )
    gas = {**gas_parts(size), **wall_parts()}
    blood = blood_parts(body, size)
    whole = body.detach(*LUMPED).attach(**gas, **blood).with_sources(source_of)
    if size != 1:
        grown = resized(whole, size)
        whole = whole.with_values(*_rows(grown, gas))
    heard = {
        f"{name}.{row}": "abdomen.pressure"
        for name, part in body.parts.items()
        for row, wire in part.wires.items()
        if wire == "chest.abdominal"
    }
    nestled = {row: "pleura.fossa" for row in NESTLED if row.partition(".")[0] in body.parts}
    return whole.with_wires({"chest.breathing": "pleura.swing", **nestled, **heard})


def _rows(body: Body, names: Iterable[str]) -> tuple[dict[str, Quantity], dict[str, str]]:
    """The values that these parts have of their own, and where each comes from."""
    rows = [(f"{name}.{row}", body.parts[name].source(row)) for name in names for row in body.parts[name].values]
    return {row: body.value(row) for row, _ in rows}, {row: said for row, said in rows if said}
