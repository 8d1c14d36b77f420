"""How an organ's own gases open its arterioles: Ursino & Magosso 2000, Magosso & Ursino 2001."""

from proband.laws.gas import STPD_VOLUME
from proband.model import *
from proband.units import *

dt = 100 * ms


def wanting(short, oxygen, C_n, g, tau):
    """The answer to want of oxygen after one period: g times what the blood that leaves lacks, with its time constant."""
    return short + (g * (C_n - oxygen * STPD_VOLUME) - short) * (dt / tau)


def reivich(PCO2, A, B, C, D):
    """Flow of the brain by PCO2, mL/min in 100 g (Reivich 1964)."""
    return A + B / (1 + C * exp(-D * log(PCO2 / (1 * mmHg)) / 2.302585092994046))


@controller(period=100 * ms)
def vasodilation(
    oxygen = reads(mmol/L, "oxygen in the blood that leaves the organ"),
    PCO2   = reads(mmHg,   "arterial partial pressure of carbon dioxide", otherwise=40.0),
    C_n    = param(0.148, one,  "oxygen in it at rest, volume of STPD gas per blood", "given by the body at rest; Ursino & Magosso 2000: 0.155 in muscle, 0.11 in the heart"),
    g      = param(30.0,  one,  "gain for oxygen", "Ursino & Magosso 2000: 30 in muscle, 35 in the heart", low=0),
    P_n    = param(39.0,  mmHg, "PCO2 at rest", "given by the body at rest"),
    k      = param(142.8, mmHg, "width of the answer to carbon dioxide", "Magosso & Ursino 2001: 142.8 mmHg in muscle, 11.11 in the heart", low=1),
    tau    = param(10.0,  s,    "time constant for oxygen", "Ursino & Magosso 2000", low=0.5),
    tau_c  = param(20.0,  s,    "time constant for carbon dioxide", "Magosso & Ursino 2001", low=0.5),
    least  = param(0.4,   one,  "conductance that is left in plenty of oxygen", "assumed", low=0.05),
    most   = param(4.0,   one,  "largest conductance", "assumed: what reactive hyperaemia opens", low=1),
    short  = memory(0.0, one, "what want of oxygen opens"),
    closed = memory(0.0, one, "what want of carbon dioxide closes"),
):  # fmt: skip
    """R = R_n (1 + x_CO2) / (1 + x_O2). The blood that leaves stands for the cells, so that a flow that falls or a need
    that rises opens the arterioles as want of oxygen in the arteries does."""
    short = wanting(short, oxygen, C_n, g, tau)
    closed = closed + (-tanh((PCO2 - P_n) / (2 * k)) - closed) * (dt / tau_c)
    return gives(
        next_short=short,
        next_closed=closed,
        openness=(limited((1 + short) / (1 + closed), least, most), one, "conductance that the organ's gases ask for"),
    )


@controller(period=100 * ms)
def brain_vasodilation(
    oxygen = reads(mmol/L, "oxygen in the blood that leaves the brain"),
    PCO2   = reads(mmHg,   "arterial partial pressure of carbon dioxide", otherwise=40.0),
    C_n    = param(0.121, one,  "oxygen in it at rest, volume of STPD gas per blood", "given by the body at rest; Ursino & Magosso 2000: 0.14"),
    C_a    = param(0.187, one,  "oxygen in the blood that arrives at rest", "textbook: 14 g/dL, 98 %"),
    g      = param(10.0,  one,  "gain for oxygen", "Ursino & Magosso 2000", low=0),
    P_n    = param(39.0,  mmHg, "PCO2 at rest", "given by the body at rest"),
    A      = param(20.9,  one,  "least flow, mL/min in 100 g", "Reivich 1964"),
    B      = param(92.8,  one,  "what carbon dioxide adds at most", "Reivich 1964"),
    C      = param(10570, one,  "place of the curve", "Reivich 1964"),
    D      = param(5.251, one,  "its steepness, per tenfold PCO2", "Reivich 1964"),
    tau    = param(10.0,  s,    "time constant for oxygen", "Ursino & Magosso 2000", low=0.5),
    tau_c  = param(20.0,  s,    "time constant for carbon dioxide", "Magosso & Ursino 2001", low=0.5),
    least  = param(0.4,   one,  "least flow", "assumed: the flow of deep hypocapnia"),
    most   = param(3.0,   one,  "largest flow", "assumed: that of deep hypercapnia (Reivich 1964)"),
    short  = memory(0.0, one, "what want of oxygen opens"),
    opened = memory(0.0, one, "what carbon dioxide opens"),
):  # fmt: skip
    """G = G_n (1 + x_O2 + x_CO2), with Reivich's curve for carbon dioxide. He measured flows, so that the oxygen which a flow
    changed by carbon dioxide leaves in the blood is no plenty and no want."""
    flow, usual = reivich(maximum(PCO2, 5 * mmHg), A, B, C, D), reivich(P_n, A, B, C, D)
    short = wanting(short, oxygen, C_a - (C_a - C_n) / (1 + opened), g, tau)
    opened = opened + (flow / usual - 1 - opened) * (dt / tau_c)
    return gives(
        next_short=short,
        next_opened=opened,
        openness=(limited(1 + short + opened, least, most), one, "flow that the brain's gases ask for"),
    )
