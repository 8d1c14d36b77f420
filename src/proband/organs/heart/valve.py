"""Heart valves: leaflets that take time, and a column of blood that keeps going."""

from proband.laws.orifice import jet
from proband.laws.smooth import beyond
from proband.model import *
from proband.units import *

SHUT = 1e-9  # shut leaflets rest here: nearer to nought a processor slows down, and no blood would tell


def leaflet_motion(opening, pressure_drop, k, p_0, p_s):
    """Leaflets float half open, and the pressure drives them either way (after Mynard 2012) at a bounded speed.

    Both speeds, a²/(a² + p_s²) forwards and b²/(b² + p_s²) back, are smooth functions of the pressure."""
    ahead = 2 * beyond(pressure_drop, p_0)
    back = ahead - 2 * pressure_drop
    a, b, s2 = ahead * ahead, back * back, p_s * p_s
    # over one common denominator, since divisions are dear
    return k * (a * (b + s2) * (1 - opening) - b * (a + s2) * (opening - SHUT)) / ((a + s2) * (b + s2))


def column_motion(flow, opening, pressure_drop, L, R, B, tau):
    """The pressure moves the column where the leaflets are open; where they are shut they stop it."""
    return (opening * pressure_drop - (R + B * absolute(flow)) * flow) / L - (1 - opening) * flow / tau


@path
def valve(
    p_in    = end(mmHg, "upstream"),
    p_out   = end(mmHg, "downstream"),
    flow    = state(0.0, mL/s, "through the valve"),
    opening = state(SHUT, one, "0 closed, 1 open"),
    L      = param(0.0010, mmHg*s*s/mL,    "inertance of the column", "assumed: ρ l / A for 3–4 cm of blood in 4–5 cm²; Mynard 2012", low=0),
    R      = param(0.003,  mmHg*s/mL,      "viscous loss",  "Korakianitis & Shi 2006: 0.003 at the aortic root", low=0),
    B      = param(8.2e-6, mmHg*s*s/mL**2, "Bernoulli loss", "Korakianitis & Shi 2006: CQ 350, B = 1/CQ²", low=0),
    k      = param(100.0, one/s, "top speed of the leaflets", "assumed: shut within 20–30 ms, after 1–4 mL have flowed back", low=0),
    p_0    = param(16.0,  mmHg,  "pressure below which the leaflets float", "assumed: they weigh next to nothing", low=0),
    p_s    = param(30.0,  mmHg,  "pressure that drives them at half their top speed, twice over", "assumed: brisk ejection and filling open them within 30 ms", low=0),
    tau    = param(0.010,  s,    "in which closed leaflets stop the column", "assumed: short against the beat"),
):  # fmt: skip
    """A competent valve: the little that flows back is what closes it."""
    drop = p_in - p_out
    return gives(
        flow=flow,
        d_flow=column_motion(flow, opening, drop, L, R, B, tau),
        d_opening=leaflet_motion(opening, drop, k, p_0, p_s),
    )


@path
def stenotic_valve(
    p_in    = end(mmHg, "upstream"),
    p_out   = end(mmHg, "downstream"),
    flow    = state(0.0, mL/s, "through the valve"),
    opening = state(SHUT, one, "0 closed, 1 open"),
    area   = param(0.9,    cm**2,          "effective orifice area", "assumed: severe aortic stenosis is below 1.0 cm²", low=0.05),
    rho    = param(1060.0, kg/(m*m*m),     "density of blood",  "textbook", low=0),
    L      = param(0.0012, mmHg*s*s/mL,    "inertance of the column", "assumed: the jet adds to the valve's own", low=0),
    R      = param(0.003,  mmHg*s/mL,      "viscous loss",  "Korakianitis & Shi 2006", low=0),
    k      = param(100.0, one/s, "top speed of the leaflets", "assumed: shut within 20–30 ms, after 1–4 mL have flowed back", low=0),
    p_0    = param(16.0,  mmHg,  "pressure below which the leaflets float", "assumed: they weigh next to nothing", low=0),
    p_s    = param(30.0,  mmHg,  "pressure that drives them at half their top speed, twice over", "assumed: brisk ejection and filling open them within 30 ms", low=0),
    tau    = param(0.010,  s,    "in which closed leaflets stop the column", "assumed: short against the beat"),
):  # fmt: skip
    """A narrow valve: the jet's kinetic energy ρ Q² / 2 A² is lost."""
    drop = p_in - p_out
    B = rho / (2 * area * area)
    return gives(
        flow=flow,
        d_flow=column_motion(flow, opening, drop, L, R, B, tau),
        d_opening=leaflet_motion(opening, drop, k, p_0, p_s),
    )


@path
def regurgitant_valve(
    p_in    = end(mmHg, "upstream"),
    p_out   = end(mmHg, "downstream"),
    column  = state(0.0, mL/s, "flow between the leaflets"),
    opening = state(SHUT, one, "0 closed, 1 open"),
    hole   = param(0.30,   cm**2,          "effective regurgitant area that never closes", "assumed: severe from 0.30 cm² (aortic), 0.40 cm² (mitral), ACC/AHA grading", low=0),
    rho    = param(1060.0, kg/(m*m*m),     "density of blood",  "textbook", low=0),
    L      = param(0.0010, mmHg*s*s/mL,    "inertance of the column", "assumed: as in a healthy valve", low=0),
    R      = param(0.003,  mmHg*s/mL,      "viscous loss",  "Korakianitis & Shi 2006", low=0),
    B      = param(8.2e-6, mmHg*s*s/mL**2, "Bernoulli loss", "Korakianitis & Shi 2006: CQ 350", low=0),
    k      = param(100.0, one/s, "top speed of the leaflets", "assumed: shut within 20–30 ms, after 1–4 mL have flowed back", low=0),
    p_0    = param(20.0,  mmHg,  "pressure below which the leaflets float", "assumed: they weigh next to nothing", low=0),
    p_s    = param(30.0,  mmHg,  "pressure that drives them at half their top speed, twice over", "assumed: brisk ejection and filling open them within 30 ms", low=0),
    p_j    = param(1.0,   mmHg,  "pressure below which the jet is no jet", "assumed: viscous flow through a small gap", low=0),
    tau    = param(0.010,  s,    "in which closed leaflets stop the column", "assumed: short against the beat"),
):  # fmt: skip
    """A valve with a hole: a jet through the hole beside the column between the leaflets."""
    drop = p_in - p_out
    through_hole = jet(drop, hole * sqrt(2 / rho), p_j)
    return gives(
        flow=column + through_hole,
        d_column=column_motion(column, opening, drop, L, R, B, tau),
        d_opening=leaflet_motion(opening, drop, k, p_0, p_s),
        backflow=(positive(-through_hole), mL / s, "back through the hole"),
    )
