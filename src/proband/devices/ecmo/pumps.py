"""Makes of pump: the same equations with a data sheet each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType

from proband.devices.ecmo.pump import centrifugal_pump
from proband.model import Component, ModelError, did_you_mean

BOES = "RWTH ECLIPSE parameter_pump.txt, in the form of Boes 2019 IEEE Trans Biomed Eng 66:1618"
STOP = "assumed: 2 to 3 L/min back at 60 mmHg through a standing head"
LOW = "assumed: a tenth of the highest speed"


@dataclass(frozen=True)
class Pump:
    """A make: its component, its highest speed (rpm) and what primes it."""

    name: str
    component: Component
    top: float


def _of_make(name: str, **sheet: tuple[float, str]) -> Component:
    rows = dict(centrifugal_pump.rows)
    for row, (value, source) in sheet.items():
        rows[row] = replace(rows[row], value=rows[row].unit.si(value), source=source)
    left = [n for n, r in rows.items() if r.source == "data sheet"]
    if left:
        raise ModelError(f"the data sheet of {name} leaves {', '.join(left)} open.")
    return replace(centrifugal_pump, name=f"{name}_pump", module=__name__, rows=MappingProxyType(rows))


# 120 mmHg at 2000 rpm and no flow; another source (Explain) shows 108.
rotaflow_pump = _of_make(
    "rotaflow",
    a=(1.9583e-5, BOES), R1=(-0.007545, BOES), R2=(2.8864, BOES), Rrec=(4.0256, BOES), kinf=(0.0016, BOES),
    R_stop=(8.0, STOP), N_run=(500.0, LOW),
)  # fmt: skip
dp3_pump = _of_make(
    "dp3",
    a=(6.5298e-6, BOES), R1=(-0.0019593, BOES), R2=(4.0802, BOES), Rrec=(5.0355, BOES), kinf=(0.0004, BOES),
    R_stop=(9.0, STOP), N_run=(1000.0, LOW),
)  # fmt: skip
# No make: 60 mmHg at 2000 rpm by a rim of 50 mm (H = ρ u²/2, hydraulic efficiency 0.58), falling with flow squared.
GENERIC = "assumed: between Rotaflow and DP3, without a term in N Q"
generic_pump = _of_make(
    "generic",
    a=(1.5e-5, GENERIC), R1=(0.0, GENERIC), R2=(3.4, GENERIC), Rrec=(4.4, GENERIC), kinf=(0.0008, GENERIC),
    R_stop=(8.0, STOP), N_run=(500.0, LOW),
)  # fmt: skip

PUMPS = {
    "rotaflow": Pump("rotaflow", rotaflow_pump, 5000.0),
    "dp3": Pump("dp3", dp3_pump, 10000.0),
    "generic": Pump("generic", generic_pump, 4500.0),
}


def pump_of(name: str) -> Pump:
    """The make of that name. Raises ModelError with the nearest one."""
    if name not in PUMPS:
        raise ModelError(f"there is no pump {name!r}{did_you_mean(name, PUMPS)}; there are {', '.join(PUMPS)}.")
    return PUMPS[name]
