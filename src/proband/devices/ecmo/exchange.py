"""What crosses the fibres: the law of `laws.hollow_fibre` fed with the blood that comes and the gas that is there."""

from __future__ import annotations

from proband.laws import acid_base, gas, haemoglobin
from proband.laws.hollow_fibre import along_fibre, exchanged, transfer_units
from proband.model import *
from proband.model.maths import Dual
from proband.units import *

ML_PER_DL = 2.24  # of an ideal gas, in a blood that holds 1 mmol/L


def arriving(O2, CO2, PO2, pH, base_excess, Hb):
    """(PO2, pH, PCO2, SO2) of blood with these contents (mmol/L), by Newton from the last sample's PO2 and pH."""
    P = PO2
    for _ in range(3):
        held = haemoglobin.oxygen_content(Dual(P, 1.0), pH, Hb)
        P = limited(P - (held.value - O2 * ML_PER_DL) / held.slope, 0.5 * P, 2.0 * P + 0.1)
    SO2 = haemoglobin.saturation(haemoglobin.standard_pressure(P, pH))
    x = pH
    for _ in range(2):
        there = Dual(x, 1.0)
        HCO3 = acid_base.bicarbonate(there, base_excess, Hb, SO2)
        PCO2 = acid_base.carbon_dioxide_pressure(there, HCO3)
        held = acid_base.carbon_dioxide_content(there, PCO2, HCO3, Hb, SO2)
        x = limited(x - (held.value - CO2) / held.slope, x - 0.1, x + 0.1)
    HCO3 = acid_base.bicarbonate(x, base_excess, Hb, SO2)
    return P, x, acid_base.carbon_dioxide_pressure(x, HCO3), SO2


@signal(period=100 * ms)
def exchanger(
    flow    = reads(L_min,    "blood through the oxygenator"),
    O2      = reads(mmol / L, "oxygen of the blood that comes"),
    CO2     = reads(mmol / L, "carbon dioxide of the blood that comes"),
    N2      = reads(mmol / L, "nitrogen of the blood that comes"),
    gas_O2  = reads(mmol / L, "oxygen of the gas in the fibres"),
    gas_CO2 = reads(mmol / L, "carbon dioxide of the gas in the fibres"),
    gas_N2  = reads(mmol / L, "nitrogen of the gas in the fibres"),
    sweep   = reads(L_min,    "gas that comes"),
    FdO2    = reads(one,      "oxygen in it"),
    fibres  = reads(one,      "share of the fibres that exchange"),
    haemoglobin = reads(g / dL,   "of the blood", otherwise=14.0),
    base_excess = reads(mmol / L, "of the oxygenated blood", otherwise=0.0),
    PO2     = memory(40.0, mmHg, "of the blood that comes"),
    pH      = memory(7.36, one,  "of the blood that comes"),
    area    = param(1.8,   m2,  "of the fibres", "the oxygenator's sheet", low=0),
    frontal = param(117.0, cm * cm, "section that the blood streams through", "the oxygenator's sheet", low=0),
    d       = param(380.0, um,  "outer diameter of a fibre", "PMP fibres 380/200 µm (3M Oxyplus)", low=0),
    D_O2    = param(1.4e-9, m2 / s, "diffusivity of O2 in blood", "Marx 1960, as remembered: 1.4e-5 cm²/s at 37 °C"),
    D_CO2   = param(1.1e-9, m2 / s, "diffusivity of CO2 in blood", "assumed: 0.8 of that of oxygen, as in water"),
    K_CO2   = param(0.73, mL_s / (m2 * mmHg), "what the fibres' wall passes of CO2, volume as STPD", "Eash 2004 ASAIO J 50:491: five fibres that resist plasma pass 3.2 to 17e-4 mL/(s cm² cmHg), open pores 160e-4; assumed: the geometric middle, since their makes are not told here", low=0),
    nu      = param(2.7e-6, m2 / s, "kinematic viscosity of blood", "2.85 mPa s at a haematocrit of 0.36"),
    alpha_N2 = param(7.5e-4, mmol / (L * mmHg), "solubility of nitrogen", "0.0128 mL/(mL atm) (Weathersby & Homer 1980, as remembered)"),
):  # fmt: skip
    """Blood crosses the bundle as a plug; the gas counts with its mean along the fibres.

    What leaves is the gas in the fibres as it is: without sweep it fills with CO2 and nothing more crosses."""
    Hb, BE = haemoglobin / (1 * g / dL), base_excess / (1 * mmol / L)
    milli = 1 * mmol / L
    P, acidity, PCO2, SO2 = arriving(O2 / milli, CO2 / milli, PO2 / (1 * mmHg), pH, BE, Hb)
    # With little sweep the gas along the fibres is what they hold already.
    fresh = 0.5 * sweep / (sweep + 0.2 * L_min)
    P_O2 = fresh * FdO2 * (gas.ATMOSPHERE - gas.WATER_VAPOUR) + (1 - fresh) * gas.partial_pressure(gas_O2)
    left_CO2 = gas.partial_pressure(gas_CO2)
    P_CO2 = maximum(1 - fresh, along_fibre(left_CO2 / (1 * mmHg) / maximum(PCO2, 1.0))) * left_CO2
    P_N2 = fresh * (1 - FdO2) * (gas.ATMOSPHERE - gas.WATER_VAPOUR) + (1 - fresh) * gas.partial_pressure(gas_N2)
    Q = flow / (1 * L / s)
    size, section, fibre = fibres * area / (1 * m2), frontal / (1 * m2), d / (1 * m)
    nu_, DO, DC = nu / (1 * m2 / s), D_O2 / (1 * m2 / s), D_CO2 / (1 * m2 / s)
    wall = K_CO2 / gas.STPD_VOLUME / (1 * mmol / (s * m2 * mmHg))
    gained, lost, out_O2, out_CO2 = exchanged(
        Q, P, PCO2, acidity, CO2 / milli, BE, Hb, P_O2 / (1 * mmHg), P_CO2 / (1 * mmHg),
        size, section, fibre, nu_, DO, DC, wall,
    )  # fmt: skip
    NTU = transfer_units(maximum(abs(Q), 0.1 / 60), size, section, fibre, DO, nu_)
    through = absolute(flow)
    return gives(
        next_PO2=P * mmHg,
        next_pH=acidity,
        SO2=(SO2, percent, "saturation of the blood that comes"),
        PCO2=(PCO2 * mmHg, mmHg, "of the blood that comes"),
        oxygen=(gained * milli * through, mmol / s, "from gas into blood"),
        carbon_dioxide=(-lost * milli * through, mmol / s, "from gas into blood"),
        nitrogen=((alpha_N2 * P_N2 - N2) * (1 - exp(-NTU)) * through, mmol / s, "from gas into blood"),
        outlet_PO2=(out_O2 * mmHg, mmHg, "of the blood that leaves"),
        outlet_PCO2=(out_CO2 * mmHg, mmHg, "of the blood that leaves"),
        oxygen_transfer=(gained * milli * through * gas.STPD_VOLUME, mL_min, "from gas into blood, STPD"),
        carbon_dioxide_transfer=(lost * milli * through * gas.STPD_VOLUME, mL_min, "from blood into gas, STPD"),
    )


@membrane
def crossing(
    told = reads(mmol / s, "what the exchanger finds to cross"),
):  # fmt: skip
    """From the gas (first end) into the blood (second end)."""
    return gives(rate=told)
