"""What the firmware sees of the gas: three sensors with noise, delay, drift and faults."""

from __future__ import annotations

from proband.model import *
from proband.units import *


@controller(period=2 * ms)
def sensors(
    true_pressure = reads(cmH2O, "at the Y-piece", delay=2 * ms),
    true_in  = reads(L_min, "through the inspiratory valve", delay=2 * ms),
    true_out = reads(L_min, "through the expiratory valve", delay=2 * ms),
    leak_gain = reads(L_min, "leak at 20 cmH2O, as the monitor has learned it", otherwise=0.0),
    C_circuit = reads(mL / cmH2O, "compliance of the circuit, as tested before use", otherwise=2.0),
    stuck     = command(0.0, one, "1 the pressure sensor repeats its last value", low=0, high=1),
    stuck_flow = command(0.0, one, "1 the expiratory flow sensor repeats its last value", low=0, high=1),
    offset    = command(0.0, cmH2O, "fault of the pressure sensor", low=-20, high=20),
    pressure  = memory(5.0, cmH2O, "at the Y-piece, as measured"),
    flow_in   = memory(0.0, L_min, "inspiratory, as measured"),
    flow_out  = memory(0.0, L_min, "expiratory, as measured"),
    drifted   = memory(0.0, cmH2O, "zero of the pressure sensor"),
    smooth_pressure = memory(5.0, cmH2O, "pressure without its noise"),
    gas       = memory(0.0, mL, "that went in less what came out and leaked"),
    raw       = memory(0.0, mL, "the same, leaks not taken off"),
    disagree  = memory(0.0, cmH2O, "what the second pressure sensor shows differently"),
    frozen    = memory(0.0, s, "for which a sensor has not moved by a bit"),
    noise_p   = param(0.04, cmH2O, "standard deviation of pressure", "assumed: piezoresistive bridges, 12 bits, at 500 Hz"),
    noise_q   = param(0.15, L_min, "standard deviation of flow", "data sheet"),
    gain_in   = param(1.01, one, "calibration of the inspiratory flow sensor", "assumed: hot wires keep 1 to 2 % after calibration"),
    gain_out  = param(0.99, one, "calibration of the expiratory flow sensor", "assumed: hot wires keep 1 to 2 % after calibration"),
    drift     = param(0.05, cmH2O / h, "of the pressure sensor's zero", "assumed: 1 cmH2O in a day without zeroing"),
    most_drift = param(0.5, cmH2O, "at which it is zeroed again", "assumed: automatic zeroing"),
    tau_second = param(0.2, s, "that smooths the second sensor's difference", "assumed: far above its noise, which is left out"),
    tau       = param(15.0, ms, "that smooths the pressure", "assumed: between noise and the rise of a breath"),
):  # fmt: skip
    """Noise is uniform with the given standard deviation: the same for the same seed, patient and sample."""
    dt = 2 * ms
    spread = 3.4641016151377544  # √12: a uniform number's width over its standard deviation
    zero = drifted + drift * dt
    if zero > most_drift:
        zero = 0 * zero
    p = true_pressure + zero + offset + noise_p * spread * (random_uniform() - 0.5)
    q_in = gain_in * true_in + noise_q * spread * (random_uniform() - 0.5)
    q_out = gain_out * true_out + noise_q * spread * (random_uniform() - 0.5)
    if stuck > 0.5:
        p = pressure
    if stuck_flow > 0.5:
        q_out = flow_out
    still = abs(p - pressure) < 1e-9 * cmH2O or abs(q_out - flow_out) < 1e-9 * L_min
    rest = frozen + dt
    if not still:
        rest = 0 * rest
    calm = smooth_pressure + (p - smooth_pressure) * dt / tau
    second = true_pressure - p
    apart = disagree + (second - disagree) * dt / tau_second
    leak = leak_gain * calm / sqrt((20 * cmH2O) * (abs(calm) + 1 * cmH2O))
    net = (q_in - q_out) * dt
    kept = gas + net - leak * dt
    return gives(
        next_pressure=p,
        next_flow_in=q_in,
        next_flow_out=q_out,
        next_drifted=zero,
        next_smooth_pressure=calm,
        next_gas=kept,
        next_raw=raw + net,
        next_frozen=rest,
        next_disagree=apart,
        leak=(leak, L_min, "that the firmware takes off"),
        into_patient=(
            kept - C_circuit * calm,
            mL,
            "gas in the patient, above an unknown start: what the circuit holds is taken off",
        ),
        squeeze=(C_circuit * (p - calm) / tau, L_min, "flow that fills the circuit as its pressure rises"),
    )
