"""The lesser circulation, region by region: arterioles, capillaries between the alveoli, venules, and what passes them by."""

from proband.model import *
from proband.units import *


@path
def pulmonary_arteriole(
    p_in  = end(mmHg, "in the pulmonary artery"),
    p_out = end(mmHg, "in the region's capillaries"),
    openness = reads(one, "conductance relative to rest", otherwise=1.0),
    R      = param(0.27, mmHg*s/mL,   "resistance at rest", "assumed: a sixth of the lungs' flow in each of six regions", low=0),
    weight = param(0.78, mmHg/cm, "of a column of blood", "textbook: 1060 kg/m³"),
    height = param(0.0,  cm,   "of the region above the heart, as the body lies", "assumed: every use gives its own"),
):  # fmt: skip
    """Uphill to the upper regions, downhill to the lower ones."""
    return gives(flow=(p_in - weight * height - p_out) * (openness / R))


@compartment
def capillaries(
    volume   = state(19.0, mL, "blood in the region's capillaries"),
    alveolar = reads(mmHg, "pressure in the alveoli around them", otherwise=0.0),
    C   = param(0.5,  mL/mmHg, "compliance",                      "assumed: a sixth of the lungs'", low=0),
    V_0 = param(13.3, mL,      "volume below which they flatten", "assumed: a sixth of the lungs'"),
    P_c = param(1.0,  mmHg,    "stiffness of flat capillaries",   "assumed: the sheet closes within 1 cmH2O (Fung & Sobin 1972)", low=0),
):  # fmt: skip
    """The sheet of Fung & Sobin 1972: its thickness grows with the pressure across it, and without one it falls flat."""
    x = volume - V_0
    stretch = x / C if x > 0 * mL else P_c * (x / volume)
    return gives(pressure=stretch + alveolar, transmural=(stretch, mmHg, "pressure across the wall"))


@path
def pulmonary_venule(
    p_in  = end(mmHg, "in the region's capillaries"),
    p_out = end(mmHg, "in the pulmonary veins"),
    filled   = reads(mL,   "blood in the region's capillaries"),
    alveolar = reads(mmHg, "pressure in the alveoli around them", otherwise=0.0),
    R      = param(0.18, mmHg*s/mL, "resistance with V_R in the capillaries", "assumed: a sixth of the lungs' flow in each of six regions", low=0),
    V_R    = param(19.0, mL, "blood in the capillaries at which it holds", "assumed: a sixth of the lungs'", low=0),
    weight = param(0.78, mmHg/cm, "of a column of blood", "textbook: 1060 kg/m³"),
    height = param(0.0,  cm, "of the region above the heart, as the body lies", "assumed: every use gives its own"),
):  # fmt: skip
    """Out of the sheet, whose conductance goes with the cube of its thickness (Fung & Sobin 1972), over the weir of the
    alveolar pressure where that exceeds the veins' (Permutt 1962): West's zones."""
    conductance = filled * filled * filled / (R * V_R * V_R * V_R)
    return gives(flow=(p_in - maximum(p_out - weight * height, alveolar)) * conductance)


@path
def pulmonary_shunt(
    p_in  = end(mmHg, "in the pulmonary artery"),
    p_out = end(mmHg, "in the pulmonary veins"),
    openness = reads(one, "conductance, relative to that of both lungs at rest", otherwise=0.02),
    R = param(0.075, mmHg*s/mL, "resistance of both lungs at rest", "assumed: every use gives its own", low=0),
):  # fmt: skip
    """Blood that meets no gas: through what is shut, flooded or passes by."""
    return gives(flow=(p_in - p_out) * (openness / R))


