"""The bedside monitor: what each heartbeat was, told when the next begins."""

from proband.model import *
from proband.units import *


def restarted(new_beat, value, beginning):
    """A running value that begins anew with each beat."""
    return where(new_beat, beginning, value)


@controller(period=2 * ms)
def monitor(
    count        = reads(one,  "ventricular beats so far"),
    arterial     = reads(mmHg, "arterial pressure"),
    venous       = reads(mmHg, "central venous pressure"),
    pulmonary    = reads(mmHg, "pulmonary artery pressure"),
    left_atrial  = reads(mmHg, "left atrial pressure"),
    left         = reads(mmHg, "left ventricular pressure"),
    left_across  = reads(mmHg, "left ventricular pressure across the wall"),
    left_volume  = reads(mL,   "in the left ventricle"),
    left_stretch = reads(mL,   "left ventricular volume beyond rest"),
    right        = reads(mmHg, "right ventricular pressure"),
    right_volume = reads(mL,   "in the right ventricle"),
    native       = reads(mL/s, "through the aortic valve"),
    valve        = reads(one,  "opening of the aortic valve"),
    lungs        = reads(mL/s, "through the pulmonary valve"),
    bed_1 = reads(mL/s, "flow through a systemic bed", otherwise=0.0),
    bed_2 = reads(mL/s, "flow through a systemic bed", otherwise=0.0),
    bed_3 = reads(mL/s, "flow through a systemic bed", otherwise=0.0),
    bed_4 = reads(mL/s, "flow through a systemic bed", otherwise=0.0),
    bed_5 = reads(mL/s, "flow through a systemic bed", otherwise=0.0),
    bed_6 = reads(mL/s, "flow through a systemic bed", otherwise=0.0),
    bed_7 = reads(mL/s, "flow through a systemic bed", otherwise=0.0),
    seen = memory(0.0, one, "beats seen so far"),
    time = memory(0.0, s,   "since this beat began"),
    # running through the beat
    a_max = memory(0.0, mmHg, "arterial, highest"), a_min = memory(500.0, mmHg, "arterial, lowest"),
    p_max = memory(0.0, mmHg, "pulmonary, highest"), p_min = memory(500.0, mmHg, "pulmonary, lowest"),
    l_max = memory(0.0, mmHg, "left ventricular, highest"), r_max = memory(0.0, mmHg, "right ventricular, highest"),
    lv_max = memory(0.0, mL, "left volume, largest"), lv_min = memory(999.0, mL, "left volume, smallest"),
    rv_max = memory(0.0, mL, "right volume, largest"), rv_min = memory(999.0, mL, "right volume, smallest"),
    s_arterial = memory(0.0, mmHg*s, "arterial, summed"), s_venous = memory(0.0, mmHg*s, "venous, summed"),
    s_pulmonary = memory(0.0, mmHg*s, "pulmonary, summed"), s_atrial = memory(0.0, mmHg*s, "left atrial, summed"),
    s_native = memory(0.0, mL, "through the aortic valve"), s_lungs = memory(0.0, mL, "through the pulmonary valve"),
    s_systemic = memory(0.0, mL, "through the beds"), s_forward = memory(0.0, mL, "forward through the aortic valve"),
    s_open = memory(0.0, s, "aortic valve open"),
    work = memory(0.0, mmHg*mL, "done by the left ventricle"),
    before = memory(-1.0, mL, "left volume at the last sample; below zero: none yet"),
    before_across = memory(0.0, mmHg, "pressure across the wall at the last sample"),
    steepest = memory(0.0, mmHg/mL, "highest pressure over stretched volume"),
    energy = memory(0.0, mmHg*mL, "potential energy there"),
    # of the beat that is over
    end_diastolic = memory(0.0, mmHg, "left ventricular pressure as this beat began"),
    right_end_diastolic = memory(0.0, mmHg, "right ventricular pressure as this beat began"),
    beat_time = memory(0.86, s, ""),
    SBP = memory(120.0, mmHg, ""), DBP = memory(75.0, mmHg, ""), MAP = memory(90.0, mmHg, ""), CVP = memory(5.0, mmHg, ""),
    PAS = memory(22.0, mmHg, ""), PAD = memory(10.0, mmHg, ""), PAM = memory(15.0, mmHg, ""), LAP = memory(8.0, mmHg, ""),
    LVSP = memory(120.0, mmHg, ""), RVSP = memory(25.0, mmHg, ""),
    EDV = memory(140.0, mL, ""), ESV = memory(60.0, mL, ""), REDV = memory(160.0, mL, ""), RESV = memory(80.0, mL, ""),
    through_valve = memory(80.0, mL, ""), through_lungs = memory(80.0, mL, ""), through_beds = memory(80.0, mL, ""),
    forward = memory(80.0, mL, ""), open_share = memory(0.3, one, ""), SW = memory(9000.0, mmHg*mL, ""), PE = memory(3000.0, mmHg*mL, ""),
    heart_mass = param(1.5, one, "left ventricular muscle, in 100 g", "textbook: some 150 g"),
    O2_work    = param(1.8e-5, 1/mmHg, "oxygen per pressure–volume area", "Suga 1979 (dogs): 1.8e-5 mL/(mmHg mL)"),
    O2_rest    = param(0.014,  mL, "oxygen per beat and 100 g without work", "Suga 1979 (dogs), order of magnitude"),
    open_from  = param(0.1,    one, "opening from which the valve counts as open", "assumed"),
):  # fmt: skip
    """Sums over each beat, from one ventricular excitation to the next; the wedge pressure is the mean left atrial one."""
    tick = 2 * ms
    new = count > seen
    systemic = bed_1 + bed_2 + bed_3 + bed_4 + bed_5 + bed_6 + bed_7
    # What the beat that ends now has been. The first one after the start is cut short, and not told.
    whole = new and seen > 0
    if whole:
        beat_time = time
        SBP = a_max
        DBP = a_min
        MAP = s_arterial / time
        CVP = s_venous / time
        PAS = p_max
        PAD = p_min
        PAM = s_pulmonary / time
        LAP = s_atrial / time
        LVSP = l_max
        RVSP = r_max
        EDV = lv_max
        ESV = lv_min
        REDV = rv_max
        RESV = rv_min
        through_valve = s_native
        through_lungs = s_lungs
        through_beds = s_systemic
        forward = s_forward
        open_share = s_open / time
        SW = work
        PE = energy
    if new:
        end_diastolic = left
        right_end_diastolic = right
    # A beat's running values, begun anew.
    begun = before >= 0 * mL
    swept = (before - left_volume) if begun else 0 * mL
    stiffness = left_across / maximum(left_stretch, 5 * mL)
    work_before = restarted(new, work, 0 * mmHg * mL)
    steepest_before = restarted(new, steepest, 0 * mmHg / mL)
    steeper = stiffness > steepest_before
    pva = SW + PE
    return gives(
        next_seen=count,
        next_time=restarted(new, time, 0 * s) + tick,
        next_a_max=maximum(restarted(new, a_max, arterial), arterial), next_a_min=minimum(restarted(new, a_min, arterial), arterial),
        next_p_max=maximum(restarted(new, p_max, pulmonary), pulmonary), next_p_min=minimum(restarted(new, p_min, pulmonary), pulmonary),
        next_l_max=maximum(restarted(new, l_max, left), left), next_r_max=maximum(restarted(new, r_max, right), right),
        next_lv_max=maximum(restarted(new, lv_max, left_volume), left_volume),
        next_lv_min=minimum(restarted(new, lv_min, left_volume), left_volume),
        next_rv_max=maximum(restarted(new, rv_max, right_volume), right_volume),
        next_rv_min=minimum(restarted(new, rv_min, right_volume), right_volume),
        next_s_arterial=restarted(new, s_arterial, 0 * mmHg * s) + arterial * tick,
        next_s_venous=restarted(new, s_venous, 0 * mmHg * s) + venous * tick,
        next_s_pulmonary=restarted(new, s_pulmonary, 0 * mmHg * s) + pulmonary * tick,
        next_s_atrial=restarted(new, s_atrial, 0 * mmHg * s) + left_atrial * tick,
        next_s_native=restarted(new, s_native, 0 * mL) + native * tick,
        next_s_lungs=restarted(new, s_lungs, 0 * mL) + lungs * tick,
        next_s_systemic=restarted(new, s_systemic, 0 * mL) + systemic * tick,
        next_s_forward=restarted(new, s_forward, 0 * mL) + positive(native) * tick,
        next_s_open=restarted(new, s_open, 0 * s) + (tick if valve > open_from else 0 * s),
        next_work=work_before + 0.5 * (left_across + before_across) * swept,
        next_before=left_volume,
        next_before_across=left_across,
        next_steepest=maximum(steepest_before, stiffness),
        next_energy=0.5 * left_across * left_stretch if steeper else energy,
        next_end_diastolic=end_diastolic, next_right_end_diastolic=right_end_diastolic, next_beat_time=beat_time,
        next_SBP=SBP, next_DBP=DBP, next_MAP=MAP, next_CVP=CVP, next_PAS=PAS, next_PAD=PAD, next_PAM=PAM, next_LAP=LAP,
        next_LVSP=LVSP, next_RVSP=RVSP, next_EDV=EDV, next_ESV=ESV, next_REDV=REDV, next_RESV=RESV,
        next_through_valve=through_valve, next_through_lungs=through_lungs, next_through_beds=through_beds,
        next_forward=forward, next_open_share=open_share, next_SW=SW, next_PE=PE,
        heart_rate=(1 / beat_time, per_min, "beats per minute"),
        systolic=(SBP, mmHg, "systolic arterial pressure"),
        diastolic=(DBP, mmHg, "diastolic arterial pressure"),
        mean_arterial=(MAP, mmHg, "mean arterial pressure"),
        pulse_pressure=(SBP - DBP, mmHg, "systolic less diastolic arterial pressure"),
        central_venous=(CVP, mmHg, "mean central venous pressure"),
        pulmonary_systolic=(PAS, mmHg, "systolic pulmonary artery pressure"),
        pulmonary_diastolic=(PAD, mmHg, "diastolic pulmonary artery pressure"),
        pulmonary_mean=(PAM, mmHg, "mean pulmonary artery pressure"),
        wedge=(LAP, mmHg, "mean left atrial pressure"),
        left_systolic=(LVSP, mmHg, "highest left ventricular pressure"),
        right_systolic=(RVSP, mmHg, "highest right ventricular pressure"),
        left_end_diastolic=(end_diastolic, mmHg, "left ventricular pressure as the ventricles are excited"),
        right_end_diastolic_pressure=(right_end_diastolic, mmHg, "right ventricular pressure as the ventricles are excited"),
        cardiac_output=(through_beds / beat_time, L_min, "flow through all systemic beds, whatever drives it"),
        native_flow=(through_valve / beat_time, L_min, "through the aortic valve, net"),
        right_output=(through_lungs / beat_time, L_min, "through the pulmonary valve, net"),
        stroke_volume=(through_valve, mL, "through the aortic valve, net"),
        forward_volume=(forward, mL, "forward through the aortic valve"),
        ejection_fraction=((EDV - ESV) / EDV, percent, "share of the end-diastolic volume"),
        left_end_diastolic_volume=(EDV, mL, "largest left ventricular volume"),
        left_end_systolic_volume=(ESV, mL, "smallest left ventricular volume"),
        right_end_diastolic_volume=(REDV, mL, "largest right ventricular volume"),
        right_end_systolic_volume=(RESV, mL, "smallest right ventricular volume"),
        valve_open=(open_share, percent, "share of the beat with the aortic valve open"),
        stroke_work=(SW, mmHg * mL, "of the left ventricle, each beat"),
        pressure_volume_area=(pva, mmHg * mL, "work and potential energy, each beat"),
        oxygen_use=((O2_work * pva + O2_rest * heart_mass) / beat_time, mL_min, "of the left ventricle's muscle"),
    )
