"""What the cells of an organ use and make."""

from proband.laws import gas
from proband.model import *
from proband.units import *


@reaction
def respiration(
    PO2    = reads(mmHg, "partial pressure of oxygen in the organ's blood"),
    effort = reads(one,  "factor on the organ's need", otherwise=1.0),
    need   = param(30.0, mL_min, "oxygen that the organ needs, STPD", "given by the organ"),
    P_half = param(6.0,  mmHg, "PO2 of its blood at which half the need is met", "assumed: a tenth is missed at 10 mmHg; critical venous PO2 of some 10-20 mmHg (Cain 1977), where uptake begins to fall"),
):  # fmt: skip
    """Cells take what they need until the blood has too little left. The fourth power makes the knee so sharp that nothing is
    missed at rest, be it in the heart, whose venous blood has 20 mmHg: it makes no lactate (Messer 1962)."""
    share = positive(PO2) / P_half
    met = share * share * share * share / (1 + share * share * share * share)
    wanted = need * effort / gas.STPD_VOLUME
    return gives(
        rate=(-wanted * met, mmol / s, "oxygen made, thus negative"),
        missing=(wanted * (1 - met), mmol / s, "oxygen that is wanted and not there"),
    )


@reaction
def carbon_dioxide_production(
    uptake = reads(mmol/s, "rate of the organ's respiration, negative"),
    RQ     = param(0.82, one, "respiratory quotient", "Nunn's Applied Respiratory Physiology: 0.8-0.85 on a mixed diet"),
):  # fmt: skip
    """Carbon dioxide for the oxygen that was used."""
    return gives(rate=(-RQ * uptake, mmol / s, "carbon dioxide made"))


@reaction
def lactate_production(
    missing = reads(mmol/s, "oxygen that is wanted and not there"),
    basal   = param(0.3, mmol/min_, "made at rest", "1 mmol/(kg h) in all, Kreisberg 1980 as remembered, shared by mass"),
    per_O2  = param(2.0, one, "lactate for each missing mole of oxygen", "assumed: a third of the ATP that is missing (5-6 per O2) comes from glycolysis, 1 per lactate"),
):  # fmt: skip
    """Glycolysis makes up for part of the energy that respiration owes."""
    return gives(rate=(basal + per_O2 * missing, mmol / s, "lactate made"))


@reaction
def lactate_clearance(
    here = content(mmol/L, "lactate in the organ's blood"),
    most = param(4.0, mmol/min_, "greatest uptake", "assumed: some four times the uptake at rest (Kreisberg 1980: 70-80 mmol/h at rest)"),
    half = param(2.4, mmol/L, "concentration of half the greatest uptake", "assumed: rest at 1 mmol/L with production of 1.2 mmol/min"),
):  # fmt: skip
    """The liver burns lactate or makes glucose of it; it saturates."""
    return gives(rate=(-most * here / (half + here), mmol / s, "lactate made, thus negative"))
