"""Gas in airways and tubes: Rohrer's law, for the flow of a pressure and for a column of gas that has a flow."""

from proband.model import *
from proband.units import *

LEAST_K_2 = 1e-6 * cmH2O * s * s / L / L  # so little that no flow shows it


def rohrer(pressure_drop, K_1, K_2):
    """The flow at which Δp = K_1 Q + K_2 Q |Q| (Rohrer 1915), without a corner at zero."""
    half, K_2 = K_1 / 2, maximum(K_2, LEAST_K_2)
    flow = (sqrt(half * half + K_2 * absolute(pressure_drop)) - half) / K_2
    return where(pressure_drop < 0 * pressure_drop, -flow, flow)


def column(pressure_drop, flow, K_1, K_2, Q_t, inertance, share, tau):
    """How fast the flow of a column of gas changes: I dQ/dt = Δp − K_1 Q − K_2 Q |Q|, through the share of its way that is
    open. Turbulence sets in about Q_t and not at once; below it the loss is that of laminar flow. Where the way is shut the
    column stops within `tau`; less than a tenth of it is told as a tenth of loss, so that nothing grows stiff."""
    turbulent = flow * flow / sqrt(flow * flow + Q_t * Q_t)
    lost = K_1 + K_2 * turbulent / maximum(share, 0.1)
    stopped = where(share > 0.0, 0 * inertance / tau, inertance / tau)
    return (share * pressure_drop - flow * (lost + stopped)) / inertance


@path
def gas_tube(
    p_in  = end(cmH2O, "upstream"),
    p_out = end(cmH2O, "downstream"),
    K_1 = param(1.0, cmH2O*s/L,     "resistance at no flow",         "assumed: every use gives its own", low=0),
    K_2 = param(0.3, cmH2O*s*s/L/L, "resistance that flow adds",     "assumed: every use gives its own", low=0),
):  # fmt: skip
    """A tube in which gas is partly turbulent: Δp = K_1 Q + K_2 Q |Q|."""
    return gives(flow=rohrer(p_in - p_out, K_1, K_2))
