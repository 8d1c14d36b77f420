"""Where the numbers come from that the resting adult's body sets itself, in place of its components' tables."""

from fnmatch import fnmatchcase

HELDT = "Heldt 2004 PhD thesis MIT, Tables 2.1-3.3"
URSINO = "Ursino 1998 Am J Physiol 275:H1733"
ICRP = "fitted: organ flows of the reference man (ICRP 2002) at a mean pressure near 93 mmHg"

# The first pattern that fits a row's name holds for it.
SOURCES = {
    "heart.T_v": "assumed: Heldt 2004 has 0.30 s; a little longer since ejection holds the muscle back (k_R)",
    "*.drop": "assumed: mean depth of the bed; abdominal organs at half of theirs, since the abdomen is a column of fluid too",
    "left_ventricle.V_0": "Korakianitis & Shi 2006",
    "left_ventricle.E_max": "fitted: end-systolic volume at rest (Hudsmith 2005); Burkhoff 2005: 1.5-3 without septum and k_R",
    "left_ventricle.k_E": "fitted: end-diastolic volume near 150 mL at 8 mmHg (Hudsmith 2005, Heldt 2004); Ursino 1998: 0.014",
    "right_ventricle.E_max": "fitted: end-systolic volume at rest (Hudsmith 2005); ECLIPSE: 0.45, 0DSimDemo: 0.74",
    "right_ventricle.k_E": "fitted: central venous pressure near 4 mmHg at rest; Ursino 1998: 0.011",
    "right_ventricle.side": "definition",
    "right_ventricle.*": URSINO,
    "right_atrium.[EV]*": f"{HELDT}, right atrium",
    "right_atrium.*": "assumed: slope at rest 0.15-0.25 mmHg/mL, Korakianitis & Shi 2006",
    "pericardium.*": "assumed: 0.5-3 mmHg in a lying healthy heart, as flat balloons measure; a little more volume meets the bag (Tyberg 1986, as remembered)",
    "left_ventricle.V_d": "assumed: a relaxed ventricle bears no pressure at a volume well above the one at which contraction makes none (Nikolic 1988, dogs)",
    "left_ventricle.P_0": "fitted: end-diastolic volume near 150 mL at 8 mmHg",
    "left_ventricle.K_s": "assumed: -20 mmHg when all but empty, cf. Nikolic 1988 (dogs)",
    "right_ventricle.V_d": "assumed: as in the left ventricle",
    "right_ventricle.P_0": "fitted: central venous pressure near 4 mmHg at rest",
    "right_ventricle.K_s": "assumed: -30 mmHg when all but empty, as in the left ventricle",
    "left_atrium.*": "fitted: largest volume near 100 mL at rest (Hudsmith 2005)",
    "*_tissue.K": "assumed: half of the 6.7 mL/min/mmHg that Guyton & Hall give for the whole body, shared out by muscle, skin and gut",
    "*_tissue.C": "assumed: shared out as the filtration capacity; half of what finally crosses does so in some 6 min",
    "*_tissue.R_v": "assumed: capillaries 10-15 mmHg above their veins at rest (Guyton & Hall: 17 mmHg in all)",
    "inferior_inflow.P_c": "assumed: the abdomen's pressure just below the diaphragm in one who lies; at a normal right atrial pressure a sniff all but collapses the vein (Kircher 1990)",
    "brain_ischaemia.Q_0": "ICRP 2002: flow of the organ at rest",
    "mitral_valve.B": "Korakianitis & Shi 2006: CQ 400, B = 1/CQ²",
    "tricuspid_valve.B": "Korakianitis & Shi 2006: CQ 400, B = 1/CQ²",
    "mitral_valve.*": "assumed: light leaflets, 0.5-1 mL flows back until they are shut",
    "tricuspid_valve.*": "assumed: light leaflets, 0.5-1 mL flows back until they are shut",
    "aorta.C": "fitted: pulse pressure of 50-55 mmHg; shared out as in Heldt 2004, who has 2.2 mL/mmHg in all, Simaan 2009 1.41",
    "*_arteries.C": "fitted: pulse pressure of 50-55 mmHg; shared out as in Heldt 2004",
    "descending_aorta.C": "fitted: pulse pressure of 50-55 mmHg; shared out as in Heldt 2004",
    "thoracic.[CV]*": "assumed: half of the blood behind the arch is in the chest, and somewhat more of the compliance, since the aorta stiffens downwards",
    "*.L": "assumed: of the order of Korakianitis & Shi 2006 (0.0017 for all arteries), rings below 10 Hz",
    "pulmonary_artery.C": "fitted: systolic pressure of 22 mmHg; Heldt 2004: 3.4",
    "pulmonary_capillaries.*": "assumed: holds near 120 mL; ICRP 2002: 130 mL",
    "pulmonary_*.R": "fitted: mean pulmonary artery pressure of 16 mmHg; Korakianitis & Shi 2006 and Heldt 2004: 0.08-0.1 in all",
    "pulmonary_veins.V_0": "fitted: lungs and left atrium hold 310 mL/m^2 by two densitometers (Circulation, 12 patients with normal pressures), 308 by magnetic resonance (Ricci 2018, 53 controls)",
    "pulmonary_*.V_0": f"{HELDT}, less what lies in the capillaries",
    "pulmonary_veins.C": "assumed: two thirds of Heldt 2004 (9), since his lungs' capillaries are a vessel of their own here",
    "brain.*": "ICRP 2002: 68 mL, and the veins of the head; compliance assumed",
    "heart_muscle.*": "ICRP 2002: 40 mL; compliance assumed: slow against a beat",
    "coronary_veins.R": "assumed: a sixth of the coronary resistance; the heart's veins have valves (Thebesius, Vieussens)",
    "jugular_veins.R": "assumed: 2-3 mmHg at 12.5 mL/s",
    "splanchnic.V_0": f"{HELDT}, splanchnic veins, three fifths (688 mL); a little more: fitted with the resting central venous pressure",
    "splanchnic.*": f"{HELDT}, splanchnic veins, three fifths",
    "liver.*": f"{HELDT}, splanchnic veins, two fifths; ICRP 2002: 600 mL in the liver",
    "portal_vein.R": "assumed: portal pressure 2-3 mmHg above the liver's",
    "hepatic_veins.R": "assumed: 1 mmHg; with the portal vein near Heldt's 0.07 for the splanchnic veins",
    "lower_body.*": "assumed: legs, buttocks and pelvis, Heldt 2004 has 27, 716 and 1000 for legs alone; less than half of a young man's (Olsen & Länne 1998)",
    "*_arterioles.R": ICRP,
    "hepatic_artery.R": ICRP,
    "coronary_arteries.R": ICRP,
    "arch.R": "assumed: Heldt 2004 has 0.007-0.014 for its pieces; damps the ringing of the pulse",
    "thoracic_aorta.R": "assumed: Heldt 2004 has 0.010-0.011 for its pieces; damps the ringing of the pulse",
    "lower_thoracic.R": "assumed: Heldt 2004 has 0.010-0.011 for its pieces; damps the ringing of the pulse",
    "inferior_inflow.R": f"{HELDT}, abdominal and inferior vena cava: 0.027 in all",
    "upper_cava.R": f"{HELDT}, abdominal and inferior vena cava: 0.027 in all",
    "hepatic_cava.[CV]*": f"{HELDT}, inferior vena cava; assumed: a quarter of its blood lies between liver and heart, in its widest piece",
    "vena_cava_inferior.[CV]*": f"{HELDT}, inferior vena cava, less the piece between liver and heart",
    "upper_body.V_0": f"{HELDT}, and what his lungs hold too much: muscle, skin, bone, fat and large veins hold half of the blood (ICRP 2002)",
    "*.[CRV]*": HELDT,
    "baroreflex.P_n": "fitted: mean arterial pressure near 93 mmHg at rest",
    "sinus_nerves.T_0": "fitted: 68-70/min at rest",
    "splanchnic_vasomotor.G": f"{URSINO}: 0.21; half as much again: fitted with tilt and LBNP",
    "*.G": f"{URSINO}, in shares of rest",
    "heart_control.Q_0": "textbooks: 225-250 mL/min at rest, 4-5 % of the output (Guyton & Hall, Ganong); ICRP 2002: 4 % of it",
    "*_control.Q_0": "ICRP 2002: flow of the organ at rest",
}


def source_of(row: str) -> str:
    """The source of a row that the body sets itself; empty where no pattern fits."""
    return next((source for pattern, source in SOURCES.items() if fnmatchcase(row, pattern)), "")
