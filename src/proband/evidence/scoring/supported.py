"""People who have carried a blood pump for months: persons that differ, about the supported patient.

What is published of such patients are means of cohorts, and a pump's patients are not alike: one has suction at a speed at which another's aortic valve still
opens. Mean flow of unlike hearts is not the flow of the mean heart, so that a study of a cohort is done with one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from statistics import NormalDist

import numpy as np

from proband.evidence.scoring.bodies import ARTERIOLES, PUMP
from proband.evidence.scoring.lab import Change, Lab, Window
from proband.units import s

PATIENT = "hfref_supported"
ABOUT = (
    "persons that differ, about the supported patient, whose hearts, heart rates, cannulas, vessels and blood volume scatter (assumed; their filling pressures "
    "then scatter as published ones do)"
)
# Where blood is added or taken, before it finds its balance.
VEINS = {"splanchnic": 0.2, "lower_body": 0.35, "liver": 0.35, "pulmonary_veins": 0.1}


def people(lab: Lab, number: int, seed: int = 38) -> list[dict[str, float]]:
    """Rows of each person."""
    body = lab.body(PATIENT)
    random = np.random.default_rng(seed)
    # Each quantity in as many equal shares of its distribution as there are persons, one of each (a Latin hypercube): forty then stand for many.
    shares = (random.permuted(np.tile(np.arange(number), (10, 1)), axis=1) + 0.5) / number
    normal = np.vectorize(NormalDist().inv_cdf)(shares[:8])

    def own(row: str) -> float:
        return body.value(row).to(body.row(row)[1].unit)

    def scattered(k: int, row: str, spread: float) -> np.ndarray:
        return own(row) * np.exp(spread * normal[k])

    blood = 550 * np.clip(normal[0], -1.6, 1.6)  # mL; an outpatient is neither in shock nor drowned
    rows = {f"{v}.volume": own(f"{v}.volume") + share * blood for v, share in VEINS.items()}
    rows |= {r: scattered(1, r, 0.35) for r in ("pulmonary_arterioles.R", "pulmonary_venules.R")}
    rows |= {f"{a}.R": scattered(2, f"{a}.R", 0.15) for a in ARTERIOLES}
    rows["left_ventricle.E_max"] = np.clip(scattered(3, "left_ventricle.E_max", 0.30), 0.3, 1.2)  # Burkhoff: to 1.2
    rows["right_ventricle.E_max"] = scattered(4, "right_ventricle.E_max", 0.25)
    rows["left_ventricle.k_E"] = scattered(5, "left_ventricle.k_E", 0.15)
    rows["baroreflex.P_n"] = own("baroreflex.P_n") + 8 * normal[6]
    rows["sinus_nerves.T_0"] = np.clip(scattered(7, "sinus_nerves.T_0", 0.30), 0.5, 1.2)  # 68 ± 22 /min (PMC10947813)
    rows["lvad.rotor.p_open"] = 1 + 5 * shares[8]  # mmHg; hearts and cannulas differ
    rows["lvad.rotor.S_open"] = -4 - 8 * shares[9]  # mL; and so does how far they lean to the septum
    return [{row: float(values[i]) for row, values in rows.items()} for i in range(number)]


def at_speed(speed: float) -> dict[str, float]:
    """Rows of a pump at this speed (rpm), the low-speed limit out of the way."""
    return {"lvad.speed": speed, "lvad.low_speed_limit": speed}


def at_speeds(lab: Lab, persons: Sequence[dict[str, float]], speeds: Sequence[float], attach: Change) -> list[Window]:
    """Each person at rest, at a speed of his own."""
    return [
        lab.person(PATIENT, {**rows, **at_speed(n)}, changed=attach, watch=PUMP).measure(30 * s)
        for rows, n in zip(persons, speeds, strict=True)
    ]


def ramps(lab: Lab, persons: Sequence[dict[str, float]], speeds: Sequence[float], attach: Change) -> list[list[Window]]:
    """Each person at one speed after the other, the low-speed limit out of the way."""
    seen = []
    for rows in persons:
        person = lab.person(PATIENT, {**rows, **at_speed(speeds[0])}, changed=attach, watch=PUMP)
        seen.append(
            [person.set("lvad.speed", n).set("lvad.low_speed_limit", n).wait(25 * s).measure(15 * s) for n in speeds]
        )
    return seen


def in_suction(window: Window) -> bool:
    """Whether the console calls suction. Who does a ramp test reads the console and sees no wall, which may lie on a tenth of the
    inlet for a moment of each beat before the flow shows it."""
    return window.most("lvad.firmware.suction_seen") > 0.5


def free(ramp: Sequence[Window], stopped: Callable[[Window], object] = in_suction) -> list[Window]:
    """The steps before the test is stopped."""
    for i, window in enumerate(ramp):
        if stopped(window):
            return list(ramp[:i])
    return list(ramp)


def mean(windows: Sequence[Window], quantity: str) -> float:
    """Of all persons."""
    return float(np.mean([w(quantity) for w in windows]))
