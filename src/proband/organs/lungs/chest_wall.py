"""What surrounds the lungs: chest wall, pleural space, abdomen."""

from proband.model import *
from proband.units import *


@signal
def chest_wall(
    a = reads(mL, "gas in the first region"),
    b = reads(mL, "gas in the second region"),
    c = reads(mL, "gas in the third region"),
    d = reads(mL, "gas in the fourth region"),
    e = reads(mL, "gas in the fifth region"),
    f = reads(mL, "gas in the sixth region"),
    C_cw  = param(200., mL/cmH2O,    "compliance", "textbook: 0.2 L/cmH2O", low=0),
    V_cw  = param(2500, mL,          "lung volume at which the mean pressure of the chest reigns", "fitted: end-expiratory pleural pressure near −5 cmH2O", low=0),
    V_low = param(1700, mL,          "lung volume below which the wall stiffens", "assumed: 0.5 L above residual volume", low=0),
    K_low = param(2.5e-4, cmH2O/(mL*mL), "how it stiffens", "assumed: some 60 cmH2O hold the chest at residual volume (Rahn 1946, as remembered)", low=0),
):  # fmt: skip
    """Ribs and abdomen together: a constant compliance, and a stiff end near residual volume."""
    V = a + b + c + d + e + f
    short = positive(V_low - V)
    return gives(
        pressure=((V - V_cw) / C_cw - K_low * short * short, cmH2O, "elastic pressure of the wall"),
        lung_volume=(V, mL, "gas in the alveoli of both lungs"),
    )


@signal
def pleura(
    level   = reads(mmHg,  "mean pressure in the chest", otherwise=-3.0),
    wall    = reads(cmH2O, "elastic pressure of the chest wall"),
    muscles = reads(cmH2O, "what the respiratory muscles pull", otherwise=0.0),
    nestled = param(0.5,  one,   "of the wall's pressure, felt by the heart once more", "assumed: supine dogs, 0 (Craven & Wood 1981) to 2 (Kingma 1987, oesophagus a third of the pleura beside the heart); towards the lower end, for a larger chest", low=0),
):  # fmt: skip
    """Between lung and chest wall, at the height of the heart. Lungs that swell press upon the heart in its fossa more than
    upon the oesophagus (J Appl Physiol 1982;53:384 and 1990;69:1053, dogs under end-expiratory pressure)."""
    swing = wall - muscles
    around = level + swing
    return gives(
        pressure=(around, cmH2O, "around the lungs"),
        fossa=(around + nestled * wall, cmH2O, "around the heart, between the lungs"),
        swing=(swing, mmHg, "what breathing adds to the mean pressure in the chest"),
    )


@signal
def abdomen(
    level   = reads(mmHg,  "mean pressure in the abdomen", otherwise=0.0),
    wall    = reads(cmH2O, "elastic pressure of the chest wall"),
    pressed = reads(cmH2O, "what diaphragm and abdominal muscles add", otherwise=0.0),
    passed  = param(0.4, one, "share of the wall's pressure that the relaxed diaphragm hands on", "assumed: a third to a half in passive inflation (van den Berg 2002, as remembered)", low=0, high=1),
):  # fmt: skip
    """A relaxed diaphragm hands on a part of what the chest's pressure gains; one that pulls lowers the pressure above it
    and raises the one below (Konno & Mead 1967)."""
    return gives(pressure=(passed * wall + (level + pressed), mmHg, "around the abdomen's vessels"))
