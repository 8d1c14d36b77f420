"""Barratt-Boyes & Wood 1957: oxygen saturation in the venae cavae, the right heart and the radial artery."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.breathers import WATCH, saturation
from proband.evidence.scoring.study import tell
from proband.units import s

COHORT = "26 healthy people at catheterisation, breathing air: the man who breathes. Saturations of the caval blood are found from its content."
PLACES = ("vena_cava_inferior", "vena_cava_superior", "right_atrium", "right_ventricle", "pulmonary_veins")


def experiment(lab: Lab):
    contents = tuple(f"{place}.oxygen_concentration" for place in PLACES)
    w = lab.person("breathing_man", watch=(*WATCH, *contents, "gas_upper_arteries.SO2"), settle=200 * s).measure()
    return lambda: {
        "barratt-artery": w("gas_upper_arteries.SO2"),
        "barratt-pa": w("gas_pulmonary_artery.SO2"),
        **{
            f"barratt-{short}": saturation(1000 * w(content))
            for short, content in zip(("ivc", "svc", "ra", "rv", "wedge"), contents, strict=True)
        },
    }


if __name__ == "__main__":
    tell(__file__)
