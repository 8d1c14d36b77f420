"""From contents to pressures: what a blood gas analyser tells of a drop of blood."""

from proband.laws import acid_base, haemoglobin
from proband.model import *
from proband.model.maths import Dual
from proband.units import *

ML_PER_DL = 2.24  # of an ideal gas, in a blood that holds 1 mmol/L


dt = 100 * ms
OF_BLOOD = (
    1 / 3
)  # the share of blood in the fluid outside cells, by which its haemoglobin is thinned (Siggaard-Andersen 1974)


@signal(period=dt)
def blood(
    lactate     = reads(mmol/L, "lactate in arterial blood", otherwise=1.0),
    pH          = reads(one,    "of arterial blood", otherwise=7.4),
    HCO3        = reads(mmol/L, "bicarbonate of its plasma", otherwise=24.8),
    SO2         = reads(one,    "share of its haemoglobin that carries oxygen", otherwise=1.0),
    usual       = param(1.0, mmol/L, "lactate at which the base excess is what it is set to", "reference interval 0.5-1.6 mmol/L"),
    tau         = param(4.0, min_, "of bicarbonate that leaves plasma for the fluid between cells", "assumed: all of it within 10-15 min (dogs whose PCO2 falls at once: Quantitative displacement of blood acid-base status in acute hypocapnia, abstract)", low=0.1),
    haemoglobin = command(14.0, g/dL,   "haemoglobin of the whole blood", low=2, high=25),
    metabolic   = command(0.0,  mmol/L, "standard base excess without lactic acid", low=-40, high=40),
    temperature = command(310.15, K,    "of the blood", low=283, high=318),
    moved       = memory(0.0,   mmol/L, "base that has come into the blood from between the cells"),
):  # fmt: skip
    """What all blood of a body has in common. Each mmol of lactic acid takes away one of base.

    Haemoglobin buffers carbon dioxide for all the fluid outside cells: what bicarbonate it makes spreads there within minutes.
    So what stays in the body while breathing changes is the base excess of blood thinned to a third, the standard one."""
    set_to = metabolic - (lactate - usual)
    standard = acid_base.base_excess(pH, HCO3 / (1 * mmol / L), OF_BLOOD * haemoglobin / (1 * g / dL), SO2) * mmol / L
    return gives(
        next_moved=moved + (set_to - standard) * (dt / tau),
        base_excess=(set_to + moved, mmol / L, "base excess of the oxygenated blood"),
        standard_base_excess=(standard, mmol / L, "that of all the fluid outside cells"),
    )


def _oxygen_pressure(content, guess, pH, Hb, T):
    """PO2 (mmHg) and slope dC/dP, by Newton from the last sample's value; a step never more than halves or doubles it."""
    P = guess
    for _ in range(2):
        held = haemoglobin.oxygen_content(Dual(P, 1.0), pH, Hb, T)
        P = limited(P - (held.value - content) / held.slope, 0.5 * P, 2.0 * P + 0.1)
    return P, held.slope


def _acid_state(pH, base_excess, Hb, SO2, T):
    """PCO2 (mmHg) and content of CO2 (mmol/L) at a pH."""
    HCO3 = acid_base.bicarbonate(pH, base_excess, Hb, SO2)
    P = acid_base.carbon_dioxide_pressure(pH, HCO3, T)
    return P, acid_base.carbon_dioxide_content(pH, P, HCO3, Hb, SO2, T)


def _acidity(content, guess, base_excess, Hb, SO2, T):
    """pH, PCO2 and the slope dPCO2/dC of blood with this CO2 content, by Newton from the last sample's value."""
    pH = guess
    for _ in range(2):
        P, held = _acid_state(Dual(pH, 1.0), base_excess, Hb, SO2, T)
        step = limited((content - held.value) / held.slope, -0.1, 0.1)
        pH = pH + step
    return pH, P.value + P.slope * step, P.slope / held.slope


@signal(period=10 * ms)
def blood_gas(
    oxygen         = reads(mmol/L, "content of oxygen"),
    carbon_dioxide = reads(mmol/L, "content of carbon dioxide"),
    base_excess    = reads(mmol/L, "of the oxygenated blood", otherwise=0.0),
    haemoglobin    = reads(g/dL,   "haemoglobin", otherwise=14.0),
    temperature    = reads(K,      "of the blood", otherwise=310.15),
    PO2            = memory(80.0, mmHg, "partial pressure of oxygen"),
    pH             = memory(7.40, one,  "pH of the plasma"),
):  # fmt: skip
    """Pressures, saturation and pH of blood with these contents: the inverse of the curves of `laws.haemoglobin` and
    `laws.acid_base`, followed from sample to sample. The slopes tell a membrane how stiffly the blood answers."""
    Hb, T = haemoglobin / (1 * g / dL), temperature / (1 * K) - 273.15
    O2, CO2 = oxygen / (1 * mmol / L) * ML_PER_DL, carbon_dioxide / (1 * mmol / L)
    BE = base_excess / (1 * mmol / L)
    P, steep = _oxygen_pressure(O2, PO2 / (1 * mmHg), pH, Hb, T)
    SO2 = saturation_at(P, pH, T)
    acidity, PCO2, answer = _acidity(CO2, pH, BE, Hb, SO2, T)
    return gives(
        next_PO2=P * mmHg,
        next_pH=acidity,
        SO2=(SO2, percent, "share of haemoglobin that carries oxygen"),
        PCO2=(PCO2 * mmHg, mmHg, "partial pressure of carbon dioxide"),
        HCO3=(acid_base.bicarbonate(acidity, BE, Hb, SO2) * mmol / L, mmol / L, "bicarbonate of the plasma"),
        BE=(base_excess, mmol / L, "base excess of the oxygenated blood"),
        oxygen_slope=(ML_PER_DL / steep * mmHg * L / mmol, mmHg * L / mmol, "rise of PO2 with content"),
        carbon_dioxide_slope=(answer * mmHg * L / mmol, mmHg * L / mmol, "rise of PCO2 with content"),
    )


def saturation_at(PO2, pH, T):
    """Share of saturated haemoglobin; PO2 in mmHg, T in °C."""
    return haemoglobin.saturation(haemoglobin.standard_pressure(PO2, pH, T))
