"""Another component of the heart at the same place: a leaking valve, another rhythm."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from proband.model import ModelError, Part, did_you_mean
from proband.organs import heart


def exchanged(parts: Mapping[str, Part], place: str, component: str) -> dict[str, Part]:
    """The parts with another component at a place. Settings and wires that both components have are kept.

    Raises ModelError where there is no such place or component."""
    make, old = getattr(heart, component, None), parts.get(place)
    if make is None or old is None:
        unknown, known = (component, heart.__all__) if make is None else (place, parts)
        raise ModelError(
            f"{unknown!r} cannot be exchanged{did_you_mean(unknown, known)}; name a part and a component of the heart."
        )
    values = {
        r: v
        for r, v in old.values.items()
        if r in make.rows and make.rows[r].unit.dimension == old.component.rows[r].unit.dimension
    }
    wires = {r: w for r, w in old.wires.items() if r in make.rows}
    changed = {**parts, place: replace(make(*old.ends, **wires), values=MappingProxyType(values))}
    # A leaking valve's whole flow follows the pressures at once; a ventricle hears of the column between the leaflets.
    if "column" in make.rows:
        changed = {
            n: _rewired(p, f"{place}.flow", f"{place}.column") if p.component.kind == "compartment" else p
            for n, p in changed.items()
        }
    # Rhythms that are irregular tell how hard each beat is.
    if "strength" in make.outputs:
        changed = {
            n: replace(p, wires=MappingProxyType({**p.wires, "strength": f"{place}.strength"}))
            if "strength" in p.component.rows
            else p
            for n, p in changed.items()
        }
    return changed


def _rewired(part: Part, old: str, new: str) -> Part:
    """A part that hears `new` where it heard `old`."""
    return replace(part, wires=MappingProxyType({r: new if w == old else w for r, w in part.wires.items()}))
