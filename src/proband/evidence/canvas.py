"""What every drawing of a report is made on: its size, its style, and colours that the page decides."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from typing import Any

from proband.evidence.languages import drawn_twice

INK, MUTED, LINE, PAPER, BAND = "#010101", "#020202", "#030303", "#040404", "#050505"
SERIES = 8  # colours for signals
DASHES = ("solid", "dashed", "dotted")  # of signals that share a colour
STEPS = 12  # colours for steps

STYLE: Mapping[Any, Any] = {
    "svg.fonttype": "none", "font.family": "sans-serif", "font.size": 8.5, "axes.edgecolor": MUTED, "axes.labelcolor": INK,
    "axes.linewidth": 0.7, "axes.spines.top": False, "axes.spines.right": False, "axes.grid": True, "grid.color": LINE,
    "grid.linewidth": 0.5, "xtick.color": MUTED, "ytick.color": MUTED, "xtick.labelcolor": MUTED, "ytick.labelcolor": MUTED,
    "xtick.major.size": 3, "ytick.major.size": 3, "xtick.major.width": 0.6, "ytick.major.width": 0.6, "text.color": INK,
    "lines.linewidth": 1.5, "lines.solid_capstyle": "round", "lines.solid_joinstyle": "round", "axes.titlesize": 9, "axes.titlelocation": "left",
    "axes.titleweight": "bold", "figure.facecolor": "none", "axes.facecolor": "none", "savefig.facecolor": "none",
    "axes.axisbelow": True, "path.simplify": True, "path.simplify_threshold": 0.3,
}  # fmt: skip


def series(i: int) -> str:
    """A colour for a signal; the page decides which."""
    return f"#1000{i % SERIES:02x}"


def dashes(i: int) -> str:
    """How a signal's line is drawn: once the colours are used up, they come again with other dashes."""
    return DASHES[i // SERIES % len(DASHES)]


def step_colour(step: int, count: int) -> str:
    """A colour for a step, from early to late; the page decides which."""
    return f"#2000{round((step - 1) * (STEPS - 1) / max(count - 1, 1)):02x}"


def shown_unit(unit: str) -> str:
    """A unit as an axis has it: a plain number has none, powers are raised."""
    unit = re.sub(r"\b(\w+)·\1·\1\b", r"\1³", unit)
    unit = re.sub(r"\b(\w+)·\1\b", r"\1²", unit)
    unit = re.sub(r"/\((\w+[²³])\)", r"/\1", unit)
    return {"1": "", "1/min": "/min"}.get(unit, unit)


class Canvas:
    """A drawing that becomes text. Used as `with Canvas("name", 3, 2) as axes:`"""

    def __init__(self, name: str, width: float, height: float, rows: int = 1, **layout: Any):
        self.name, self.size, self.rows, self.layout = name, (width, height), rows, layout

    def __enter__(self) -> Any:
        import matplotlib

        matplotlib.use("svg")
        from matplotlib import rc_context
        from matplotlib.figure import Figure

        self._context = rc_context({**STYLE, "svg.hashsalt": f"proband {self.name}"})
        self._context.__enter__()
        self.figure = Figure(figsize=self.size, layout="constrained")
        self.axes = self.figure.subplots(self.rows, 1, squeeze=False, **self.layout)[:, 0]
        return self.axes[0] if self.rows == 1 else self.axes

    def __exit__(self, *problem: object) -> None:
        try:
            if problem[0] is None:
                out = io.StringIO()
                self.figure.savefig(
                    out, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
                )
                self.svg = self._tidy(out.getvalue())
        finally:
            self._context.__exit__(None, None, None)

    def _tidy(self, text: str) -> str:
        text = text[text.index("<svg") :]
        text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
        text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
        for code, name in ((INK, "ink"), (MUTED, "muted"), (LINE, "line"), (PAPER, "paper"), (BAND, "band")):
            text = text.replace(code, f"var(--{name})")
        text = re.sub(r"#1000([0-9a-f]{2})", lambda m: f"var(--c{int(m[1], 16)})", text)
        text = re.sub(r"#2000([0-9a-f]{2})", lambda m: f"var(--s{int(m[1], 16)})", text)
        text = re.sub(r"font-family: [^;\"]+;? ?", "", text)
        text = re.sub(r"font: ((?:bold |700 )?)([\d.]+px) [^;\"]+", r"font: \1\2 var(--sans)", text)
        text = re.sub(r'(<svg[^>]*?) width="[^"]+"', r'\1 width="100%"', text, count=1)
        text = re.sub(r'(<svg[^>]*?) height="[^"]+"', r'\1 role="img"', text, count=1)
        # Ids are made by the drawing library; each drawing keeps its own.
        tag = re.sub(r"\W", "_", self.name)
        text = re.sub(r'id="([^"]+)"', rf'id="{tag}-\1"', text)
        return drawn_twice(re.sub(r'(url\(|href=")#', rf"\1#{tag}-", text).strip())
