"""How much blood a body holds, and putting a set amount into it."""

from math import fsum

from proband.model import Body
from proband.units import Quantity, mL


def compartments(body: Body) -> list[str]:
    """Where blood is: what paths join to the heart."""
    return body.joined_to("left_ventricle")


def blood_volume(body: Body) -> Quantity:
    """All that heart and vessels hold at the start."""
    return fsum(body.value(f"{name}.volume").to(mL) for name in compartments(body)) * mL


def with_blood_volume(body: Body, volume: Quantity) -> Body:
    """The same body holding `volume` at the start. What is more or less goes to or comes from its veins by their
    compliance; the run then finds where it belongs."""
    veins = [name for name in compartments(body) if "squeezed" in body.parts[name].component.rows]
    share = {name: body.value(f"{name}.C").si for name in veins}
    more = (volume - blood_volume(body)).to(mL) / fsum(share.values())
    return body.with_values(
        {f"{name}.volume": body.value(f"{name}.volume") + more * C * mL for name, C in share.items()}
    )
