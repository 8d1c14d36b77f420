"""What every device must keep, in a failing circulation and on the rig with gases; and what it costs."""

from pathlib import Path

import numpy as np

from proband.benches.oxygenator_rig import oxygenator_rig
from proband.devices import ecmo as room
from proband.devices.ecmo import ecmo
from proband.devices.ecmo.pumps import PUMPS
from proband.engine import Engine
from proband.patients import load
from proband.testing import DeviceContract
from proband.units import s


def components(*assemblies):
    return tuple({p.component.name: p.component for a in assemblies for p in a.parts.values()}.values())


class TestCircuit(DeviceContract):
    components = components(
        ecmo("vena_cava_inferior", "right_atrium", gases=True), *(ecmo("right_atrium", "aorta", pump=pump) for pump in PUMPS)
    )  # fmt: skip
    page = Path(room.__file__).parent / "page.md"

    def body(self):
        return load("hfref_severe").attach(ecmo=ecmo("right_atrium", "leg_arteries"))


class TestOxygenator(DeviceContract):
    components = components(ecmo("vena_cava_inferior", "right_atrium", gases=True))
    page = TestCircuit.page

    def body(self):
        return oxygenator_rig(ecmo)

    def test_volume_and_substances_are_conserved(self) -> None:
        """Each substance, and the volume of the blood; that of the gas follows what crosses."""
        run = self.start()
        body = run.engine.body
        holders = [n for n, p in body.parts.items() if p.component.kind == "compartment"]
        blood = [n for n in holders if "molar_volume" not in body.parts[n].component.outputs]
        held = {c.name: [f"{n}.{c.name}" for n in holders] for c in body.substances} | {
            "volume": [f"{n}.volume" for n in blood]
        }
        before = {what: sum(run.value(n) for n in names) for what, names in held.items()}
        run.advance(self.seconds * s)
        for what, names in held.items():
            np.testing.assert_allclose(sum(run.value(n) for n in names), before[what], rtol=1e-12, err_msg=what)


def test_it_costs_little():
    """Continuous operations, each step of the solver."""
    patient = load("healthy_man")
    alone, supported = (
        Engine(b, observe=["aorta.pressure"]).program.operations()["right-hand side"]
        for b in (patient, patient.attach(ecmo=ecmo("right_atrium", "leg_arteries")))
    )
    assert supported - alone <= 135
