"""ISO 80601-2-12: the 42 cases of volume and pressure control, what is set against what comes."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.study import tell

COHORT = "A passive test lung of the case's compliance and resistance. The table is a specification, as transcribed by RespiraWorks (Apache-2.0)."


def cases():
    from proband.benches.ventilator_cases import run_cases
    from proband.devices.ventilator import ventilator
    from proband.engine import Engine

    return run_cases(ventilator, Engine)


def experiment(lab: Lab):
    done = lab.bench(cases)
    return lambda: {
        f"iso-{o['case'].lower().replace(' ', '-')}": o["measured"]["volume" if o["mode"] == "VC-CMV" else "pressure"]
        for o in done()
    }


if __name__ == "__main__":
    tell(__file__)
