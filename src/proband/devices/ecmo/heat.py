"""The heat exchanger."""

from __future__ import annotations

from proband.model import *
from proband.units import *


@signal(period=100 * ms)
def heat_exchanger(
    flow  = reads(L_min, "blood that passes"),
    blood = reads(K, "temperature of the blood that comes", otherwise=310.15),
    water = command(310.15, K, "temperature of the water bath", low=288, high=315),
    running = command(1.0, one, "water flows", low=0, high=1),
    UA    = param(250.0, W / K, "heat that crosses for each degree", "assumed: an effectiveness of 0.5 at 5 L/min, as data sheets of oxygenators have it", low=0),
    heat  = param(3.80e6, J / (m3 * K), "heat capacity of blood", "Duck 1990: 3.6 kJ/(kg K), 1055 kg/m³"),
    tau   = param(4.0, s, "in which blood in the exchanger is replaced", "assumed: prime over flow"),
    outlet = state(310.15, K, "temperature of the blood that leaves"),
):  # fmt: skip
    """Effectiveness 1 − exp(−UA/(ρ c Q)) of the difference between water and blood."""
    passing = maximum(absolute(flow), 0.1 * L_min)
    share = running * (1 - exp(-UA / (heat * passing)))
    return gives(
        d_outlet=(blood + share * (water - blood) - outlet) / tau,
        heating=(heat * passing * (outlet - blood), W, "heat given to the blood"),
    )