@signal(period=50 * ms)
def pulmonary_tone(
    hypoxic = state(0.22, one, "strength of the hypoxic constriction now"),
    PO2     = reads(mmHg, "in the region's gas", otherwise=100.0),
    venous  = reads(mmHg, "PO2 of the blood that arrives", otherwise=40.0),
    volume  = reads(mL,   "gas in the region"),
    aerated = reads(one,  "share of the region that is open", otherwise=1.0),
    met     = reads(one,  "share whose blood meets oxygen", otherwise=1.0),
    V_R   = param(390., mL,   "volume at which the resistance holds", "definition: the region at functional residual capacity", low=0),
    a     = param(0.6,  one,  "how much resistance a lung adds that falls in", "assumed: twice the least near residual volume (Whittenberger 1960, shape)", low=0),
    most  = param(0.93, one,  "conductance lost when there is no oxygen", "assumed: flow to an anoxic lobe falls by three quarters (Marshall 1994, order), though the arterioles are but three fifths of its resistance", low=0, high=0.95),
    usual = param(0.22, one,  "conductance lost at rest, where R holds", "from the rows around: PO2 of 104 mmHg in the gas, 42 in the blood that arrives", low=0, high=0.5),
    P_h   = param(50.0, mmHg, "PO2 of half the response", "fitted: at an end-tidal PO2 of 50 mmHg man's resistance rises by half within minutes (Talbot 2005, as remembered); dogs have 39 mmHg (Marshall 1994)", low=1),
    x     = param(0.626, one, "weight of the gas beside the blood that arrives", "Marshall & Marshall 1983: P = P_A^0.626 P_v^0.376, the sum of the weights taken as 1", low=0, high=1),
    n     = param(2.6,  one,  "steepness", "Marshall 1994"),
    tau   = param(90.0, s,    "time constant", "assumed: complete within some minutes", low=1),
    lost  = param(0.0,  one,  "share of the arterioles that is plugged", "definition: no embolus", low=0, high=0.99),
):  # fmt: skip
    """Traction opens the vessels between the regions as the lung expands; want of oxygen, in the
    gas and in the blood that arrives, shuts them (von Euler 1946); what is
    collapsed does not count here."""
    stimulus = x * log(maximum(PO2, 1 * mmHg) / P_h) + (1 - x) * log(maximum(venous, 1 * mmHg) / P_h)
    wanted = most / (1 + exp(n * stimulus))
    fallen = positive(V_R * aerated / volume - 1)
    return gives(
        d_hypoxic=(wanted - hypoxic) / tau,
        openness=(
            met * (1 - lost) * (1 - hypoxic) / ((1 - usual) * (1 + a * fallen)),
            one,
            "conductance relative to rest",
        ),
    )


@signal(period=50 * ms)
def shunting(
    hypoxic = state(0.5, one, "strength of the hypoxic constriction in what is shut"),
    venous  = reads(mmHg, "PO2 of the blood that arrives", otherwise=40.0),
    a = reads(one, "share of the first region whose blood meets oxygen"),
    b = reads(one, "share of the second region whose blood meets oxygen"),
    c = reads(one, "share of the third region whose blood meets oxygen"),
    d = reads(one, "share of the fourth region whose blood meets oxygen"),
    e = reads(one, "share of the fifth region whose blood meets oxygen"),
    f = reads(one, "share of the sixth region whose blood meets oxygen"),
    right  = param(0.55, one, "share of the blood that the right lung gets, where the first, third and fifth region lie", "textbook: as its size", low=0, high=1),
    beside = param(0.02, one, "share that passes by in health", "textbook: bronchial and least cardiac veins, 2 %", low=0, high=1),
    shut   = param(0.5,  one, "conductance left in what is shut, with ordinary venous blood", "Marshall 1994: hypoxic constriction halves the flow of a collapsed lobe", low=0, high=1),
    most   = param(0.75, one, "conductance lost when there is no oxygen", "Marshall 1994, order: as much as an anoxic lobe loses", low=0, high=0.95),
    P_v    = param(40.0, mmHg, "PO2 of ordinary venous blood", "definition"),
    P_h    = param(50.0, mmHg, "PO2 of half the response", "as in the arterioles of what is open"),
    n      = param(2.6,  one, "steepness", "Marshall 1994"),
    tau    = param(90.0, s,   "time constant", "assumed: complete within some minutes", low=1),
):  # fmt: skip
    """What is shut lets half its blood through, and once the gas in it is spent none of it meets oxygen. Its arterioles know of no oxygen but that which
    comes with the blood (Domino 1983), so a richer venous blood opens the shunt."""
    closed = 1 - right * (a + c + e) / 3 - (1 - right) * (b + d + f) / 3
    wanted = most / (1 + exp(n * log(maximum(venous, 1 * mmHg) / P_h)))
    usual = most / (1 + exp(n * log(P_v / P_h)))
    return gives(
        d_hypoxic=(wanted - hypoxic) / tau,
        openness=(
            beside + shut * closed * (1 - hypoxic) / (1 - usual),
            one,
            "conductance, relative to that of both lungs at rest",
        ),
    )
