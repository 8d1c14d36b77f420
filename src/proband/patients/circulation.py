"""The closed circulation of a resting adult: every patient is this body with some rows of its own.

Heights are measured from the heart downwards along the upright body; a path's `drop` is the difference of its ends.
The abdomen is itself a column of fluid: its organs feel only a quarter of their depth. The lower body is legs, buttocks and
pelvis, nearly as soft as Heldt's legs alone (27 mL/mmHg, 1000 mL): he is middle-aged. Its blood lies 75 cm below the heart, at the knees."""

from proband.laws.reservoir import elastic
from proband.laws.tube import inertial_tube, tube
from proband.model import Body, Part
from proband.organs.heart import (
    atrium,
    contraction,
    coronary_supply,
    muscle_need,
    muscle_pressure,
    pericardium,
    septum,
    sinus,
    valve,
    ventricle,
)
from proband.organs.monitor import monitor
from proband.organs.reflexes import (
    autoregulation,
    baroreflex,
    brain_ischaemia,
    cardiopulmonary_reflex,
    inotropy,
    muscle_receptors,
    sinus_nerves,
    vasomotor,
    venomotor,
)
from proband.organs.vessels import (
    arteriole,
    capillary_filtration,
    chest,
    collapsible_vein,
    distensible_vein,
    inlet,
    posture,
    valved_vein,
    vein,
    waterfall,
)
from proband.patients.exchange import exchanged
from proband.patients.sources import source_of
from proband.units import cm, mL, mL_min, mmHg, s

PRU = mmHg * s / mL
INERTANCE = mmHg * s * s / mL
# Portions in which what is dissolved passes arteries and quick beds. Transit times scatter by 0.38 of their mean in the heart muscle
# (Knopp 1976, dogs) and by 0.18 in a leg's arteries (Bassingthwaighte 1966, PMC2978656); six portions give 0.41 to both, more would be dear.
# Assumed: brain and kidneys as the heart muscle. The lungs' arteries and veins scatter little, their capillaries much (Clough & al., dogs'
# lobes: transit time dispersion in the pulmonary arterial tree).
PASSED = 6


def heart_parts() -> dict[str, Part]:
    """Clock, chambers, septum, bag and valves."""
    around = "pericardium.pressure"
    # Atrioventricular valves are wider (Korakianitis & Shi 2006: CQ 400) and answer to less pressure (assumed).
    wide = {
        "B": 6.25e-6 * INERTANCE / mL,
        "L": 0.0010 * INERTANCE,
        "k": 150 / s,
        "p_0": 2 * mmHg,
        "p_s": 16 * mmHg,
        "tau": 0.005 * s,
    }
    return {
        "heart": sinus(asked="sinus_nerves.interval"),
        "contraction": contraction(
            atrial_clock="heart.atrial_clock",
            ventricular_clock="heart.ventricular_clock",
            atrial_pace="heart.atrial_pace",
            ventricular_pace="heart.ventricular_pace",
            contractility="left_inotropy.contractility",
        ),
        "pericardium": pericardium(
            V_0=385 * mL,
            phi=36 * mL,
            left_ventricle="left_ventricle.volume",
            right_ventricle="right_ventricle.volume",
            left_atrium="left_atrium.volume",
            right_atrium="right_atrium.volume",
            chest="chest.pressure",
        ),
        "septum": septum(
            left="left_ventricle.pressure", right="right_ventricle.pressure", active="contraction.ventricles"
        ),
        "muscle_need": muscle_need(
            active="contraction.ventricles", across="left_ventricle.transmural", stretch="left_ventricle.stretch"
        ),
        "coronary_supply": coronary_supply(arterial="aorta.pressure", need="muscle_need.need"),
        "left_atrium": atrium(
            active="contraction.atria", outside=around, volume=65 * mL, P_0=5.5 * mmHg, k_E=0.016 / mL
        ),
        "left_ventricle": ventricle(
            active="contraction.ventricles",
            bulge="septum.bulge",
            outside=around,
            contractility="left_inotropy.contractility",
            supplied="coronary_supply.share",
            ejection="aortic_valve.flow",
            E_max=4.6 * mmHg / mL,
            k_R=0.00125 * s / mL,
            V_0=5 * mL,
            V_d=40 * mL,
            P_0=1.7 * mmHg,
            k_E=0.0196 / mL,
            K_s=0.015 * mmHg / (mL * mL),
            volume=140 * mL,
        ),
        "right_atrium": atrium(
            active="contraction.atria",
            outside=around,
            volume=65 * mL,
            E_max=0.74 * mmHg / mL,
            V_0=14 * mL,
            P_0=5.0 * mmHg,
            k_E=0.020 / mL,
        ),
        "right_ventricle": ventricle(
            active="contraction.ventricles",
            bulge="septum.bulge",
            side=-1.0,
            outside=around,
            contractility="right_inotropy.contractility",
            ejection="pulmonary_valve.flow",
            volume=150 * mL,
            E_max=0.62 * mmHg / mL,
            V_0=40.8 * mL,
            V_d=80 * mL,
            P_0=1.19 * mmHg,
            k_E=0.0198 / mL,
            K_s=0.005 * mmHg / (mL * mL),
        ),
        "mitral_valve": valve("left_atrium", "left_ventricle", **wide),
        "aortic_valve": valve("left_ventricle", "aorta", k=150 / s, tau=0.015 * s),
        "tricuspid_valve": valve("right_atrium", "right_ventricle", **wide),
        "pulmonary_valve": valve("right_ventricle", "pulmonary_artery", tau=0.015 * s),
    }


