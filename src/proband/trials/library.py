"""Where a trial finds its patients and devices by name. The rooms are looked up when they are needed, not before."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from proband.model import Assembly, Body, ModelError, did_you_mean
from proband.trials.hearts import Exchanged
from proband.trials.refusal import Refused


def _from(room: str, function: str) -> Callable[..., Any]:
    return lambda *args, **more: getattr(import_module(f"proband.{room}"), function)(*args, **more)


@dataclass(frozen=True)
class Library:
    """Patients and devices by name. A test or a notebook may bring its own."""

    patients: Callable[[], Iterable[str]] = _from("patients", "names")
    patient: Callable[..., Body] = _from("patients", "load")
    devices: Callable[[], Iterable[str]] = _from("devices", "names")
    device: Callable[[str], Callable[..., Assembly]] = _from("devices", "load")
    size: Callable[[str], float] = _from("patients", "size_of")

    def find_patient(self, name: str, heart: Exchanged = ()) -> Body:
        """A patient's body, with other components in places of the heart. Raises Refused where there is none of that name."""
        try:
            return self._find("patient", name, list(self.patients()), lambda sheet: self.patient(sheet, **dict(heart)))
        except TypeError:
            if not heart:
                raise
            raise Refused(f"the heart of {name!r} cannot be changed: this library makes it in one way.") from None

    def find_device(self, name: str) -> Callable[..., Assembly]:
        """Raises Refused where there is none of that name."""
        return self._find("device", name, list(self.devices()), self.device)

    def _find(self, kind: str, name: str, known: list[str], load: Callable[[str], Any]) -> Any:
        if name not in known:
            raise Refused(
                f"there is no {kind} {name!r}{did_you_mean(name, known)}; known are {', '.join(sorted(known))}."
            )
        try:
            return load(name)
        except ModelError as problem:
            raise Refused(f"the {kind} {name!r} cannot be made: {problem}") from None
