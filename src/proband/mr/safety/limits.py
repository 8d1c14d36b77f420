"""Limits of IEC 60601-2-33 in its normal and first-level controlled modes.

The standard itself was not at hand: the figures are those that are quoted from it, or from memory where marked so; judge with
the standard before a patient depends on them."""

from __future__ import annotations

from dataclasses import dataclass

from proband.model import ModelError

MODES = ("normal", "first level")
SIX_MINUTES, TEN_SECONDS = 360.0, 10.0
SHORT = 2.0  # any 10 s may reach this many times the 6 min limit (quoted)


@dataclass(frozen=True)
class Limits:
    """SAR in W/kg over 6 min, nerve stimulation as a share of its threshold, static field in T."""

    mode: str
    whole_body: float
    head: float
    partial_start: float
    partial_fall: float
    local_trunk: float  # head and trunk, 10 g
    local_limbs: float
    stimulation: float
    B0: float

    def partial_body(self, share: float) -> float:
        """W/kg, where `share` of the patient's mass is exposed."""
        return self.partial_start - self.partial_fall * min(max(share, 0.0), 1.0)


NORMAL = Limits("normal", 2.0, 3.2, 10.0, 8.0, 10.0, 20.0, 0.8, 3.0)
FIRST_LEVEL = Limits("first level", 4.0, 3.2, 10.0, 6.0, 20.0, 40.0, 1.0, 8.0)

SOURCES = {
    "whole_body": "IEC 60601-2-33 as quoted: 2 and 4 W/kg over 6 min",
    "head": "IEC 60601-2-33 as quoted: 3.2 W/kg in both modes",
    "partial_body": "IEC 60601-2-33 as quoted: 10 − 8 R and 10 − 6 R W/kg, R the exposed share of the mass",
    "local": "IEC 60601-2-33 from memory: 10 and 20 W/kg in head and trunk, 20 and 40 in limbs, over 10 g",
    "stimulation": "IEC 60601-2-33 from memory: 80 and 100 % of the threshold",
    "B0": "IEC 60601-2-33 from memory: normal up to 3 T, first level up to 8 T",
}


def limits(mode: str) -> Limits:
    """The limits of a mode. Raises ModelError for another word."""
    for one in (NORMAL, FIRST_LEVEL):
        if one.mode == mode or one.mode.split()[0] == mode:
            return one
    raise ModelError(f"there is no operating mode {mode!r}; it is 'normal' or 'first level'.")