def artery_parts() -> dict[str, Part]:
    """The aorta and its branches, down to the arterioles. The total compliance, 1.17 mL/mmHg, is between Heldt's and what a pulse pressure of 50 mmHg asks (Simaan 2009: 1.41); it is
    shared out, and the unstressed volumes are, as in Heldt 2004, whose young subjects had 2.2 mL/mmHg. The aorta behind
    the arch is two places, in the chest (`thoracic`) and below it, so that blood of two origins can meet between them."""
    g = "posture.gradient"
    return {
        "aorta": elastic(C=0.22 * mL / mmHg, V_0=26 * mL, outside="chest.pressure", volume=46 * mL),
        "upper_arteries": elastic(C=0.22 * mL / mmHg, V_0=200 * mL, volume=220 * mL, portions=PASSED),
        "thoracic": elastic(
            C=0.28 * mL / mmHg, V_0=173 * mL, outside="chest.pressure", volume=195.5 * mL, portions=PASSED
        ),
        "descending_aorta": elastic(C=0.23 * mL / mmHg, V_0=173 * mL, volume=195.5 * mL, portions=PASSED),
        "leg_arteries": elastic(
            C=0.22 * mL / mmHg, V_0=200 * mL, outside="posture.lower_body", volume=220 * mL, portions=PASSED
        ),
        "arch": inertial_tube("aorta", "upper_arteries", R=0.05 * PRU, L=0.0060 * INERTANCE, drop=-25 * cm, gradient=g),
        "thoracic_aorta": inertial_tube(
            "aorta", "thoracic", R=0.010 * PRU, L=0.0015 * INERTANCE, drop=7.5 * cm, gradient=g
        ),
        "lower_thoracic": inertial_tube(
            "thoracic", "descending_aorta", R=0.010 * PRU, L=0.0015 * INERTANCE, drop=7.5 * cm, gradient=g
        ),
        "iliac_arteries": inertial_tube(
            "descending_aorta", "leg_arteries", R=0.09 * PRU, L=0.0030 * INERTANCE, drop=59.5 * cm, gradient=g
        ),
    }


