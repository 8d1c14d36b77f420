"""What shuts keeps its gas for a while; what was oxygen falls in."""

import pytest

from proband.organs import lungs

DT = 0.05  # s
STATES = ("aerated", "spent", "emptied", "fallen")
LUNG = {"P_c": 0.0, "P_o": 3.0, "PO2": 100.0}


def lived(seconds, recoil, begin=(1.0, 0.0, 0.0, 0.0), **rows):
    """(aerated, spent, emptied, fallen) after so long; `recoil` in cmH2O, or by time."""
    now = dict(zip(STATES, begin, strict=True))
    for n in range(int(seconds / DT)):
        P = recoil(n * DT) if callable(recoil) else recoil
        told = lungs.recruitment.evaluate(recoil=P, **{**LUNG, **rows}, **now)
        now = {name: now[name] + DT * told[f"d_{name}"] for name in STATES}
    return tuple(now.values())


def test_air_that_is_shut_in_lasts_a_minute_and_oxygen_ten_times_as_long():
    """2.2 L of gas hold 185 mL of oxygen above venous blood, which takes 250 mL/min: 44 s."""
    assert pytest.approx(45, abs=1) == 2200 * (100 - 40) / 713 / 250 * 60
    shut = 1 - lived(20, -4.0)[0]
    assert shut > 0.9
    assert lived(47, -4.0)[1] == pytest.approx(0.63 * shut, abs=0.03)
    assert lived(47, -4.0, PO2=640.0)[1] == pytest.approx(0.10 * shut, abs=0.02)
    assert lived(450, -4.0, PO2=640.0)[1] == pytest.approx(0.63 * shut, abs=0.03)


def test_what_shuts_and_opens_in_each_breath_is_no_shunt():
    def breathing(t):
        return 12.0 if t % 5 < 2.5 else -4.0

    quick = {"PO2": 640.0, "tau_o": 0.3}
    middle = lived(60, breathing, **quick)
    shares = [lived(t, breathing, begin=middle, **quick) for t in (2.4, 4.9)]
    assert shares[1][0] < 0.5 < shares[0][0]
    assert max(spent for _, spent, *_ in shares) < 0.05 and shares[1][3] < 0.05


def test_lung_that_was_shut_in_oxygen_falls_in_and_needs_more_pressure():
    """Air leaves its nitrogen, which holds it open; a few cmH2O then do what oxygen's collapse needs 20 and more for."""
    air, oxygen = (lived(150, -4.0, PO2=P, tau_s=4.5) for P in (100.0, 640.0))
    assert air[3] < 0.1 < 0.8 < oxygen[3]
    assert lived(10, 8.0, begin=air)[0] > 0.85 and lived(30, 8.0, begin=oxygen)[0] < 0.5
    opened = lived(20, 35.0, begin=oxygen)
    assert opened[0] > 0.95 and max(opened[1:]) < 0.05  # filled afresh
    assert lived(10, 8.0, begin=lived(20, -4.0, begin=opened))[0] > 0.85  # and opens as easily as before


def test_what_has_collapsed_keeps_no_gas():
    aerated, spent, *_ = lived(10, -4.0, tau_s=0.0, PO2=600.0)
    assert spent == pytest.approx(1 - aerated, abs=0.02)
