"""What calls for help, and how loudly: priorities after IEC 60601-1-8, conditions after ISO 80601-2-12."""

from __future__ import annotations

from proband.model import *
from proband.units import *


@controller(period=20 * ms)
def alarms(
    phase    = reads(one, "0 expiration, 1 inspiration, 2 and 3 holds, 4 recruitment"),
    breaths  = reads(one, "begun so far"),
    calm     = reads(cmH2O, "pressure, smoothed"),
    met      = reads(one, "1 where the breath met the pressure limit"),
    frozen   = reads(s, "for which a sensor has not moved"),
    disagree = reads(cmH2O, "what the second pressure sensor shows differently"),
    into     = reads(mL, "given in the last breath"),
    VT_out   = reads(mL, "breathed out in the last breath"),
    PIP      = reads(cmH2O, "of the last breath"),
    end_pressure = reads(cmH2O, "at the end of the last expiration"),
    raw_back = reads(one, "share of the gas given that came back"),
    leak_share = reads(one, "of the gas given that leaks"),
    VT_usual = reads(mL, "usual tidal volume"),
    MV_out   = reads(L_min, "minute volume, breathed out"),
    rate     = reads(per_min, "of all breaths"),
    quiet    = reads(s, "since any breath began"),
    backup   = reads(one, "1 while the backup breathes"),
    apnoea_time = reads(s, "that is set"),
    peep     = reads(cmH2O, "that is set"),
    oxygen   = reads(one, "fraction that is set"),
    oxygen_measured = reads(one, "fraction, as the cell shows it"),
    oxygen_supply = reads(one, "whether there is pressure at the wall"),
    mains    = reads(one, "whether it is plugged in"),
    battery  = reads(one, "share that is left"),
    niv      = reads(one, "1 for a mask"),
    head     = reads(cmH2O, "of the turbine at no flow"),
    low_volume = command(200.0, mL, "lower limit of the expired tidal volume", low=0, high=2000),
    low_minute_volume = command(3.0, L_min, "lower limit of the expired minute volume", low=0, high=50),
    high_minute_volume = command(16.0, L_min, "upper limit of the expired minute volume", low=0.1, high=80),
    high_rate = command(40.0, per_min, "upper limit of the rate", low=5, high=180),
    seen     = memory(0.0, one, "breaths that are in the books"),
    lost     = memory(0.0, one, "breaths in a row that did not come back"),
    blocked  = memory(0.0, one, "breaths in a row that hardly went in"),
    small    = memory(0.0, one, "breaths in a row of too little volume"),
    usual    = memory(0.0, mL, "volume given while nothing was wrong; 0 before"),
    loose    = memory(0.0, one, "breaths in a row that ended below PEEP"),
    kept_up  = memory(0.0, one, "breaths in a row that ended far above PEEP"),
    awaited  = memory(0.30, one, "fraction of oxygen to be expected, since the last setting is still on its way"),
    back_share = param(0.30, one, "of the given gas that comes back, below which the circuit is open", "assumed: a cuff leak loses less"),
    block_share = param(0.30, one, "of the usual volume, below which the airway is blocked", "assumed"),
    peep_loss = param(2.5, cmH2O, "below PEEP that is called", "assumed: above noise and the fall of an effort"),
    peep_gain = param(6.0, cmH2O, "above PEEP that must not last", "assumed: ISO 80601-2-12 asks for a continuing-pressure alarm, its level is the maker's"),
    apart    = param(3.0, cmH2O, "between the two pressure sensors that is called", "assumed: three times the allowed error at low pressure"),
    leak_call = param(0.40, one, "of the given gas that is called a leak", "assumed: makes differ"),
    arriving = param(20.0, s, "time constant in which a new setting is expected to arrive", "assumed: the mixing chamber's 700 mL at 2 L/min"),
    oxygen_off = param(0.06, one, "of oxygen above or below what is set", "assumed: three times the accuracy of the cell, 3 %"),
):  # fmt: skip
    """Breaths are judged when the next one begins; what lasts is judged by its time."""
    fresh = breaths > seen + 0.5
    began = breaths > 3.5
    open_ = raw_back < back_share and end_pressure < peep - 0.5 * peep
    open_ = (
        open_
        or (raw_back < back_share and 0.7 * (peep + 8 * cmH2O) > PIP)
        or (raw_back < back_share and peep < 1 * cmH2O)
    )
    shut = into < block_share * usual and (met > 0.5 or end_pressure + 5 * cmH2O < PIP)
    gone, stopped, little, slack, normal, high = lost, blocked, small, loose, usual, kept_up
    if fresh and began:
        gone = lost + 1 if open_ and niv < 0.5 else 0 * lost
        stopped = blocked + 1 if shut and usual > 0 * mL else 0 * blocked
        little = small + 1 if VT_out < low_volume else 0 * small
        slack = loose + 1 if end_pressure < peep - peep_loss else 0 * loose
        high = kept_up + 1 if end_pressure > peep + peep_gain else 0 * kept_up
        if not open_ and not shut:
            normal = usual + 0.2 * (into - usual)
            if usual < 0.5 * mL:
                normal = into
    expected = awaited + (oxygen - awaited) * (20 * ms) / arriving
    low_now = calm < 0.3 * peep and peep > 2.5 * cmH2O and head > 30 * cmH2O
    without = phase < 0.5 and quiet > apnoea_time
    return gives(
        next_seen=breaths,
        next_lost=gone,
        next_blocked=stopped,
        next_small=little,
        next_usual=normal,
        next_loose=slack,
        next_kept_up=high,
        next_awaited=expected,
        high_pressure_alarm=alarm(met > 0.5, "high", "airway pressure met its limit"),
        disconnection_alarm=alarm(gone > 1.5 or low_now, "high", "the breathing circuit is open", delay=3 * s),
        obstruction_alarm=alarm(stopped > 1.5, "high", "hardly any gas goes in: tube or airway is blocked"),
        continuing_pressure_alarm=alarm(
            high > 1.5 or (calm > peep + peep_gain and phase < 0.5 and quiet > 2.5 * s),
            "high",
            "pressure does not fall: expiration is blocked",
            delay=0.5 * s,
        ),
        apnoea_alarm=alarm(without or backup > 0.5, "high", "no breath within the apnoea time"),
        low_volume_alarm=alarm(little > 2.5, "medium", "expired tidal volume is low"),
        low_minute_volume_alarm=alarm(
            began and MV_out < low_minute_volume, "medium", "expired minute volume is low", delay=10 * s
        ),
        high_minute_volume_alarm=alarm(
            began and MV_out > high_minute_volume, "medium", "expired minute volume is high", delay=10 * s
        ),
        high_rate_alarm=alarm(began and rate > high_rate, "medium", "breathing is fast", delay=10 * s),
        low_peep_alarm=alarm(slack > 2.5, "medium", "pressure falls below PEEP"),
        leak_alarm=alarm(
            breaths > 8.5 and leak_share > leak_call and niv < 0.5, "medium", "much gas leaks", delay=5 * s
        ),
        low_oxygen_alarm=alarm(
            oxygen_measured < minimum(oxygen, expected) - oxygen_off,
            "high",
            "too little oxygen in the gas",
            delay=15 * s,
        ),
        high_oxygen_alarm=alarm(
            oxygen_measured > maximum(oxygen, expected) + oxygen_off,
            "medium",
            "too much oxygen in the gas",
            delay=30 * s,
        ),
        oxygen_supply_alarm=alarm(oxygen_supply < 0.5 and oxygen > 0.215, "high", "the oxygen supply has failed"),
        sensor_alarm=alarm(
            frozen > 0.3 * s or abs(disagree) > apart,
            "high",
            "a sensor repeats one value, or two disagree",
            delay=0.2 * s,
        ),
        mains_alarm=alarm(mains < 0.5, "low", "runs on its battery"),
        battery_alarm=alarm(mains < 0.5 and battery < 0.2, "medium", "less than a fifth of the battery is left"),
        power_alarm=alarm(
            head < 30 * cmH2O or (mains < 0.5 and battery < 0.05), "high", "no power, or soon none", delay=1 * s
        ),
    )