def bed_parts() -> dict[str, Part]:
    """Organs: arterioles, and the veins of the bed with the blood that lies in them."""
    g = "posture.gradient"
    return {
        "brain_arterioles": arteriole(
            "upper_arteries", "brain", R=6.9 * PRU, drop=-5 * cm, openness="brain_control.openness", gradient=g
        ),
        "brain": vein(C=1.5 * mL / mmHg, V_0=90 * mL, volume=101 * mL, portions=PASSED),
        "jugular_veins": inlet("brain", "vena_cava_superior", R=0.20 * PRU, drop=30 * cm, gradient=g),
        "coronary_arteries": arteriole("aorta", "heart_muscle", R=16.2 * PRU, openness="heart_control.openness"),
        "heart_muscle": elastic(
            C=0.30 * mL / mmHg, V_0=35 * mL, outside="muscle_pressure.pressure", volume=42 * mL, portions=PASSED
        ),
        "coronary_veins": valved_vein("heart_muscle", "right_atrium", R=3.0 * PRU),
        "upper_body_arterioles": arteriole(
            "upper_arteries", "upper_body", R=9.0 * PRU, drop=25 * cm, openness="muscle_vasomotor.openness", gradient=g
        ),
        "upper_body": vein(
            C=7 * mL / mmHg,
            V_0=764 * mL,
            squeezed="venomotor.from_upper",
            filtered="upper_tissue.into_tissue",
            volume=815 * mL,
        ),
        "upper_body_veins": inlet("upper_body", "vena_cava_superior", R=0.11 * PRU),
        "kidney_arterioles": arteriole("descending_aorta", "kidneys", R=4.9 * PRU, openness="kidney_control.openness"),
        "kidneys": vein(C=5 * mL / mmHg, V_0=30 * mL, outside="chest.abdominal", volume=65 * mL, portions=PASSED),
        "renal_veins": tube("kidneys", "vena_cava_inferior", R=0.11 * PRU),
        "gut_arterioles": arteriole(
            "descending_aorta", "splanchnic", R=5.05 * PRU, openness="splanchnic_vasomotor.openness"
        ),
        "splanchnic": distensible_vein(
            C=30 * mL / mmHg,
            V_0=730 * mL,
            V_max=900 * mL,
            outside="chest.abdominal",
            squeezed="venomotor.from_splanchnic",
            filtered="gut_tissue.into_tissue",
            volume=950 * mL,
        ),
        "portal_vein": tube("splanchnic", "liver", R=0.10 * PRU),
        "hepatic_artery": arteriole(
            "descending_aorta", "liver", R=14.6 * PRU, openness="splanchnic_vasomotor.openness"
        ),
        "liver": vein(
            C=20 * mL / mmHg, V_0=446 * mL, outside="chest.abdominal", squeezed="venomotor.from_liver", volume=570 * mL
        ),
        "hepatic_veins": tube("liver", "hepatic_cava", R=0.04 * PRU),
        "lower_body_arterioles": arteriole(
            "leg_arteries", "lower_body", R=4.8 * PRU, openness="muscle_vasomotor.openness"
        ),
        "lower_body": distensible_vein(
            C=21.2 * mL / mmHg,
            V_0=741 * mL,
            V_max=1000 * mL,
            outside="posture.lower_body",
            squeezed="venomotor.from_lower",
            filtered="lower_tissue.into_tissue",
            volume=900 * mL,
        ),
        "femoral_veins": valved_vein("lower_body", "vena_cava_inferior", R=0.10 * PRU, drop=-71 * cm, gradient=g),
    }


def tissue_parts() -> dict[str, Part]:
    """Plasma that crosses into the tissue of the beds that have most of it."""

    def tissue(bed: str, flow: str, K: float, C: float, R_v: float) -> Part:
        return capillary_filtration(
            venous=f"{bed}.transmural", flow=f"{flow}.flow", K=K * mL_min / mmHg, C=C * mL / mmHg, R_v=R_v * PRU
        )

    return {
        "lower_tissue": tissue("lower_body", "lower_body_arterioles", 1.5, 27, 0.60),
        "upper_tissue": tissue("upper_body", "upper_body_arterioles", 0.6, 20, 1.10),
        "gut_tissue": tissue("splanchnic", "gut_arterioles", 1.0, 15, 0.60),
    }


