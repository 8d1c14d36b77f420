"""Recirculation by dilution: a bolus into the return line, and how much of it the drainage line sees at once."""

from __future__ import annotations

from proband.model import *
from proband.units import *


@reaction
def bolus(
    told = reads(mmol / s, "what the pump of the bolus gives"),
):  # fmt: skip
    """Indicator that is given into the blood."""
    return gives(rate=told)


@controller(period=10 * ms)
def dilution(
    drained  = reads(mmol / mL, "indicator in the drainage line"),
    returned = reads(mmol / mL, "indicator in the return line"),
    measure  = command(0.0, one, "1 measures once a minute", low=0, high=1),
    clock     = memory(0.0, s, "since the bolus began"),
    rest_d    = memory(0.0, mmol / mL, "in the drainage line before the bolus"),
    rest_r    = memory(0.0, mmol / mL, "in the return line before the bolus"),
    area_d    = memory(0.0, mmol * s / mL, "under the curve of the drainage line"),
    area_r    = memory(0.0, mmol * s / mL, "under the curve of the return line"),
    told      = memory(0.0, one, "last result"),
    rate   = param(1.0, mmol / s, "given", "assumed: an indicator without volume; only shares count"),
    over   = param(1.0, s,        "in which it is given", "assumed: a bolus of saline by hand"),
    looks  = param(12.0, s,       "that both curves are followed", "assumed: the bolus has passed both lines, and what went through the body is not back"),
    every  = param(60.0, s,       "from bolus to bolus", "assumed: what is left has mixed with all blood by then"),
):  # fmt: skip
    """Rf = area under the drainage line's curve over that of the return line's, above what was there before.

    As ultrasound dilution with saline does it (Körver 2012, as remembered)."""
    dt = 10 * ms
    now = clock + dt
    d, r, before_d, before_r, result = area_d, area_r, rest_d, rest_r, told
    if measure < 0.5 or now > every:
        now = 0 * s
        d = 0 * area_d
        r = 0 * area_r
        before_d = drained
        before_r = returned
    elif now < looks:
        d = area_d + (drained - rest_d) * dt
        r = area_r + (returned - rest_r) * dt
    if now >= looks - 0.5 * dt and now < looks + 0.5 * dt and r > 0 * area_r:
        result = d / r
    return gives(
        next_clock=now,
        next_rest_d=before_d,
        next_rest_r=before_r,
        next_area_d=d,
        next_area_r=r,
        next_told=result,
        dose=(rate if measure > 0.5 and now < over else 0 * rate, mmol / s, "given now"),
        recirculation=(100 * result * percent, percent, "share of the drained blood that came from the return line"),
    )
