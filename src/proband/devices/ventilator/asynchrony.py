"""Counts where ventilator and patient do not agree, from the muscles' pressure and the ventilator's phases."""

from __future__ import annotations

from proband.model import *
from proband.units import *


@controller(period=10 * ms)
def asynchrony(
    phase    = reads(one, "0 expiration, 1 inspiration, 2 and 3 holds, 4 recruitment"),
    breaths  = reads(one, "begun so far"),
    patient  = reads(one, "1 where the ventilator takes the breath for the patient's"),
    kind     = reads(one, "0 volume control, 1 pressure control, 2 supported"),
    mode     = reads(one, "7 APRV: the patient may breathe as he likes, and nothing is counted"),
    effort   = reads(cmH2O, "pressure of the respiratory muscles, as an oesophageal balloon would tell it", otherwise=0.0),
    doubtful = memory(0.0, one, "1 where this breath waits for an effort that is to explain it"),
    seen     = memory(0.0, one, "breaths that are in the books"),
    was      = memory(0.0, one, "phase, one sample ago"),
    pulling  = memory(0.0, one, "1 during an effort"),
    effort_before = memory(0.0, cmH2O, "one sample ago"),
    answered = memory(0.0, one, "ventilator breaths begun in this effort"),
    inside   = memory(0.0, one, "1 where this effort began during a ventilator's inspiration"),
    strongest = memory(0.0, cmH2O, "of this effort"),
    since_effort = memory(9.0, s, "since an effort was last felt"),
    in_time  = memory(0.0, s, "of this inspiration"),
    out_time = memory(0.0, s, "of this expiration"),
    mean_in  = memory(0.0, s, "mean inspiratory time; 0 before the first"),
    last_own = memory(0.0, one, "1 where the breath before was the patient's"),
    effort_left = memory(0.0, s, "time that an effort has outlasted its breath"),
    breath_after = memory(0.0, s, "time that a breath has outlasted its effort"),
    judged   = memory(1.0, one, "1 once this breath is judged late"),
    judged_early = memory(1.0, one, "1 once this effort is judged cut short"),
    cycles   = memory(0.0, one, "ventilator breaths counted"),
    ineffective = memory(0.0, one, "efforts without a breath"),
    double   = memory(0.0, one, "a second breath in one effort, or hardly an expiration after a breath of the patient's"),
    auto     = memory(0.0, one, "breaths taken for the patient's without an effort"),
    reverse  = memory(0.0, one, "efforts that a mandatory breath has set off"),
    early    = memory(0.0, one, "breaths that ended while the effort went on"),
    late     = memory(0.0, one, "breaths that went on long after the effort"),
    least    = param(0.2, cmH2O, "muscle pressure that counts as an effort", "assumed: the muscles are known here without noise; a trace would need 1 cmH2O"),
    over_at  = param(0.70, one, "of an effort's peak, below which it has ended", "neural inspiration is taken to end at 70 % of its peak (Sinderby 1999 Nat Med 5:1433, as NAVA cycles)"),
    mean_of  = param(8.0, one, "breaths in the mean inspiratory time", "assumed"),
    short    = param(0.5, one, "of the mean inspiratory time: an expiration below this means a double trigger", "Thille 2006 Intensive Care Med 32:1515"),
    cut      = param(0.30, s, "by which an effort outlasts a breath that ended early", "assumed: a third of a neural inspiration"),
    long_    = param(0.60, s, "by which a breath that ended late outlasts its effort", "assumed: Thille's twice the mean inspiratory time, as an excess"),
    recent   = param(0.30, s, "around a trigger in which an effort must be felt", "assumed: above any trigger delay"),
):  # fmt: skip
    """The index after Thille 2006: 100 × events / (ventilator breaths + ineffective efforts); above 10 is severe.

    Thille judged traces of pressure and flow by eye; this sees the muscles' pressure itself. A reverse trigger is an effort that
    begins within a breath of the ventilator's own. One effort may be cut short and be answered twice, and then counts as both. `breath_traces` in `measures.py` holds the rules for traces."""
    dt = 10 * ms
    inhaling = phase > 0.5 and phase < 1.5
    fresh = breaths > seen + 0.5
    stopped = was > 0.5 and was < 1.5 and not inhaling
    top = maximum(strongest, effort)
    begins = pulling < 0.5 and effort > least and effort_before <= least
    ends = pulling > 0.5 and effort < maximum(over_at * strongest, 0.5 * least)
    active = pulling
    if begins:
        active = 1.0
    if ends:
        active = 0.0
    felt = since_effort + dt
    if effort > least or active > 0.5:
        felt = 0 * felt
    n_in, n_double, n_auto, n_rev, n_early, n_late, n_cyc = ineffective, double, auto, reverse, early, late, cycles
    hits = answered
    in_breath = inside
    doubt = doubtful
    late_judged = judged
    listening = mode < 6.5 or mode > 7.5
    explained = doubtful > 0.5 and in_time < recent
    if begins:
        hits = 1.0 if explained else 0.0
        late_judged = 0.0 if explained else late_judged
        top = effort
        doubt = 0.0
        in_breath = 1.0 if inhaling and not fresh and not explained else 0.0
        if listening and inhaling and not fresh and not explained and patient < 0.5 and kind < 1.5:
            n_rev = reverse + 1
    t_in = in_time + dt if inhaling else in_time
    t_out = out_time + dt if not inhaling else out_time
    average = mean_in
    own = last_own
    over = breath_after
    if fresh:
        n_cyc = cycles + 1
        caused = active > 0.5 or felt < recent
        second = caused and hits > 0.5 and active > 0.5 and patient > 0.5
        if caused:
            hits = hits + 1
        doubt = 1.0 if patient > 0.5 and felt > recent else 0.0
        if listening and (second or (last_own > 0.5 and out_time < short * mean_in and mean_in > 0 * s)):
            n_double = double + 1
        own = patient
        t_in = 0 * t_in
        t_out = 0 * t_out
        over = 0 * over
        late_judged = 0.0 if caused else 1.0
    if doubt > 0.5 and t_in > recent:
        n_auto = auto + 1
        doubt = 0.0
    if stopped:
        average = in_time if mean_in <= 0 * s else mean_in + (in_time - mean_in) / mean_of
        t_out = 0 * t_out
    # A breath that goes on though its effort is over; only the patient's own are judged.
    if inhaling and active < 0.5 and own > 0.5:
        over = over + dt
    if late_judged < 0.5 and over > long_:
        n_late = late + 1
        late_judged = 1.0
    # An effort that goes on though its breath is over.
    left = effort_left
    early_judged = judged_early
    if begins:
        left = 0 * left
        early_judged = 0.0
    if active > 0.5 and not inhaling and hits > 0.5 and own > 0.5:
        left = left + dt
    if early_judged < 0.5 and left > cut:
        n_early = early + 1
        early_judged = 1.0
    if listening and ends and hits < 0.5 and in_breath < 0.5:
        n_in = ineffective + 1
    events = n_in + n_double + n_auto + n_rev + n_early + n_late
    total = maximum(n_cyc + n_in, 1.0)
    return gives(
        next_seen=breaths,
        next_effort_before=effort,
        next_doubtful=doubt, next_was=phase, next_pulling=active, next_answered=hits, next_inside=in_breath, next_strongest=top,
        next_since_effort=felt, next_in_time=t_in, next_out_time=t_out, next_mean_in=average, next_last_own=own,
        next_effort_left=left, next_breath_after=over, next_judged=late_judged, next_judged_early=early_judged,
        next_cycles=n_cyc, next_ineffective=n_in, next_double=n_double, next_auto=n_auto, next_reverse=n_rev,
        next_early=n_early, next_late=n_late,
        index=(100 * events / total * 0.01, percent, "asynchrony index"),
        effort_rate=(1.0 * (n_cyc + n_in), one, "breaths and efforts without one, counted so far"),
    )  # fmt: skip
