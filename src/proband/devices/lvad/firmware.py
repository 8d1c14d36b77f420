"""What the controller in the bag decides, a hundred times a second."""

from __future__ import annotations

from proband.devices.lvad.estimator import estimated_flow
from proband.laws.rotary_pump import running_head
from proband.model import *
from proband.units import *

mPa_s = ms * Pa
loss = mmHg / L_min**2


@controller(period=10 * ms)
def firmware(
    rotor_speed    = reads(rpm,  "speed of the rotor"),
    current        = reads(A,    "motor current"),
    power          = reads(W,    "electrical power"),
    powered        = reads(one,  "whether the driveline carries power"),
    battery        = reads(one,  "share of the batteries that is left"),
    inlet_pressure = reads(mmHg, "of a sensor in the inlet; serves mode 2 alone", otherwise=10.0),
    set_speed       = command(5400.0, rpm, "speed that was prescribed", low=3000, high=9000),
    low_speed_limit = command(4800.0, rpm, "speed that is taken after a pulsatility event", low=3000, high=9000),
    mode            = command(1.0, one, "0 constant speed, 1 with the pulse of the make, 2 follows the filling pressure", low=0, high=2,
                              names={"constant": 0, "pulse": 1, "preload": 2}),
    haematocrit_set = command(0.37, one, "haematocrit that was typed in", low=0.2, high=0.6),
    base_speed   = memory(5400.0, rpm, "target without its pulse"),
    wanted_speed = memory(5400.0, rpm, "speed to come back to"),
    target       = memory(5400.0, rpm, "what the drive is told"),
    last_speed   = memory(5400.0, rpm, "of the rotor, one sample ago"),
    last_set     = memory(5400.0, rpm, "prescribed speed, one sample ago"),
    recovering   = memory(0.0, one, "1 while speed climbs back after an event"),
    clock        = memory(0.0, s, "since the pulse of the make began"),
    instant_flow = memory(4.0, L_min, "estimated flow, beat by beat"),
    quiet_flow   = memory(4.0, L_min, "the same, as it stood before a pulse of the make or a new speed"),
    displayed_flow = memory(4.0, L_min, "estimated flow, averaged"),
    smooth_flow  = memory(4.0, L_min, "estimated flow, smoothed for the index"),
    block_clock  = memory(0.0, s, "since the block began"),
    block_most   = memory(0.0, L_min, "highest smoothed estimate in the block"),
    block_least  = memory(99.0, L_min, "lowest smoothed estimate in the block"),
    block_trough = memory(99.0, L_min, "lowest estimate in the block"),
    block_sum    = memory(0.0, L_min, "of the estimates in the block"),
    block_count  = memory(0.0, one, "samples in the block"),
    blocks       = memory(0.0, one, "blocks since the speed was set"),
    pulsatility_index = memory(0.0, one, "10 (Qmax − Qmin) / Qmean of the estimate, mean over 15 s"),
    trough       = memory(0.0, L_min, "lowest estimate of a block, mean over 15 s"),
    suction_seen = memory(0.0, one, "1 while the flow's trough has dropped away, or asks for more head than there can be"),
    mean_power   = memory(4.0, W, "power, averaged"),
    usual_power  = memory(4.0, W, "power in the first half minute at this speed"),
    since_set    = memory(0.0, s, "since the speed was last set"),
    inlet_mean   = memory(10.0, mmHg, "mean pressure in the inlet"),
    filling      = memory(10.0, mmHg, "mean of what lies below it: diastole"),
    speed_top  = param(9000.0, rpm, "highest speed", "data sheet"),
    pulse_every = param(2.0,   s,   "time from pulse to pulse",        "data sheet"),
    pulse_down  = param(2000., rpm, "speed taken off first",           "data sheet"),
    time_down   = param(0.15,  s,   "for this long",                   "data sheet"),
    pulse_up    = param(2000., rpm, "speed added then",                "data sheet"),
    time_up     = param(0.20,  s,   "for this long",                   "data sheet"),
    pulse_from  = param(4000., rpm, "lowest speed with a pulse",       "data sheet"),
    rest        = param(0.15,  s,   "after a pulse or a new speed that is left out of averages and index", "assumed: the speed loop has settled by then"),
    answers     = param(1.0,   one, "1 where an event lowers the speed, 0 where it is only told", "data sheet"),
    climb       = param(100.0, rpm / s, "speed regained each second after an event", "HeartMate instructions for use: 100 rpm/s"),
    window      = param(15.0,  s,   "over which pulsatility is averaged", "HeartMate instructions for use: 15 s"),
    block       = param(2.0,   s,   "in which highest and lowest flow are sought", "assumed: at least one beat at 30/min, and one artificial pulse"),
    deviation   = param(0.45,  one, "of the mean, that makes a pulsatility event", "HeartMate instructions for use: 45 %"),
    least_change = param(0.5,  one, "of the index, below which nothing is an event", "assumed: a pump without any pulse has no events"),
    trough_drop = param(0.40,  one, "of mean flow, by which the trough falls in suction", "assumed: as the HVAD's 40 % rule"),
    most_head   = param(120.0, mmHg, "highest head in diastole that is believed",
                        "assumed: a diastolic pressure of 120 mmHg above an empty ventricle; such hypertension looks the same (EP 4477251)"),
    tau_index   = param(10.0,  ms,  "filter of the flow that the index is taken from", "assumed: none beyond the estimate's own, one sample"),
    tau_flow    = param(3.0,   s,   "average of the displayed flow",   "assumed: a few beats"),
    tau_fast    = param(40.0,  ms,  "filter of the estimate",          "assumed: keeps the beat, drops the speed loop"),
    low_flow    = param(2.5,   L_min, "limit of the low-flow alarm",   "HeartMate 3 instructions for use: 2.5 L/min"),
    most_power  = param(10.0,  W,   "limit of the high-power alarm",   "clinical text on HeartMate 3: 10 W, or 2 W above the usual"),
    more_power  = param(2.0,   W,   "above the usual power",           "clinical text on HeartMate 3: 10 W, or 2 W above the usual"),
    learn       = param(30.0,  s,   "in which the usual power is learned", "assumed: after a change of speed everything is new"),
    N_stop      = param(500.0, rpm, "below which the pump counts as stopped", "assumed: no make runs there"),
    Q_top       = param(10.0,  L_min, "highest flow that is shown",    "HeartMate 3 instructions for use: 10 L/min"),
    k_t   = param(10.0, N * mm / A,                "torque per current, as calibrated", "data sheet"),
    J     = param(2e-6, kg * m2,                   "inertia, as calibrated",            "data sheet"),
    k_E   = param(1e-4, N * mm / (rpm * L_min),    "torque per speed and flow, as calibrated", "data sheet"),
    k_Q   = param(0.05, N * mm / L_min**2,         "its loss per flow squared, as calibrated", "data sheet"),
    k_d   = param(7e-8, N * mm / rpm**2,           "disc friction, as calibrated",      "data sheet"),
    k_v   = param(4e-5, N * mm / (rpm * mPa_s),    "shear in the gaps, as calibrated",  "data sheet"),
    T_c   = param(0.3,  N * mm,                    "dry friction, as calibrated",       "assumed: as the rotor's"),
    a     = param(1e-6, mmHg / rpm**2,             "head per speed squared, as calibrated", "data sheet"),
    R1    = param(0.0,  mmHg / (rpm * L_min),      "loss of head per speed and flow, as calibrated", "data sheet"),
    R2    = param(1.0,  loss,                      "loss of head per flow squared, as calibrated", "data sheet"),
    Rrec  = param(1.0,  loss,                      "rise of head by recirculation, as calibrated", "data sheet"),
    kinf  = param(1e-4, L_min / rpm,               "flow per speed below which blood recirculates, as calibrated", "data sheet"),
    c_low  = param(5.6e-4, L_min / rpm,            "lower calibrated flow per speed",   "data sheet"),
    c_high = param(1.0e-3, L_min / rpm,            "upper calibrated flow per speed",   "data sheet"),
    N_least = param(1000.0, rpm,                   "below which no flow is estimated",  "assumed: no make runs there"),
    mu_plasma = param(1.2, mPa_s,                  "viscosity of plasma, as calibrated", "Késmárky 2008 Clin Hemorheol Microcirc 39:243"),
    Q_wish  = param(4.5,   L_min,        "flow at the usual filling pressure", "assumed: usual support"),
    p_wish  = param(10.0,  mmHg,         "usual filling pressure",             "assumed: supported patients' wedge pressure"),
    g_wish  = param(0.213, L_min / mmHg, "flow per filling pressure: a native heart's",
                    "Salamonsen 2011 Artif Organs 35:E47"),
    K_wish  = param(50.0,  rpm / (s * L_min), "speed per second and missing flow", "assumed: slower than the displayed flow's average"),
):  # fmt: skip
    """Estimates flow, watches it, keeps the speed and calls for help.

    Suction is seen in two ways: the trough of the flow drops away from what it was, or it asks for more head than a
    diastolic pressure can be. The index forgets nothing when the speed is raised, so that a pump turned up into suction
    has its event; but a fall of the index just after that, and any change after the speed was lowered, is the speed's.

    Mode 2 is preload-based Frank–Starling-like control after Mansouri 2015 (PLoS One 10:e0121413): the flow that a
    native heart would give at this filling pressure is the flow that the speed is moved for."""
    dt = 10 * ms

    # The pulse of the make.
    ticking = clock + dt
    if ticking > pulse_every - 0.5 * dt:
        ticking = 0 * s
    pulsing = mode > 0.5 and mode < 1.5 and base_speed > pulse_from
    step = 0 * rpm
    if pulsing and ticking < time_down - 0.5 * dt:
        step = -pulse_down
    elif pulsing and ticking < time_down + time_up - 0.5 * dt:
        step = pulse_up
    disturbed = pulsing and pulse_every < 10 * s and ticking < time_down + time_up + rest
    fresh = since_set < rest  # the rotor, then the column of blood, come to the new speed

    # What the motor feels, and what that would mean.
    felt = k_t * current - J * (rotor_speed - last_speed) / dt
    guess = limited(
        estimated_flow(felt, rotor_speed, haematocrit_set, mu_plasma, k_E, k_Q, k_d, k_v, T_c, c_low, c_high, N_least),
        0 * L_min,
        Q_top,
    )
    if rotor_speed < N_least:
        guess = 0 * guess
    live = instant_flow + (guess - instant_flow) * dt / tau_fast
    # The pump's own pulse moves three times the flow of a heartbeat: averages and index are of what lies between.
    beat = quiet_flow
    if not disturbed and not fresh:
        beat = quiet_flow + (guess - quiet_flow) * dt / tau_fast
    shown = displayed_flow + (beat - displayed_flow) * dt / tau_flow
    smooth = smooth_flow + (beat - smooth_flow) * dt / tau_index

    # Another speed: what was seen of this block was seen at two speeds.
    age = since_set + dt
    changed = absolute(set_speed - last_set) > 1 * rpm
    lowered = set_speed < last_set - 1 * rpm
    if changed or rotor_speed < N_stop:
        age = 0 * age
    begun = changed or fresh or (recovering > 0.5 and base_speed + climb * dt > wanted_speed)

    # Highest, lowest and mean of each block; their means over the window.
    most = maximum(block_most, smooth)
    least = minimum(block_least, smooth)
    lowest = minimum(block_trough, beat)
    total = block_sum + beat
    count = block_count + 1
    ran = block_clock + dt
    seen_blocks = blocks
    index = pulsatility_index
    usual_trough = trough
    suction = suction_seen
    event_now = 0.0
    back = recovering
    base = base_speed
    mean = maximum(total / count, 0.5 * L_min)
    this = 10 * (most - least) / mean
    weight = maximum(block / window, 1 / maximum(blocks - 1, 1))  # the first two blocks are forgotten
    settled = blocks > 3.5 and recovering < 0.5
    limit = maximum(deviation * pulsatility_index, least_change)
    steep = running_head(lowest, base_speed, a, R1, R2, Rrec, kinf) > most_head
    if ran > block - 0.5 * dt:
        rose = this - pulsatility_index > limit
        fell = pulsatility_index - this > limit and age > window
        if settled and (rose or fell):
            event_now = 1.0
        dropped = settled and trough - lowest > trough_drop * mean
        if steep or dropped:
            suction = 1.0
        elif recovering < 0.5:
            suction = 0.0
        # The index goes on, so that what stays is no event for ever; what trough is usual is learned neither from a speed that
        # climbs nor from suction.
        index = pulsatility_index + weight * (this - pulsatility_index)
        seen_blocks = seen_blocks + 1
        if recovering < 0.5 and suction < 0.5:
            usual_trough = trough + weight * (lowest - trough)
        most = 0 * most
        least = 99 * L_min
        lowest = 99 * L_min
        total = 0 * total
        count = 0 * count
        ran = 0 * ran
    if begun:
        most = 0 * most
        least = 99 * L_min
        lowest = 99 * L_min
        total = 0 * total
        count = 0 * count
        ran = 0 * ran
    if lowered or rotor_speed < N_stop:
        seen_blocks = 0 * seen_blocks

    # Which speed to come back to.
    middle = inlet_mean + (inlet_pressure - inlet_mean) * dt / (2 * s)
    low_part = filling
    if inlet_pressure < middle:
        low_part = filling + (inlet_pressure - filling) * dt / (1 * s)
    wish = limited(Q_wish + g_wish * (low_part - p_wish), 2 * L_min, 8 * L_min)
    wanted = set_speed
    change = limited(K_wish * (wish - shown), -climb, climb) * dt
    if mode > 1.5:
        wanted = limited(wanted_speed + change, low_speed_limit, speed_top)

    # Down at an event, and slowly up again.
    if back > 0.5:
        base = base + climb * dt
    if back < 0.5 or base > wanted:
        base = wanted
        back = 0.0
    if event_now > 0.5 and answers > 0.5:
        base = minimum(low_speed_limit, wanted)
        back = 1.0
    aim = limited(base + step, 0 * rpm, speed_top)
    if powered < 0.5:
        aim = 0 * aim

    # Power, against what is usual at this speed.
    watts = mean_power + (power - mean_power) * dt / (2 * s)
    usual = usual_power
    if age < learn:
        usual = watts
    return gives(
        next_base_speed=base,
        next_wanted_speed=wanted,
        next_target=aim,
        next_last_speed=rotor_speed,
        next_last_set=set_speed,
        next_recovering=back,
        next_clock=ticking,
        next_instant_flow=live,
        next_quiet_flow=beat,
        next_displayed_flow=shown,
        next_smooth_flow=smooth,
        next_block_clock=ran,
        next_block_most=most,
        next_block_least=least,
        next_block_trough=lowest,
        next_block_sum=total,
        next_block_count=count,
        next_blocks=seen_blocks,
        next_pulsatility_index=index,
        next_trough=usual_trough,
        next_suction_seen=suction,
        next_mean_power=watts,
        next_usual_power=usual,
        next_since_set=age,
        next_inlet_mean=middle,
        next_filling=low_part,
        pulsatility_event=event(event_now > 0.5, "pulsatility index 45 % away from its 15-s mean"),
        suction_alarm=alarm(suction > 0.5, "medium", "suction: the trough of the flow has dropped away", delay=2 * s),
        low_flow_alarm=alarm(shown < low_flow and rotor_speed > N_stop, "high", "estimated flow is low", delay=10 * s),
        high_power_alarm=alarm(
            watts > most_power or watts > usual + more_power, "medium", "power is high", delay=5 * s
        ),
        pump_stopped_alarm=alarm(rotor_speed < N_stop, "high", "the pump has stopped", delay=2 * s),
        driveline_alarm=alarm(powered < 0.5, "high", "no power through the driveline"),
        battery_low_alarm=alarm(battery < 0.25, "medium", "less than a quarter of the batteries is left", delay=2 * s),
        battery_empty_alarm=alarm(battery < 0.10, "high", "less than a tenth of the batteries is left", delay=2 * s),
    )
