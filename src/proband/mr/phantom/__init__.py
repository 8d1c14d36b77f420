"""The voxel patient: tissues by field strength, phantoms, anatomy and its motion.

>>> phantom.build("head", 5.0, voxel=2e-3, lesion=8e-3)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from proband.model import ModelError, did_you_mean

if TYPE_CHECKING:
    from proband.mr.phantom.voxels import VoxelPatient

_PLACES = {
    "acr": "acr",
    "nist": "nist",
    "head": "head",
    "abdomen": "abdomen",
    "knee": "knee",
    "beating_heart": "heart",
}


def names() -> list[str]:
    """The phantoms that can be built by name."""
    return sorted(_PLACES)


def build(name: str, B0: float, **options: Any) -> VoxelPatient:
    """A phantom by name at a field strength (T). Raises ModelError for a name or an option that it does not have."""
    import inspect
    from importlib import import_module

    if name not in _PLACES:
        raise ModelError(f"there is no phantom {name!r}{did_you_mean(name, names())}; there are {', '.join(names())}.")
    builder = getattr(import_module(f"proband.mr.phantom.{_PLACES[name]}"), name)
    known = [p for p in inspect.signature(builder).parameters if p not in ("B0", "place")]
    known += ["box", "grid", "partial_volume"]
    for option in options:
        if option not in known:
            raise ModelError(
                f"phantom {name} has no option {option!r}{did_you_mean(option, known)}; it has {', '.join(known)}."
            )
    return builder(B0, **options)
