"""The conducting airways: what holds gas on the way, and what resists it."""

from proband.laws.gas import MOLAR_VOLUME
from proband.laws.rohrer import column
from proband.model import *
from proband.units import *


@compartment
def airway_segment(
    volume  = state(50.0, mL, "gas in the segment, at body temperature and saturated"),
    outside = reads(cmH2O, "pressure around the segment", otherwise=0.0),
    V_0 = param(50.0, mL,    "volume without pressure across the wall", "assumed: every use gives its own", low=0),
    P_s = param(33.0, cmH2O, "stiffness: compliance V_0 / P_s where it is round", "assumed: every use gives its own", low=0),
):  # fmt: skip
    """A tube that widens with pressure and that no suction can empty: p = P_s/2 (V/V_0 − V_0/V)."""
    stretch = volume * (P_s / (2 * V_0)) - P_s * V_0 / 2 / volume
    return gives(
        pressure=stretch + outside,
        transmural=(stretch, cmH2O, "pressure across the wall"),
        molar_volume=(MOLAR_VOLUME, mL / mmol, "what a millimole of gas takes"),
    )


@compartment
def room(
    volume = state(1e9, mL, "air around the patient"),
):  # fmt: skip
    """The air around: its pressure is that to which all others refer."""
    return gives(
        pressure=0 * cmH2O,
        molar_volume=(MOLAR_VOLUME, mL / mmol, "what a millimole of gas takes"),
    )


@path
def mouth(
    p_in  = end(cmH2O, "in the room"),
    p_out = end(cmH2O, "in the pharynx"),
    open   = command(1.0, one, "1: breathes freely; 0: shut around a tube or by a mask", low=0, high=1),
    R      = param(1.0,  cmH2O*s/L, "resistance of mouth and nose together", "assumed: half of some 2 cmH2O s/L for the nose alone", low=0),
    R_leak = param(2000, cmH2O*s/L, "resistance past a cuff or mask that seals", "assumed: 10 mL/s at 20 cmH2O", low=0),
):  # fmt: skip
    """The way to the room; what is left of it beside a tube is a small leak."""
    return gives(flow=(p_in - p_out) * (open / R + (1 - open) / R_leak))


@path(order=5)
def larynx(
    p_in  = end(cmH2O, "in the pharynx"),
    p_out = end(cmH2O, "in the trachea"),
    flow    = state(0.0, mL/s, "through the larynx"),
    glottis = reads(one, "share of the glottis that is open", otherwise=1.0),
    K_1 = param(0.6, cmH2O*s/L,     "resistance at no flow",     "assumed: with mouth and bronchi 2 to 2.5 cmH2O s/L (Briscoe & DuBois 1958: 1.5-2.5)", low=0),
    K_2 = param(0.3, cmH2O*s*s/L/L, "resistance that flow adds", "Rohrer's law; Mead & Whittenberger 1953, order of magnitude", low=0),
    Q_t = param(100., mL/s,         "flow about which it turns turbulent", "Reynolds number 1,000 in 8 mm, the width of a glottis; a jet is unsteady below the 2,300 of a pipe", low=0),
    I   = param(0.01, cmH2O*s*s/L,  "inertance of the gas from mouth to bronchi", "Mead 1956: 0.01, most of it in the airways", low=0),
    tau = param(3.0,  ms,           "within which a closed glottis stops it", "assumed: folds shut within some milliseconds", low=0),
):  # fmt: skip
    """Larynx and trachea, where the flow is turbulent and gas has weight; a closed glottis lets nothing through."""
    return gives(flow=flow, d_flow=column(p_in - p_out, flow, K_1, K_2, Q_t, I, glottis, tau))


@path
def bronchi(
    p_in   = end(cmH2O, "in the trachea"),
    p_out  = end(cmH2O, "in the alveoli"),
    volume = reads(mL,    "gas in the region"),
    recoil = reads(cmH2O, "elastic recoil of the region"),
    R    = param(4.8,   cmH2O*s/L, "resistance at the volume V_R", "assumed: a sixth of the bronchi's 0.8 cmH2O s/L in each of six regions", low=0),
    V_R  = param(390.0, mL,        "volume at which the resistance holds", "definition: the region at functional residual capacity", low=0),
    R_u  = param(15.0,  cmH2O*s/L, "resistance upstream of the place that chokes", "Mead 1967: 2-3 cmH2O s/L for both lungs, the same at every volume", low=0),
    P_tm = param(0.0,   cmH2O,     "pressure across the airway's wall at which it gives way", "Pride 1967: near 0 in health, positive in obstruction"),
):  # fmt: skip
    """Conductance grows with volume (Briscoe & DuBois 1958). Outwards no more flows than (recoil − P_tm) / R_u: beyond
    that the airway gives way and effort is in vain (Mead 1967, Pride 1967)."""
    asked = (p_in - p_out) * (volume / (R * V_R))
    choked = minimum(P_tm - recoil, 0 * cmH2O) / R_u
    return gives(
        flow=maximum(asked, choked),
        limited=(1.0 if asked < choked else 0.0, one, "1 while the expiratory flow is limited"),
    )
