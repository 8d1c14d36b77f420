"""What carbon dioxide, oxygen and acid in arterial blood ask of the respiratory rhythm."""

from proband.model import *
from proband.units import *


@signal(period=100 * ms)
def chemoreflex(
    central    = state(47.0, mmHg, "PCO2 of the brain, as the medulla knows it"),
    peripheral = state(40.0, mmHg, "PCO2 as the carotid bodies know it"),
    sensed     = state(1.0,  one,  "how the carotid bodies are sharpened by want of oxygen"),
    excited    = state(0.0,  mmHg, "what plenty of oxygen does to the medulla, as PCO2"),
    exciting   = state(0.0,  mmHg, "the first of its two steps"),
    PCO2 = reads(mmHg, "arterial partial pressure of carbon dioxide", otherwise=40.0, delay=6 * s),
    brain = reads(mmHg, "partial pressure of carbon dioxide in the blood that leaves the brain", otherwise=47.0),
    PO2  = reads(mmHg, "arterial partial pressure of oxygen", otherwise=95.0, delay=6 * s),
    pH   = reads(one,  "of arterial blood", otherwise=7.40, delay=6 * s),
    P_n   = param(40.0, mmHg,   "PCO2 at rest", "definition: the drive is 1 there"),
    P_b   = param(47.0, mmHg,   "PCO2 of the blood that leaves the brain, at rest", "measured: the resting man, 7 mmHg above arterial blood"),
    slope = param(0.28, one/mmHg, "drive per PCO2, arterial or of the brain", "fitted: 2 L/min for each mmHg of arterial PCO2 in air (textbook), at a constant PO2; since the brain's rises less, this is more than 2 in 8", low=0),
    share = param(0.33, one,    "share of the carotid bodies in it", "Heeringa 1979, Ursino 2001: a quarter to a third", low=0, high=1),
    P_h   = param(600., mmHg,   "strength of the hyperbola of hypoxia", "fitted: 130 L/min mmHg at constant PCO2 (Weil 1970: 180 in ten people, with wide spread)", low=0),
    P_50  = param(32.0, mmHg,   "its pole", "Weil 1970", low=0),
    leg   = param(0.6,  one,    "share of the answer to hypoxia at rest that hypocapnia leaves", "assumed: the dog-leg of Nielsen & Smith 1952; 12-13 % of oxygen take some 3 mmHg off PCO2 within minutes", low=0, high=1),
    G_H   = param(18.0, one,    "drive per unit of pH that carbon dioxide does not explain", "assumed: PCO2 falls by 1.2 mmHg per mmol/L of lost bicarbonate (Winters, order)", low=0),
    awake = param(0.10, one,    "drive that needs no carbon dioxide", "assumed: wakefulness; 0 asleep", low=0, high=1),
    G_O   = param(0.0165, one,  "PCO2 that stands for each mmHg of arterial PO2 above that of air", "fitted: half an hour of 75 % of oxygen at a constant end-tidal PCO2 adds 115 % to ventilation (Becker 1996 J Appl Physiol 81:1683, n = 8)", low=0),
    P_O   = param(480., mmHg,   "arterial PO2 beyond which nothing is added", "assumed: that of 75 % of oxygen; nobody measured further", low=95),
    tau_O = param(300., s,      "time constant of each of two steps of it", "assumed: nothing of it in the first minute, ventilation above its rest and still rising at ten (Marczak 2004)", low=1),
    tau_c = param(10.0, s,      "time constant of the medulla, beside the store of the brain", "assumed: little; the brain's own store makes some 100 s (Bellville 1979: 60-180 s in all)", low=1),
    tau_p = param(10.0, s,      "time constant of the carotid bodies", "Bellville 1979: 10-20 s", low=1),
    most  = param(12.0, one,    "strongest drive", "assumed: maximal voluntary ventilation over that at rest"),
):  # fmt: skip
    """The medulla knows the carbon dioxide of the brain, which the blood that leaves it has too (Read & Leigh 1967): arterial
    PCO2, and what the brain adds to it by its flow and by what its blood can still bind. So oxygen, which blood then gives
    off less of, makes it breathe more (Haldane; Becker 1996), and want of oxygen, which opens its vessels, a little less.
    That is not all: within minutes plenty of oxygen excites, in proportion to its pressure (30, 50 and 75 %: Becker 1995, 1996), and
    the more, the more someone answers to carbon dioxide (r = 0.83), whence it is told as carbon dioxide.
    Both add up above a threshold; want of oxygen multiplies what the carotid bodies say, and more than it would below the
    threshold (Nielsen & Smith 1952, shape). Of pH
    only what PCO2 does not explain counts: 0.008 per mmHg (textbook) is taken off."""
    hyperbola = 1 + P_h / (maximum(PO2, P_50 + 5 * mmHg) - P_50)
    usual = 1 + P_h / (95 * mmHg - P_50)
    acid = positive(7.40 - 0.008 / mmHg * (PCO2 - P_n) - pH)
    told = (1 - share) * positive(1 + slope * (central + excited - P_b))
    bodies = positive(1 + slope * (peripheral - P_n) + G_H * acid)
    told = told + share * (bodies + maximum(bodies, leg) * (sensed - 1))
    return gives(
        d_central=(brain - central) / tau_c,
        d_peripheral=(PCO2 - peripheral) / tau_p,
        d_exciting=(G_O * positive(minimum(PO2, P_O) - 95 * mmHg) - exciting) / tau_O,
        d_excited=(exciting - excited) / tau_O,
        d_sensed=(hyperbola / usual - sensed) / tau_p,
        drive=(minimum(maximum(told + 0.7 * G_H * acid, awake), most), one, "chemical drive, 1 at rest"),
    )
