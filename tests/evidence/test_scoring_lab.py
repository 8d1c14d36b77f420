"""The laboratory of the scoreboard: persons side by side do not disturb each other."""

from proband.evidence.scoring import Lab
from proband.evidence.scoring.bodies import RIG, heartmate3_rig
from proband.units import s


def test_a_command_to_one_leaves_the_other_at_his_own_setting():
    def rotor_speed(disturbed: bool) -> float:
        lab = Lab()
        quiet = lab.rig(heartmate3_rig, {"pump.speed": 5000}, watch=RIG).wait(4 * s).measure(2 * s)
        other = lab.rig(heartmate3_rig, {"pump.speed": 6000}, watch=RIG).wait(1 * s)
        if disturbed:
            other.set("pump.speed", 7000)
        other.wait(3 * s).measure(2 * s)
        lab.run(threads=1)
        return quiet("pump.rotor_speed")

    assert rotor_speed(disturbed=True) == rotor_speed(disturbed=False)
