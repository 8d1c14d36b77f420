"""When a breath begins, what it is, and when it ends: the ventilator's sequence of breaths, 250 times a second."""

from __future__ import annotations

from proband.devices.ventilator.modes import NAMES
from proband.model import *
from proband.units import *

# What the sequence is doing, and what the valves are asked for, by the same numbers.
EXPIRATION, INSPIRATION, PLATEAU, END_HOLD, RECRUITING = 0, 1, 2, 3, 4
SHUT, BY_FLOW, BY_PRESSURE, RELEASE = 0, 1, 2, 3


def flow_shape(x, descending, end_share):
    """Flow and volume of a volume-controlled breath, as shares of mean flow and of volume, at the share x of its time."""
    top = 2 / (1 + end_share)
    falling = top * (1 - (1 - end_share) * x)
    volume = top * (x - (1 - end_share) * x * x / 2)
    return where(descending > 0.5, falling, 1.0), where(descending > 0.5, volume, x)


@controller(period=4 * ms)
def breath(
    pressure   = reads(cmH2O, "at the Y-piece, as measured"),
    calm       = reads(cmH2O, "the same, smoothed"),
    flow_in    = reads(L_min, "inspiratory, as measured"),
    flow_out   = reads(L_min, "expiratory, as measured"),
    leak       = reads(L_min, "that is taken off"),
    squeeze    = reads(L_min, "flow that fills the circuit"),
    inside     = reads(mL,    "gas in the patient, above an unknown start"),
    adapted_pressure = reads(cmH2O, "that PRVC and ASV have found", otherwise=15.0),
    adapted_rate = reads(per_min, "that ASV has found", otherwise=15.0),
    adapted_time = reads(s, "inspiratory time that ASV has found", otherwise=1.0),

    mode       = command(0.0, one, "how it breathes for the patient (page.md lists the modes)", low=0, high=8, names=NAMES),
    rate       = command(15.0, per_min, "of mandatory breaths", low=1, high=150),
    tidal_volume = command(450.0, mL, "of volume-targeted breaths", low=2, high=2500),
    inspiratory_time = command(1.0, s, "of mandatory breaths, pause included", low=0.1, high=10),
    pause_time = command(0.0, s, "at the end of a volume-controlled inspiration", low=0, high=3),
    peep       = command(5.0, cmH2O, "pressure at the end of expiration", low=0, high=50),
    inspiratory_pressure = command(20.0, cmH2O, "of pressure-controlled breaths, above the room's (not above PEEP)", low=2, high=80),
    support    = command(10.0, cmH2O, "of spontaneous breaths, above PEEP", low=0, high=60),
    rise_time  = command(0.10, s, "in which pressure is raised", low=0, high=2),
    descending = command(0.0, one, "flow of volume-controlled breaths", low=0, high=1, names={"constant": 0, "descending": 1}),
    oxygen     = command(0.40, one, "fraction of oxygen in dry gas", low=0.21, high=1),
    trigger    = command(2.0, one, "what begins a patient's breath", low=0, high=2, names={"none": 0, "pressure": 1, "flow": 2}),
    trigger_flow = command(2.0, L_min, "into the patient that begins a breath", low=0.1, high=20),
    trigger_pressure = command(2.0, cmH2O, "below PEEP that begins a breath", low=0.1, high=20),
    cycling    = command(0.25, one, "share of the peak flow at which a supported breath ends", low=0.05, high=0.8),
    longest    = command(3.0, s, "time of a supported breath", low=0.2, high=5),
    high_pressure = command(25.0, cmH2O, "upper pressure of APRV", low=2, high=60),
    high_time  = command(4.0, s, "at the upper pressure", low=0.2, high=30),
    low_time   = command(0.7, s, "at the lower pressure, which is PEEP", low=0.1, high=30),
    apnoea_time = command(20.0, s, "without a breath after which the backup begins", low=2, high=60),
    backup_rate = command(12.0, per_min, "of backup breaths", low=4, high=60),
    backup_pressure = command(20.0, cmH2O, "of backup breaths, above the room's", low=5, high=60),
    pressure_limit = command(40.0, cmH2O, "at which any inspiration is ended, with an alarm", low=5, high=85),
    inspiratory_hold = command(0.0, one, "1 holds the end of the next inspiration", low=0, high=1),
    expiratory_hold = command(0.0, one, "1 holds the end of the next expiration", low=0, high=1),
    recruit    = command(0.0, one, "1 begins a recruitment manoeuvre", low=0, high=1),
    recruit_pressure = command(40.0, cmH2O, "of the manoeuvre", low=10, high=60),
    recruit_time = command(30.0, s, "of the manoeuvre", low=1, high=60),

    phase      = memory(0.0, one, "0 expiration, 1 inspiration, 2 inspiratory hold, 3 expiratory hold, 4 recruitment"),
    kind       = memory(0.0, one, "of the breath: 0 volume control, 1 pressure control, 2 supported"),
    patient    = memory(0.0, one, "1 where the patient began it"),
    clock      = memory(0.0, s, "in this phase"),
    schedule   = memory(0.0, s, "since a mandatory breath was due or given"),
    quiet      = memory(0.0, s, "since any breath began"),
    backup     = memory(0.0, one, "1 while the backup breathes"),
    mode_before = memory(0.0, one, "mode that was set one sample ago"),
    own        = memory(0.0, one, "breaths in a row that the patient began"),
    breaths    = memory(0.0, one, "so far"),
    started    = memory(0.0, mL, "gas in the patient when inspiration began"),
    peak_flow  = memory(0.0, L_min, "highest of this inspiration"),
    seen_flow  = memory(0.0, L_min, "into the patient, smoothed"),
    rise_from  = memory(5.0, cmH2O, "pressure when inspiration began"),
    limited_now = memory(0.0, one, "1 where this or the last breath met the pressure limit"),
    hold_done  = memory(0.0, one, "1 once the commanded hold has been given"),
    recruit_done = memory(0.0, one, "1 once the commanded manoeuvre has been given"),
    plateau    = memory(0.0, cmH2O, "pressure at the end of the last pause or hold; 0 where there was none"),
    total_peep = memory(0.0, cmH2O, "pressure at the end of the last expiratory hold; 0 where there was none"),
    held_peep  = memory(5.0, cmH2O, "that was set then"),
    P_01       = memory(0.0, cmH2O, "fall of pressure in the first 100 ms of an effort in an expiratory hold"),
    effort_clock = memory(0.0, s, "since that effort began"),
    most_gas   = memory(0.0, mL, "most gas in the patient in this breath"),
    most_pressure = memory(0.0, cmH2O, "highest pressure in this breath"),
    VT_in      = memory(0.0, mL, "given in the last breath"),
    VT_out     = memory(0.0, mL, "breathed out in the last breath"),
    PIP        = memory(0.0, cmH2O, "highest pressure of the last breath"),
    end_pressure = memory(5.0, cmH2O, "at the end of the last expiration"),
    breath_time = memory(4.0, s, "of the last breath"),
    t_in       = memory(1.0, s, "inspiratory time of the last breath"),
    flow_peak  = memory(0.0, L_min, "peak flow of the last breath"),
    own_before = memory(0.0, one, "1 where the patient began the last breath"),
    correction = memory(0.0, mL, "on the volume that is set, learned from what the last breaths gave"),
    hold_top   = memory(0.0, cmH2O, "highest pressure in the expiratory hold"),

    shortest   = param(0.20, s, "of an expiration, before a trigger is heard", "assumed: the expiratory flow's first rush", low=0.02),
    window     = param(0.30, one, "last share of a SIMV period in which a trigger gives the mandatory breath", "assumed: makes differ, 20 to 60 %"),
    end_share  = param(0.50, one, "of the first flow that is left at the end of a descending one", "assumed: makes differ, 0 to 50 %"),
    lead       = param(13.0, ms, "by which the end of flow is commanded early: samples and valve", "assumed: 2 + 3 + 8 ms of this design, samples by their halves"),
    tau_volume = param(40.0, ms, "in which missing volume is made good", "assumed: five times the valve's"),
    tau_flow   = param(30.0, ms, "that smooths the flow that triggers and cycles", "fitted: thirteen ventilators answer in 42 to 88 ms, 65 on average (Thille 2009)"),
    overshoot  = param(3.0, cmH2O, "above its target that ends a supported breath", "assumed: the patient breathes out against it"),
    longest_hold = param(10.0, s, "of an inspiratory or expiratory hold", "assumed: for safety"),
    backup_time = param(1.0, s, "inspiratory time of the backup", "assumed: as the setting's default"),
    most_correction = param(0.10, one, "of the volume that is set", "assumed: more would hide a leak or an effort"),
    returns    = param(2.0, one, "breaths of the patient's own that end the backup", "assumed: makes ask for one to three"),
):  # fmt: skip
    """Triggers, mandatory schedule, cycling, holds and the targets of each breath.

    A patient's effort counts only by what it does to flow or pressure at the Y-piece: one that cannot bring expiration to its
    end is missed, one that outlasts the breath may have two, and a leak may pass for one."""
    dt = 4 * ms
    volume_mode = mode < 0.5 or (mode > 2.5 and mode < 3.5)
    simv = mode > 2.5 and mode < 4.5
    alone = mode > 4.5 and mode < 6.5
    aprv = mode > 6.5 and mode < 7.5
    asv = mode > 7.5
    adaptive = asv or (mode > 1.5 and mode < 2.5)
    backed = backup > 0.5

    # What this mode asks of a mandatory and of a supported breath.
    every = 1 / (adapted_rate if asv else rate)
    t_insp = adapted_time if asv else inspiratory_time
    p_mandatory = adapted_pressure if adaptive else inspiratory_pressure
    p_support = peep + (0 * support if mode > 5.5 and mode < 6.5 else support)
    if asv:
        p_support = adapted_pressure
    if backed:
        every = 1 / backup_rate
        t_insp = backup_time
        p_mandatory = backup_pressure
    if aprv:
        every = high_time + low_time
        t_insp = high_time
        p_mandatory = high_pressure

    # What the patient does.
    into = flow_in - flow_out - leak - squeeze
    felt = seen_flow + (into - seen_flow) * dt / tau_flow
    time = clock + dt
    due = schedule + dt
    still = quiet + dt
    if phase > 3.5:
        still = 0 * still  # a manoeuvre is no apnoea
    pulled = (trigger > 1.5 and felt > trigger_flow) or (
        trigger > 0.5 and trigger < 1.5 and calm < peep - trigger_pressure
    )
    pulled = pulled and time > shortest and not aprv
    new_phase = phase
    new_kind = kind
    by_patient = patient
    since = started
    top = maximum(peak_flow, felt)
    low = rise_from
    row = own
    backing = backup
    count = breaths
    met = limited_now
    given = hold_done
    maneuvred = recruit_done
    flat = plateau
    full = total_peep
    drop = P_01
    pulling = effort_clock
    highest = hold_top
    if inspiratory_hold < 0.5 and expiratory_hold < 0.5:
        given = 0.0
    if recruit < 0.5:
        maneuvred = 0.0

    inhaling = phase > 0.5 and phase < 1.5
    exhaling = phase < 0.5
    t_flow = maximum(t_insp - pause_time, 0.1 * s)
    kind_volume = kind < 0.5
    supported = kind > 1.5

    # The end of an inspiration.
    over = time > t_insp - 0.5 * dt
    tired = felt < cycling * peak_flow and time > 0.1 * s
    pushed = pressure > p_support + overshoot and time > rise_time + 0.15 * s
    if supported:
        over = tired or pushed or time > longest
    struck = pressure > pressure_limit
    ends = inhaling and (over or struck)
    if inhaling and struck:
        met = 1.0
    if inhaling and over and kind_volume and pause_time > 0.15 * s and not struck:
        flat = calm
    holding = ends and inspiratory_hold > 0.5 and given < 0.5 and not struck
    heap = maximum(most_gas, inside)
    high = maximum(most_pressure, calm)
    spent = t_in
    if ends:
        spent = time
        new_phase = 0.0
        time = 0 * time
    if holding:
        new_phase = 2.0
    if phase > 1.5 and phase < 2.5 and (inspiratory_hold < 0.5 or time > longest_hold or struck):
        flat = calm
        given = 1.0
        due = t_insp  # expiration gets its whole time
        new_phase = 0.0
        time = 0 * time
    if phase > 3.5 and (recruit < 0.5 or time > recruit_time):
        maneuvred = 1.0
        new_phase = 0.0
        time = 0 * time
        due = 0 * due

    # The beginning of one.
    ended_hold = phase > 2.5 and phase < 3.5 and (expiratory_hold < 0.5 or time > longest_hold)
    scheduled = due > every - 0.5 * dt and time > shortest and (not alone or backed)
    in_window = due > (1 - window) * every
    wishes = exhaling and (scheduled or pulled)
    spontaneous = (
        (alone and not backed)
        or (simv and pulled and not scheduled and not in_window)
        or (asv and pulled and not scheduled)
    )
    asked = expiratory_hold > 0.5 and given < 0.5 and wishes
    begins = wishes and not asked
    if asked:
        new_phase = 3.0
        time = 0 * time
        highest = calm
        pulling = dt if pulled else 0 * pulling  # where an effort asked for the breath, it has begun
        drop = 0 * drop
    waiting = phase > 2.5 and phase < 3.5
    was_set = held_peep
    if waiting:
        was_set = peep
        if calm > highest:
            highest = calm
        if pulling <= 0 * s and time < 0.3 * s:
            full = calm
        if pulling <= 0 * s:
            if time > 0.3 * s and calm < highest - 0.3 * cmH2O:
                pulling = dt
            elif time > 0.3 * s:
                full = full + (calm - full) * dt / (50 * ms)
        else:
            pulling = pulling + dt
            if pulling > 100 * ms - 0.5 * dt and pulling < 100 * ms + 0.5 * dt:
                drop = highest - calm
    if ended_hold:
        given = 1.0
    recruiting = exhaling and recruit > 0.5 and maneuvred < 0.5
    if recruiting:
        new_phase = 4.0
        time = 0 * time
    begins = (begins or ended_hold) and not recruiting
    own_breath = pulled and not ended_hold
    learned = correction
    if begins and volume_mode and kind_volume and met < 0.5 and breaths > 0.5:
        learned = limited(
            correction + 0.25 * (tidal_volume - (most_gas - started)),
            -most_correction * tidal_volume,
            most_correction * tidal_volume,
        )
    gave, returned, peak, end_p, took, rush, was_own = (
        VT_in,
        VT_out,
        PIP,
        end_pressure,
        breath_time,
        flow_peak,
        own_before,
    )
    if begins:
        gave = most_gas - started
        returned = most_gas - inside
        peak = most_pressure
        end_p = calm
        took = still
        rush = peak_flow
        was_own = patient
        heap = inside
        high = calm
        new_phase = 1.0
        time = 0 * time
        count = breaths + 1
        since = inside
        top = 0 * top
        low = minimum(calm, peep)
        met = 0.0
        still = 0 * still
        by_patient = 1.0 if own_breath else 0.0
        row = own + 1 if own_breath else 0 * own
        new_kind = 0.0 if volume_mode and not backed else 1.0
        if spontaneous:
            new_kind = 2.0
        else:
            due = 0 * due
        if asv and spontaneous:
            due = 0 * due
    if alone and not backed and still > apnoea_time and phase < 0.5:
        backing = 1.0
        row = 0 * row
    chosen = abs(mode - mode_before) > 0.5  # by hand: whoever chooses a mode is at the bedside
    if backed and (row > returns - 0.5 or not alone or chosen):
        backing = 0.0

    # What the valves are asked for.
    share = limited(time / maximum(t_flow - lead, dt), 0.0, 1.0)
    shape, made = flow_shape(share, descending, end_share)
    asked_volume = tidal_volume + learned
    mean_flow = asked_volume / t_flow
    missing = made * asked_volume - (inside - since)
    flowing = new_kind < 0.5 and time < t_flow - lead
    goal = p_mandatory
    if new_kind > 1.5:
        goal = p_support
    ramped = low + (goal - low) * limited(time / maximum(rise_time, dt), 0.0, 1.0)
    drive = 3.0
    aim = 0 * peep + peep
    wanted_flow = 0 * mean_flow
    if new_phase > 0.5 and new_phase < 1.5:
        if new_kind < 0.5:
            drive = 0.0
            if flowing:
                drive = 1.0
                wanted_flow = positive(shape * mean_flow + squeeze + leak + missing / tau_volume)
        else:
            drive = 2.0
            aim = ramped
    elif new_phase > 3.5:
        drive = 2.0
        aim = peep + (recruit_pressure - peep) * limited(time / (2 * s), 0.0, 1.0)
    elif new_phase > 1.5:
        drive = 0.0
    return gives(
        next_phase=new_phase,
        next_kind=new_kind,
        next_patient=by_patient,
        next_clock=time,
        next_schedule=due,
        next_quiet=still,
        next_backup=backing,
        next_mode_before=mode,
        next_own=row,
        next_breaths=count,
        next_started=since,
        next_peak_flow=top,
        next_seen_flow=felt,
        next_rise_from=low,
        next_limited_now=met,
        next_hold_done=given,
        next_recruit_done=maneuvred,
        next_plateau=flat,
        next_total_peep=full,
        next_P_01=drop,
        next_held_peep=was_set,
        next_effort_clock=pulling,
        next_hold_top=highest,
        next_correction=learned,
        next_most_gas=heap,
        next_most_pressure=high,
        next_VT_in=gave,
        next_VT_out=returned,
        next_PIP=peak,
        next_end_pressure=end_p,
        next_breath_time=took,
        next_t_in=spent,
        next_flow_peak=rush,
        next_own_before=was_own,
        drive=(drive, one, "what the valves are asked for: 0 shut, 1 flow, 2 pressure, 3 expiration"),
        aim=(aim, cmH2O, "pressure that is wanted now"),
        wanted_flow=(wanted_flow, L_min, "flow that is wanted now"),
        begun=event(begins, "a breath begins"),
        apnoea=(1.0 if backing > 0.5 else 0.0, one, "whether the backup has begun for want of breaths"),
        in_patient=(inside - since, mL, "gas given in this breath so far"),
    )
