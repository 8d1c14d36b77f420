"""What the console decides, a hundred times a second."""

from __future__ import annotations

from proband.model import *
from proband.units import *


@controller(period=10 * ms)
def firmware(
    flow    = reads(L_min, "measured flow"),
    inlet   = reads(mmHg,  "measured before the pump"),
    middle  = reads(mmHg,  "measured between pump and oxygenator"),
    outlet  = reads(mmHg,  "measured behind the oxygenator"),
    bubble  = reads(one,   "bubble detector"),
    gas     = reads(L_min, "measured sweep gas"),
    rotor   = reads(rpm,   "speed of the rotor"),
    arterial = reads(mmHg, "arterial pressure, of a patient monitor", otherwise=80.0),
    venous_CO2 = reads(mmHg, "PCO2 of the blood that comes", otherwise=45.0),
    outlet_O2  = reads(mmHg, "PO2 of the blood that leaves", otherwise=150.0),
    outlet_CO2 = reads(mmHg, "PCO2 of the blood that leaves", otherwise=40.0),
    mode       = command(0.0, one, "0 holds the speed, 1 the flow, 2 weans from the flow", low=0, high=2, names={"speed": 0, "flow": 1, "wean": 2}),
    set_speed  = command(3000.0, rpm, "speed that is prescribed", low=0, high=10000),
    set_flow   = command(4.0, L_min,  "flow that is prescribed", low=0, high=8),
    set_sweep  = command(4.0, L_min,  "sweep gas that is prescribed", low=0, high=15),
    set_FdO2   = command(1.0, one,    "oxygen in the sweep gas", low=0.21, high=1),
    gas_mode   = command(0.0, one,    "0 as prescribed, 1 follows the targets of the blood that leaves", low=0, high=1, names={"prescribed": 0, "targets": 1}),
    target_PO2  = command(150.0, mmHg, "of the blood that leaves", low=50, high=500),
    target_PCO2 = command(40.0, mmHg,  "of the blood that leaves", low=20, high=80),
    backflow_prevention = command(1.0, one, "raises the speed when blood runs back", low=0, high=1),
    venous_intervention = command(1.0, one, "lowers the speed while the drainage chatters", low=0, high=1),
    bubble_stop = command(0.0, one, "stops the pump for a bubble", low=0, high=1),
    low_flow    = command(2.0, L_min, "limit of the low-flow alarm", low=0, high=8),
    weaned_flow = command(1.5, L_min, "where weaning ends", low=0.5, high=4),
    wean_every  = command(600.0, s,   "from step to step of weaning", low=10, high=7200),
    target      = memory(3000.0, rpm, "what the drive is told"),
    base        = memory(3000.0, rpm, "speed asked, before what protects"),
    cap         = memory(10000.0, rpm, "speed that the drainage allows"),
    lift        = memory(0.0, rpm, "speed added against backflow"),
    aim         = memory(4.0, L_min, "flow that is held"),
    clock       = memory(0.0, s, "since the last step of weaning"),
    refused     = memory(0.0, one, "1 once weaning was broken off"),
    slow_flow   = memory(4.0, L_min, "flow, averaged"),
    mean_inlet  = memory(-20.0, mmHg, "inlet pressure, averaged"),
    chatter     = memory(0.0, mmHg, "mean size of what is fast in the inlet pressure"),
    loss        = memory(20.0, mmHg, "across the oxygenator, averaged"),
    peak        = memory(100.0, mmHg, "highest of the pressures behind the pump, averaged"),
    mean_art    = memory(80.0, mmHg, "arterial pressure, averaged"),
    stopped     = memory(0.0, one, "1 after a stop for a bubble"),
    awake       = memory(0.0, s, "since the console was switched on"),
    sweep       = memory(4.0, L_min, "sweep gas that is asked for"),
    FdO2        = memory(1.0, one, "oxygen that is asked for"),
    top     = param(5000.0, rpm, "highest speed", "the pump's sheet"),
    K_p     = param(60.0,  rpm / L_min, "proportional gain of the flow loop", "assumed: settles within some 10 s"),
    K_i     = param(150.0, rpm / (L_min * s), "integral gain of the flow loop", "assumed: settles within some 10 s"),
    warn    = param(-100.0, mmHg, "inlet pressure that warns", "Cardiohelp settings: warning at −100 mmHg"),
    danger  = param(-150.0, mmHg, "inlet pressure that alarms", "Cardiohelp settings: alarm at −150 mmHg"),
    most_chatter = param(12.0, mmHg, "of the inlet pressure", "assumed: more than a beating heart and the noise make"),
    high    = param(400.0, mmHg, "pressure behind the pump that warns", "Cardiohelp settings: warning at 400 mmHg"),
    higher  = param(500.0, mmHg, "pressure behind the pump that alarms", "Cardiohelp settings: alarm at 500 mmHg"),
    most_loss = param(60.0, mmHg, "across the oxygenator", "Cardiohelp settings: upper limit 60 mmHg"),
    start   = param(15.0, s, "after switching on in which drainage and flow do not alarm", "assumed: until the rotor and the averages have settled"),
    N_stop  = param(200.0, rpm, "below which the pump counts as stopped", "assumed"),
    ease    = param(120.0, rpm / s, "speed taken off while the drainage chatters", "assumed: slower than the drainage answers"),
    regain  = param(10.0, rpm / s, "speed given back after", "assumed: slower still, so that it does not hunt"),
    wean_step = param(0.5, L_min, "of weaning", "ELSO adult cardiac guideline (Lorusso 2021): steps of 0.5 L/min"),
    wean_MAP  = param(60.0, mmHg, "arterial pressure below which weaning is broken off", "ELSO (Lorusso 2021): at least 65; less the noise of a mean"),
    K_CO2   = param(0.01, L_min / (mmHg * s), "sweep gas for PCO2 above the target", "assumed: settles within minutes"),
    K_O2    = param(4e-5, one / (mmHg * s), "oxygen for PO2 below the target", "assumed: settles within minutes"),
):  # fmt: skip
    """Holds speed or flow, protects the drainage and the patient, minds the gas, and calls for help.

    Nothing here sees the patient, the vein or the rotor but through the sensors."""
    dt = 10 * ms
    slow = slow_flow + (flow - slow_flow) * (dt / (1 * s))
    middle_inlet = mean_inlet + (inlet - mean_inlet) * (dt / (0.5 * s))
    jitter = chatter + (absolute(inlet - mean_inlet) - chatter) * (dt / (1 * s))
    drop = loss + (middle - outlet - loss) * (dt / (2 * s))
    most = peak + (maximum(middle, outlet) - peak) * (dt / (0.3 * s))
    MAP = mean_art + (arterial - mean_art) * (dt / (5 * s))
    turning = rotor > N_stop
    watch = awake > start

    # Weaning: a step down from time to time, and back to all of it where the patient does not bear it.
    ticking = clock + dt
    wished = aim
    failed = refused
    if mode < 1.5:
        ticking = 0 * s
        wished = set_flow
        failed = 0.0
    elif wean_MAP > MAP or failed > 0.5:
        failed = 1.0
        wished = set_flow
    elif ticking > wean_every - 0.5 * dt:
        ticking = 0 * s
        wished = maximum(aim - wean_step, minimum(weaned_flow, set_flow))

    # Speed or flow. The loop's integral is the speed itself, held within what the drive and the drainage allow.
    allowed = minimum(top, cap)
    error = wished - flow
    wanted = set_speed
    spoken = set_speed
    if mode > 0.5:
        wanted = limited(base + K_i * error * dt, 0 * rpm, allowed)
        spoken = wanted + K_p * error

    # A drainage that chatters or is pulled too hard gets less.
    sucking = (jitter > most_chatter and middle_inlet < 0.5 * warn) or middle_inlet < warn
    ceiling = cap
    if watch and venous_intervention > 0.5 and sucking:
        ceiling = maximum(minimum(cap, rotor) - ease * dt, 0.3 * top)
    else:
        ceiling = minimum(cap + regain * dt, top)

    # Blood that runs back is met with speed, until it stands still.
    added = lift
    if backflow_prevention > 0.5 and turning:
        added = limited(lift - 400 * rpm / (L_min * s) * (flow - 0.1 * L_min) * dt, 0 * rpm, top)
    else:
        added = 0 * rpm

    halted = stopped
    if bubble > 0.5 and bubble_stop > 0.5:
        halted = 1.0
    elif bubble_stop < 0.5:
        halted = 0.0
    told = limited(minimum(spoken, ceiling) + added, 0 * rpm, top)
    if halted > 0.5:
        told = 0 * rpm

    # Gas.
    washed = set_sweep
    given = set_FdO2
    if gas_mode > 0.5:
        washed = limited(sweep + K_CO2 * (outlet_CO2 - target_PCO2) * dt, 0.5 * L_min, 12 * L_min)
        given = limited(FdO2 + K_O2 * (target_PO2 - outlet_O2) * dt, 0.21, 1.0)
    return gives(
        next_target=told,
        next_base=wanted,
        next_cap=ceiling,
        next_lift=added,
        next_aim=wished,
        next_clock=ticking,
        next_refused=failed,
        next_slow_flow=slow,
        next_mean_inlet=middle_inlet,
        next_chatter=jitter,
        next_loss=drop,
        next_peak=most,
        next_mean_art=MAP,
        next_stopped=halted,
        next_awake=minimum(awake + dt, 2 * start),
        next_sweep=washed,
        next_FdO2=given,
        low_flow_alarm=alarm(watch and slow < low_flow, "high", "blood flow is low", delay=3 * s),
        backflow_alarm=alarm(slow < -0.1 * L_min, "high", "blood runs back through the pump", delay=1 * s),
        drainage_warning=alarm(watch and middle_inlet < warn, "medium", "drainage pressure is low", delay=2 * s),
        drainage_alarm=alarm(watch and middle_inlet < danger, "high", "drainage pressure is very low", delay=1 * s),
        chatter_alarm=alarm(
            watch and jitter > most_chatter and middle_inlet < 0.5 * warn,
            "medium",
            "the drainage line chatters",
            delay=2 * s,
        ),
        pressure_warning=alarm(most > high, "medium", "pressure behind the pump is high", delay=1 * s),
        pressure_alarm=alarm(most > higher, "high", "pressure behind the pump is very high", delay=0.5 * s),
        oxygenator_alarm=alarm(drop > most_loss, "medium", "the oxygenator's resistance has risen", delay=10 * s),
        bubble_alarm=alarm(bubble > 0.5, "high", "bubbles in the circuit"),
        low_gas_alarm=alarm(watch and gas < 0.5 * sweep, "high", "sweep gas is missing", delay=5 * s),
        pump_stopped_alarm=alarm(not turning and told > N_stop, "high", "the pump has stopped", delay=1 * s),
        weaning_refused=event(failed > 0.5, "weaning was broken off: arterial pressure fell"),
    )
