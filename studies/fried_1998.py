"""Oxygen transfer of hollow-fibre oxygenators per square metre, and what a circuit of fibres can do at most."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "Capiox SX18 and SX25 in patients (Fried 1998), Sarns SMO2, and conventional ones as a review has them: a Quadrox-i adult of 1.8 m² at 7 L/min under ISO 7199 inlet conditions."


def transfer():
    from proband.benches import side_by_side
    from proband.benches.oxygenator_rig import oxygenator_test
    from proband.devices.ecmo import ecmo
    from proband.engine import Engine

    (point,) = oxygenator_test(ecmo, (7.0,), run=side_by_side(Engine))
    return point["oxygen_mL_min"] / 1.8


def experiment(lab: Lab):
    given = lab.bench(transfer)
    return lambda: {
        "fried-transfer": given(),
        "sx25-transfer": given(),
        "sarns-transfer": given(),
        "fibres-transfer": given(),
    }


if __name__ == "__main__":
    tell(__file__)
