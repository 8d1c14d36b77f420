"""HeartMate II's published Q(Δp) parabolas: a check of steady flow, refused where they turn upward."""

from __future__ import annotations

from proband.model import ModelError
from proband.units import L_min, Quantity, mL, mmHg, rpm, s

SOURCE = "Bonnemain 2021 Front Cardiovasc Med 8:752088 (Mathcard.mo)"
HEARTMATE2 = {10000: (306.65, -4.03, 0.0127), 9000: (245.16, -3.6, 0.0119), 8000: (195.85, -3.506, 0.0136)}
MOST_FLOW = 10 * L_min  # the chart that was fitted ends there (memory)


def heartmate2_flow(head: Quantity, speed: Quantity) -> Quantity:
    """Q = c0 + c1 Δp + c2 Δp². Raises ModelError at other speeds, past the turning point, and for flows off the chart."""
    turns = round(speed.to(rpm))
    if turns not in HEARTMATE2:
        raise ModelError(f"HeartMate II's parabolas hold at {', '.join(map(str, HEARTMATE2))} rpm, not at {turns} rpm.")
    c0, c1, c2 = HEARTMATE2[turns]
    dp = head.to(mmHg)
    turning = -c1 / (2 * c2)
    if dp > turning:
        raise ModelError(
            f"HeartMate II's parabola at {turns} rpm turns upward at {turning:.0f} mmHg; {dp:.0f} mmHg is outside its range."
        )
    flow = (c0 + c1 * dp + c2 * dp * dp) * mL / s
    if not 0 <= flow.si <= MOST_FLOW.si:
        raise ModelError(
            f"HeartMate II's parabola at {turns} rpm gives {flow.to(L_min):.1f} L/min at {dp:.0f} mmHg, off the chart of 0 to 10 L/min."
        )
    return flow
