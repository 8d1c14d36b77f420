"""What the screen shows, breath by breath, and what the firmware learns of leak and lung."""

from __future__ import annotations

from proband.model import *
from proband.units import *

litre_resistance = cmH2O * s / L


@controller(period=10 * ms)
def monitor(
    phase    = reads(one, "0 expiration, 1 inspiration, 2 and 3 holds, 4 recruitment"),
    breaths  = reads(one, "begun so far"),
    inside   = reads(mL, "gas in the patient, above an unknown start"),
    raw      = reads(mL, "gas that went in less what came out"),
    calm     = reads(cmH2O, "pressure, smoothed"),
    flow_out = reads(L_min, "expiratory"),
    flow_in  = reads(L_min, "inspiratory"),
    VT_in    = reads(mL, "given in the last breath"),
    VT_out   = reads(mL, "breathed out in the last breath"),
    PIP      = reads(cmH2O, "of the last breath"),
    end_pressure = reads(cmH2O, "at the end of the last expiration"),
    breath_time = reads(s, "of the last breath"),
    patient  = reads(one, "1 where the patient began the last breath"),
    plateau_pressure = reads(cmH2O, "of the last pause or hold"),
    total_peep = reads(cmH2O, "of the last expiratory hold"),
    held_peep = reads(cmH2O, "that was set in the last expiratory hold"),
    pleura   = reads(cmH2O, "oesophageal or pleural pressure", otherwise=0.0),
    C_circuit = reads(mL / cmH2O, "compliance of the circuit", otherwise=2.0),
    niv      = command(0.0, one, "1 for a mask: leaks are made good and not called", low=0, high=1),
    seen     = memory(0.0, one, "breaths that are in the books"),
    rate     = memory(15.0, per_min, "mean of the last breaths"),
    own_rate = memory(0.0, per_min, "of breaths that the patient began"),
    MV_out   = memory(6.0, L_min, "breathed out"),
    VT_mean  = memory(450.0, mL, "usual tidal volume, given"),
    leak_gain = memory(0.0, L_min, "leak at 20 cmH2O, as learned"),
    leak_share = memory(0.0, one, "of the gas given in a breath that leaks"),
    raw_start = memory(0.0, mL, "of this breath"),
    root_sum = memory(0.0, s, "time of this breath, weighted by the root of pressure over 20 cmH2O"),
    P_start  = memory(5.0, cmH2O, "when this breath began"),
    raw_back = memory(1.0, one, "share of the gas given that came back, leaks not taken off"),
    raw_most = memory(0.0, mL, "most of it in this breath"),
    mean_sum = memory(0.0, cmH2O * s, "of pressure over this breath"),
    mean_pressure = memory(8.0, cmH2O, "over the last breath"),
    inside_before = memory(0.0, mL, "one sample ago"),
    work_sum = memory(0.0, mJ, "of this breath"),
    work     = memory(0.0, mJ, "that the ventilator did on the patient in the last inspiration"),
    back_sum = memory(0.0, mL, "breathed out so far in this breath"),
    RC_out   = memory(0.6, s, "expiratory time constant at three quarters of the volume"),
    pleura_least = memory(0.0, cmH2O, "of this breath"),
    pleura_most = memory(0.0, cmH2O, "of this breath"),
    most_leak = param(12.0, L_min, "that is made good with a tube", "assumed: a cuff leak; more is called"),
    most_niv = param(60.0, L_min, "that is made good with a mask", "assumed: masks leak up to 60 L/min"),
    memory_of = param(5.0, one, "breaths in a mean", "assumed: five to ten breaths"),
):  # fmt: skip
    """Volumes are those of the patient: gas that squeezes into the circuit and known leaks are taken off.

    Mechanical power after Gattinoni 2016 Intensive Care Med 42:1567. The time constant after Brunner 1995 Crit Care Med 23:1117."""
    dt = 10 * ms
    fresh = breaths > seen + 0.5
    inhaling = phase > 0.5 and phase < 1.5
    squeezed = raw - C_circuit * calm
    root_now = dt * calm / sqrt((20 * cmH2O) * (abs(calm) + 1 * cmH2O))
    roots = root_sum + root_now
    most_raw = maximum(raw_most, squeezed)
    pressures = mean_sum + calm * dt
    done = work_sum
    if inhaling:
        done = work_sum + calm * (inside - inside_before)
    per = 1 / maximum(breath_time, 0.1 * s)
    share = 1 / memory_of
    f, own, mv, usual, gain, part, back, middle, joule = (
        rate, own_rate, MV_out, VT_mean, leak_gain, leak_share, raw_back, mean_pressure, work,
    )  # fmt: skip
    start, P_0 = raw_start, P_start
    limit = most_niv if niv > 0.5 else most_leak

    # The time constant, where a quarter has been breathed out.
    out = 0 * back_sum
    if phase < 0.5:
        out = back_sum + inside_before - inside
    tau = RC_out
    quarter = 0.25 * VT_out
    if phase < 0.5 and back_sum < quarter and out >= quarter and VT_out > 1 * mL:
        flow = maximum(flow_out - flow_in, 0.3 * L_min)
        tau = RC_out + 0.4 * (limited((VT_out - out) / flow, 0.03 * s, 5 * s) - RC_out)
    if fresh:
        f = 1 / (1 / rate + (maximum(breath_time, 0.1 * s) - 1 / rate) * share)
        own = own_rate + (per * patient - own_rate) * share
        mv = MV_out + (VT_out * per - MV_out) * share
        usual = VT_mean + (VT_in - VT_mean) * share
        lost = squeezed - raw_start
        gave = maximum(raw_most - raw_start, 1 * mL)
        signed = limited(lost / gave, -1.0, 1.0)  # stacked breaths come back later
        part = leak_share + (signed - leak_share) * 0.3
        back = limited((raw_most - squeezed) / gave, 0.0, 1.0)
        gain = limited(leak_gain + 0.3 * (lost / maximum(roots, 0.05 * s) - leak_gain), 0 * L_min, limit)
        middle = pressures / maximum(breath_time, 0.1 * s)
        joule = done
        start = squeezed
        P_0 = calm
        roots = 0 * roots
        most_raw = squeezed
        pressures = 0 * pressures
        done = 0 * done
    p_low = minimum(pleura_least, pleura)
    p_high = maximum(pleura_most, pleura)
    if fresh:
        p_low = pleura
        p_high = pleura
    measured = plateau_pressure > 0.5 * cmH2O
    base = maximum(total_peep, end_pressure)
    rise = positive(plateau_pressure - base)
    driving = rise if measured else positive(PIP - end_pressure)
    C_dyn = VT_in / maximum(PIP - end_pressure, 0.5 * cmH2O)
    C_stat = VT_in / maximum(rise, 0.5 * cmH2O)
    return gives(
        next_seen=breaths,
        next_rate=f,
        next_own_rate=own,
        next_MV_out=mv,
        next_VT_mean=usual,
        next_leak_gain=gain,
        next_leak_share=part,
        next_raw_start=start,
        next_root_sum=roots,
        next_P_start=P_0,
        next_raw_back=back,
        next_raw_most=most_raw,
        next_mean_sum=pressures,
        next_mean_pressure=middle,
        next_inside_before=inside,
        next_work_sum=done,
        next_work=joule,
        next_back_sum=out,
        next_RC_out=tau,
        next_pleura_least=p_low,
        next_pleura_most=p_high,
        auto_peep=(
            positive(total_peep - held_peep) if total_peep > 0 * cmH2O else 0 * held_peep,
            cmH2O,
            "of the last expiratory hold",
        ),
        driving_pressure=(driving, cmH2O, "plateau (without one: peak) less the pressure at the end of expiration"),
        static_compliance=(C_stat if measured else 0 * C_stat, mL / cmH2O, "by the last hold; 0 where there was none"),
        dynamic_compliance=(C_dyn, mL / cmH2O, "volume over peak pressure less PEEP"),
        transpulmonary=(calm - pleura, cmH2O, "airway less pleural pressure, now"),
        pleural_swing=(p_high - p_low, cmH2O, "of this breath so far"),
        mechanical_power=(
            f * VT_in * (PIP - driving / 2),
            J / min_,
            "rate × volume × (peak − half of driving pressure)",
        ),
        work_per_litre=(joule / maximum(VT_in, 1 * mL), J / L, "that the ventilator did on the patient"),
        RSBI=(
            f * f / maximum(mv, 0.1 * L_min),
            per_min / L,
            "rapid shallow breathing index: mean rate over mean volume",
        ),
    )
