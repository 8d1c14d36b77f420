"""Head of an implanted rotor: the law of rotary pumps, and what Boes' fit of it leaves out."""

from __future__ import annotations

from proband.laws.rotary_pump import centrifugal_head, full_recirculation, overload
from proband.laws.smooth import beyond

K_BACK = 0.0  # no drive here turns its rotor backwards


def pump_head(flow, speed, a, R1, R2, Rrec, kinf, R_stop, N_run, corner, R_over, k_over):
    """The running fit, held within what it knows: a standing rotor, blood that runs back, flow far beyond the design.

    Extrapolated to 0 rpm the fit leaks 4 to 7 L/min at 60 mmHg, and to −3 L/min it asks for 150 mmHg."""
    fit = centrifugal_head(flow, speed, a, R1, R2, Rrec, kinf, R_stop, N_run, K_BACK)
    return fit - full_recirculation(flow, speed, R1, Rrec, kinf, corner) - overload(flow, speed, R_over, k_over, N_run)


def friction_loss(flow, speed, viscosity, R_mu, mu_ref, N_fit, Q_soft):
    """Friction of the blood, R_mu μ Q, less what the fit holds of it.

    A fit without a viscous term carries it as loss per speed and flow: right at one speed, N_fit, too little below it
    and too much above. Forwards only: what blood that runs back meets is told by the passage."""
    return R_mu * (viscosity - mu_ref * speed / N_fit) * beyond(flow, Q_soft)
