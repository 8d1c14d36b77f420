"""Circuits under names of their own, for trial files, which name one place for each end."""

from __future__ import annotations

from typing import Any

from proband.devices.ecmo.assembly import Place, ecmo
from proband.model import Assembly


def ecmo_with_gases(drain: Place, back: Place, **settings: Any) -> Assembly:
    """The circuit for a body that carries oxygen, carbon dioxide and nitrogen."""
    return ecmo(drain, back, gases=True, **settings)


def ecmo_vented(drain: Place, back: Place, **settings: Any) -> Assembly:
    """With a 15 Fr vent in the left ventricle, joined to the drainage line."""
    return ecmo([drain, "left_ventricle"], back, drainage=["hls 25", "biomedicus_mini 15"], **settings)
