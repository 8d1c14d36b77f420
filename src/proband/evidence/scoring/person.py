"""One person of a study: what is to happen to him, and what was measured of him."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import fmean

from proband.units import Quantity, mL, mmHg, s

LINE = "study_line"  # through which blood is drawn and given
GAS = "gas of the room: "  # what a script says in a command's place where the room's gas changes


@dataclass
class Window:
    """What one person's signals were between two moments; told once the laboratory has run."""

    begin: float
    end: float
    told: dict[str, tuple[float, float, float]] = field(default_factory=dict)  # mean, least, most

    def __call__(self, quantity: str) -> float:
        """The mean of a monitor's quantity (`heart_rate`) or of any watched signal (`lvad.flow`)."""
        return self._find(quantity)[0]

    def least(self, quantity: str) -> float:
        """The lowest value."""
        return self._find(quantity)[1]

    def most(self, quantity: str) -> float:
        """The highest value."""
        return self._find(quantity)[2]

    def _find(self, quantity: str) -> tuple[float, float, float]:
        return self.told[quantity if "." in quantity else f"monitor.{quantity}"]


@dataclass
class Pulses:
    """The same of windows as short as two beats: what is lowest and highest are the troughs and crests of pulses, not of slow waves."""

    windows: list[Window]

    def __call__(self, quantity: str) -> float:
        """The mean."""
        return fmean(window(quantity) for window in self.windows)

    def least(self, quantity: str) -> float:
        """The mean of the troughs."""
        return fmean(window.least(quantity) for window in self.windows)

    def most(self, quantity: str) -> float:
        """The mean of the crests."""
        return fmean(window.most(quantity) for window in self.windows)


@dataclass
class Person:
    """One virtual person and what is to happen. Nothing happens before the laboratory runs."""

    values: dict[str, float]
    clock: float
    settled: float = 0.0  # until when the body comes to rest
    number: int = 0  # of his random numbers
    script: list[tuple[float, str, float]] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)

    def set(self, command: str, value: float) -> Person:
        """A command from now on, in the unit of its row."""
        self.script.append((self.clock, command, float(value)))
        return self

    def wait(self, time: Quantity) -> Person:
        """Let time pass."""
        self.clock += time.to(s)
        return self

    def measure(self, time: Quantity = 20 * s) -> Window:
        """What happens in the time that now passes."""
        window = Window(self.clock, self.clock + time.to(s))
        self.windows.append(window)
        self.clock = window.end
        return window

    def measure_pulses(self, time: Quantity = 21 * s) -> Pulses:
        """What happens in the time that now passes, 1.5 s at a time."""
        return Pulses([self.measure(1.5 * s) for _ in range(round(time.to(s) / 1.5))])

    def tilt(self, angle: float) -> Person:
        """Head up, in degrees."""
        return self.set("posture.angle", angle)

    def suck(self, suction: Quantity) -> Person:
        """Negative pressure around the lower body."""
        return self.set("posture.suction", suction.to(mmHg))

    def strain(self, pressure: Quantity, abdomen: float | None = None, rest: float | None = None) -> Person:
        """Pressure in the chest above its rest; in the abdomen a share of it, or where none is given the chest's own.

        A diaphragm that is relaxed bears no pressure: so it is in expiratory efforts (Agostoni & Rahn 1960)."""
        level = (self.rest_of_chest if rest is None else rest) + pressure.to(mmHg)
        self.set("chest.level", level)
        return self.set("chest.abdomen", max(level, 0.0) if abdomen is None else abdomen * pressure.to(mmHg))

    def breathe(self, oxygen: float, carbon_dioxide: float = 0.0004) -> Person:
        """Another gas in the room from now on: shares of the dry gas, the rest is nitrogen."""
        for name, share in (
            ("oxygen", oxygen),
            ("carbon_dioxide", carbon_dioxide),
            ("nitrogen", 1 - oxygen - carbon_dioxide),
        ):
            self.script.append((self.clock, f"{GAS}{name}", share))
        return self

    rest_of_chest: float = -3.0

    def bleed(self, volume: Quantity, over: Quantity) -> Person:
        """Blood drawn from a great vein at a steady rate; a negative volume is infused."""
        self.set(f"{LINE}.rate", volume.to(mL) / over.to(s))
        self.wait(over)
        return self.set(f"{LINE}.rate", 0.0)
