"""Modes by their names, after Chatburn's taxonomy: control variable, breath sequence, targeting scheme.

Chatburn 2014 Respir Care 59:1747."""

from __future__ import annotations

from proband.model import ModelError, did_you_mean

VC_CMV, PC_CMV, PRVC, VC_SIMV, PC_SIMV, PSV, CPAP, APRV, ASV = (float(i) for i in range(9))

# name: number, class, targeting scheme, common names
MODES = {
    "VC-CMV": (VC_CMV, "volume control, continuous mandatory ventilation, set-point", ("CMV", "A/C-VC", "VCV", "IPPV")),
    "PC-CMV": (PC_CMV, "pressure control, continuous mandatory ventilation, set-point", ("A/C-PC", "PCV")),
    "PRVC": (PRVC, "pressure control, continuous mandatory ventilation, adaptive", ("PC-CMVa", "AutoFlow", "VC+", "APV")),
    "VC-SIMV": (VC_SIMV, "volume control, intermittent mandatory ventilation, set-point", ("VC-IMV", "SIMV", "SIMV-VC")),
    "PC-SIMV": (PC_SIMV, "pressure control, intermittent mandatory ventilation, set-point", ("PC-IMV", "SIMV-PC")),
    "PSV": (PSV, "pressure control, continuous spontaneous ventilation, set-point", ("PC-CSV", "PS", "ASB")),
    "CPAP": (CPAP, "pressure control, continuous spontaneous ventilation, no support", ()),
    "APRV": (APRV, "pressure control, intermittent mandatory ventilation, long high level", ("BIPAP", "BiLevel")),
    "ASV": (ASV, "pressure control, intermittent mandatory ventilation, optimal", ("PC-IMVoi", "adaptive support")),
}  # fmt: skip


NAMES = {name: n for short, (n, _, more) in MODES.items() for name in (short, *more)}


def number(mode: str | float) -> float:
    """The number of a mode given by any of its names. Raises ModelError with the nearest name."""
    if isinstance(mode, (int, float)):
        if float(mode) not in {n for n, _, _ in MODES.values()}:
            raise ModelError(
                f"there is no mode {mode:g}; modes are {', '.join(f'{n[0]:g} {m}' for m, n in MODES.items())}."
            )
        return float(mode)
    known = {name.lower(): n for name, n in NAMES.items()}
    if mode.lower() not in known:
        raise ModelError(f"there is no mode {mode!r}{did_you_mean(mode, MODES)}; there are {', '.join(MODES)}.")
    return known[mode.lower()]


def name(mode: float) -> str:
    """The first name of a mode."""
    return next(m for m, (n, _, _) in MODES.items() if n == round(mode))
