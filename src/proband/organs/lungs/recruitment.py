"""What of a region is open, what is shut with gas in it, and what has fallen in."""

from proband.laws import gas
from proband.model import *
from proband.units import *


@signal(period=20 * ms)
def recruitment(
    aerated = state(1.0, one, "share of the region that is open"),
    spent   = state(0.0, one, "share that is shut, and whose gas has no more oxygen to give"),
    emptied = state(0.0, one, "share that is shut, and has no gas left, which was oxygen"),
    fallen  = state(0.0, one, "share that has so fallen in since all was last opened wide"),
    recoil  = reads(cmH2O, "elastic recoil of what is open"),
    PO2     = reads(mmHg,  "in the region's gas", otherwise=100.0),
    P_o   = param(0.0,  cmH2O, "mean pressure across the wall that opens",  "assumed: in health all is open at functional residual capacity"),
    w_o   = param(1.0,  cmH2O, "width of the opening pressures",            "assumed: a narrow distribution in health", low=0.01),
    P_c   = param(-3.0, cmH2O, "mean pressure across the wall that closes", "assumed: below that of opening; health closes near residual volume only"),
    w_c   = param(1.0,  cmH2O, "width of the closing pressures",            "assumed: as of opening", low=0.01),
    P_f   = param(11.5, cmH2O, "mean pressure across the wall that opens what has fallen in", "as in the sheet under anaesthesia, fitted to Rothen 1993 Br J Anaesth 71:788"),
    w_f   = param(5.0,  cmH2O, "width of these pressures",                  "as above", low=0.01),
    tau_o = param(2.0,  s, "time constant of opening", "Arnal 2011: recruitment by 40 cmH2O with 2.3 s", low=0.05),
    tau_c = param(0.6,  s, "time constant of closing", "assumed: faster than opening (Bates & Irvin 2002)", low=0.05),
    tau_s = param(45.0, s, "time in which blood takes the oxygen of air that is shut in", "2.2 L of gas hold 0.19 L of oxygen above that of venous blood, which takes 0.25 L/min at rest; ten times as long in oxygen (Joyce 1999 J Appl Physiol 86:1116: minutes)", low=0),
    tau_r = param(0.1,  s, "time constant with which what opens is filled afresh", "assumed: as fast as gas comes in", low=0.04),
    P_v   = param(40.0, mmHg, "PO2 of venous blood", "textbook"),
    P_air = param(100., mmHg, "PO2 for which tau_s holds", "definition: alveolar gas in air"),
    most  = param(1.0,  one, "share that can be opened at all", "definition: nothing is consolidated", low=0.03, high=1),
    least = param(0.02, one, "share that never closes", "assumed: keeps the region's pressure defined", low=0.001, high=0.5),
):  # fmt: skip
    """Opening pressures are spread, closing pressures lie lower (Hickling 1998, 2001; logistic, which is near normal), and
    both take time (Bates & Irvin 2002): what should be open by now opens, what should be closed closes, and
    between the two curves the region stays as it is. So the lung remembers.

    An airway that shuts keeps the gas behind it, and the blood there meets oxygen until that is taken up: within a minute
    where it was air, within many where it was oxygen. What shuts and opens in each breath is then no shunt. Of what was
    shut in oxygen nothing is left then: it falls in, and needs more pressure to open, until a pressure comes that opens
    more than half of such lung; nitrogen stays, and holds it open for hours (Joyce 1999), which are not told here."""
    room_ = most - least
    easily, hardly = 1 / (1 + exp((P_o - recoil) / w_o)), 1 / (1 + exp((P_f - recoil) / w_f))
    opens = least + room_ * ((1 - fallen) * easily + fallen * hardly)
    stays = least + room_ / (1 + exp((P_c - recoil) / w_c))
    shut = 1 - aerated
    spending = positive(shut - spent) / maximum(tau_s * (PO2 - P_v) / (P_air - P_v), tau_r)
    oxygen = limited((PO2 - P_v) / (gas.ATMOSPHERE - gas.WATER_VAPOUR - P_v), 0, 1)
    return gives(
        d_aerated=positive(opens - aerated) / tau_o - positive(aerated - stays) / tau_c,
        d_spent=spending - positive(spent - shut) / tau_r,
        d_emptied=oxygen * spending - positive(emptied - shut) / tau_r,
        d_fallen=positive(emptied - fallen) / tau_r - positive(2 * hardly - 1) * fallen / tau_o,
        crowding=(1 / aerated, one, "one over the share that is open"),
        met=(1 - spent, one, "share of the region whose blood meets oxygen"),
    )
