"""Where a pump may stand, and what its console may be told: each refusal is one sentence."""

import pytest

from proband.devices import load
from proband.model import ModelError


@pytest.mark.parametrize(
    ("inlet", "outlet"),
    [
        ("left_ventricle", "aorta"), ("left_ventricle", "descending_aorta"), ("left_atrium", "aorta"),
        ("right_atrium", "pulmonary_artery"), ("right_ventricle", "pulmonary_artery"),
    ],
)  # fmt: skip
def test_where_it_may_stand(inlet, outlet):
    assert load("heartmate3")(inlet, outlet)


@pytest.mark.parametrize(
    ("inlet", "outlet", "said"),
    [
        ("aorta", "left_ventricle", "heartmate3 takes blood from 'aorta', which is an artery"),
        ("pulmonary_artery", "aorta", "heartmate3 takes blood from 'pulmonary_artery', which is an artery"),
        ("left_ventricle", "vena_cava_superior", "heartmate3 gives blood to 'vena_cava_superior', which is a vein"),
        ("left_ventricle", "right_ventricle", "gives blood to 'right_ventricle', which is a chamber of the heart"),
    ],
)
def test_where_it_may_not(inlet, outlet, said):
    with pytest.raises(ModelError, match=said):
        load("heartmate3")(inlet, outlet)


def test_modes_have_names():
    pump = load("heartmate3")("left_ventricle", "aorta", mode="preload")
    assert pump.parts["firmware"].value("mode") == 2
    with pytest.raises(ModelError, match="mode cannot be 'warp'; choose constant, pulse, preload"):
        load("heartmate3")("left_ventricle", "aorta", mode="warp")