def vein_and_lung_parts() -> dict[str, Part]:
    """The great veins, and the lesser circulation. The liver's veins enter the inferior cava just below the diaphragm: what the
    atrium sends back in each beat stays in that piece, `hepatic_cava`."""
    g = "posture.gradient"
    return {
        "vena_cava_superior": collapsible_vein(
            C=1.3 * mL / mmHg, V_0=16 * mL, outside="chest.pressure", volume=27 * mL
        ),
        "vena_cava_inferior": collapsible_vein(
            C=1.0 * mL / mmHg, V_0=86 * mL, outside="chest.abdominal", volume=92 * mL
        ),
        "hepatic_cava": collapsible_vein(C=0.8 * mL / mmHg, V_0=26 * mL, outside="chest.abdominal", volume=30 * mL),
        "superior_inflow": tube("vena_cava_superior", "right_atrium", R=0.028 * PRU),
        "upper_cava": tube("vena_cava_inferior", "hepatic_cava", R=0.006 * PRU),
        "inferior_inflow": waterfall(
            "hepatic_cava",
            "right_atrium",
            R=0.017 * PRU,
            P_c=3.0 * mmHg,
            drop=-3.5 * cm,
            around="chest.abdominal",
            gradient=g,
        ),
        "pulmonary_artery": elastic(
            C=4.5 * mL / mmHg, V_0=90 * mL, outside="chest.pressure", volume=165 * mL, portions=PASSED
        ),
        "pulmonary_arterioles": tube("pulmonary_artery", "pulmonary_capillaries", R=0.045 * PRU),
        "pulmonary_capillaries": elastic(C=3.0 * mL / mmHg, V_0=80 * mL, volume=115 * mL),
        "pulmonary_venules": tube("pulmonary_capillaries", "pulmonary_veins", R=0.03 * PRU),
        "pulmonary_veins": elastic(
            C=6.0 * mL / mmHg, V_0=140 * mL, outside="chest.pressure", volume=215 * mL, portions=PASSED
        ),
        "pulmonary_inflow": tube("pulmonary_veins", "left_atrium", R=0.006 * PRU),
    }


def reflex_parts() -> dict[str, Part]:
    """Nerves, effectors and autoregulation."""
    tone = {"sympathetic": "baroreflex.sympathetic", "ischaemic": "brain_ischaemia.tone"}
    vessels = {**tone, "added": "cardiopulmonary.tone"}
    return {
        "leg_receptors": muscle_receptors(outside="posture.lower_body", gradient="posture.gradient"),
        "baroreflex": baroreflex(
            aortic="aorta.pressure",
            carotid="upper_arteries.pressure",
            around_aorta="chest.pressure",
            gradient="posture.gradient",
            raised="leg_receptors.raised",
            P_n=87 * mmHg,
        ),
        "cardiopulmonary": cardiopulmonary_reflex(
            right="right_atrium.transmural", left="left_atrium.transmural", arterial="baroreflex.sympathetic"
        ),
        "brain_ischaemia": brain_ischaemia(flow="brain_arterioles.flow", Q_0=12.2 * mL / s),
        "sinus_nerves": sinus_nerves(**vessels, vagal="baroreflex.vagal", T_0=0.79 * s),
        "left_inotropy": inotropy(**vessels),
        "right_inotropy": inotropy(**vessels, G=0.164),
        "muscle_vasomotor": vasomotor(**vessels),
        "splanchnic_vasomotor": vasomotor(**vessels, G=0.32),
        "venomotor": venomotor(**vessels),
        "brain_control": autoregulation(flow="brain_arterioles.flow", Q_0=12.2 * mL / s),
        "heart_control": autoregulation(flow="coronary_arteries.flow", Q_0=4.1 * mL / s),
        "kidney_control": autoregulation(
            flow="kidney_arterioles.flow", sympathetic="muscle_vasomotor.resistance", Q_0=18.5 * mL / s
        ),
    }


# The arterioles of all systemic beds: what flows through them together is the cardiac output.
BEDS = (
    "brain_arterioles",
    "coronary_arteries",
    "upper_body_arterioles",
    "kidney_arterioles",
    "gut_arterioles",
    "hepatic_artery",
    "lower_body_arterioles",
)


def circulation(**instead: str) -> Body:
    """The whole body, as the tables of its parts have it.

    `instead` names another component of the heart for a place: `circulation(heart="atrial_fibrillation")`."""
    parts = {
        **heart_parts(),
        **artery_parts(),
        **bed_parts(),
        **tissue_parts(),
        **vein_and_lung_parts(),
        **reflex_parts(),
        "posture": posture(),
        "chest": chest(),
        "muscle_pressure": muscle_pressure(left="left_ventricle.transmural", around="pericardium.pressure"),
    }
    for place, component in instead.items():
        parts = exchanged(parts, place, component)
    return Body(**parts, monitor=monitor(BEDS)).with_sources(source_of)
