"""Flow through a hole."""

from proband.model import *
from proband.units import *


def jet(pressure_drop, K, p_soft):
    """Bernoulli's square root, made straight within ± p_soft so that its slope at zero stays finite."""
    return K * pressure_drop / sqrt(sqrt(pressure_drop * pressure_drop + p_soft * p_soft))


@path
def orifice(
    p_in   = end(mmHg, "upstream"),
    p_out  = end(mmHg, "downstream"),
    K      = param(10.0, mL/s/mmHg**0.5, "flow at 1 mmHg: area √(2/ρ), 51 per cm² of effective area", "Bernoulli; ρ 1060 kg/m³", low=0),
    p_soft = param(1.0,  mmHg, "pressure below which the law goes over into a straight line", "assumed: viscous flow through small gaps"),
):  # fmt: skip
    """A hole in either direction: Q = K √Δp."""
    return gives(flow=jet(p_in - p_out, K, p_soft))
