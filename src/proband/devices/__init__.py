"""Medical devices. The folder is the registration: each sub-package that offers `DEVICES` is found; so are
outsiders through the entry point group `proband.devices`."""

from __future__ import annotations

import functools
import importlib
import importlib.metadata
import pkgutil
from collections.abc import Callable, Mapping

from proband.model import Assembly, ModelError, Part, did_you_mean

GROUP = "proband.devices"

Device = Callable[..., Assembly | Part]


@functools.cache
def _found() -> Mapping[str, Device]:
    found: dict[str, Device] = {}
    for room in pkgutil.iter_modules(__path__):
        if room.ispkg:
            module = importlib.import_module(f"{__name__}.{room.name}")
            _take(found, getattr(module, "DEVICES", {}), module.__name__)
    for point in importlib.metadata.entry_points(group=GROUP):
        loaded = point.load()
        _take(found, loaded if isinstance(loaded, Mapping) else {point.name: loaded}, point.value)
    return found


def _take(found: dict[str, Device], more: Mapping[str, Device], whose: str) -> None:
    for name, device in more.items():
        if name in found:
            raise ModelError(f"{whose} offers a device {name!r}, but that name is taken by {found[name].__module__}.")
        found[name] = device


def names() -> list[str]:
    """The devices that can be attached, in the order of the alphabet."""
    return sorted(_found())


def load(name: str) -> Device:
    """The function that makes this device. Raises ModelError with the nearest name where there is none."""
    if name not in _found():
        raise ModelError(
            f"there is no device {name!r}{did_you_mean(name, names())}; there are {', '.join(names()) or 'none'}."
        )
    return _found()[name]
