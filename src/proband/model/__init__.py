"""The words of the model: what holds, what moves, what exchanges, what tells and what decides."""

from proband.model.body import Body, Substance
from proband.model.component import (
    Assembly,
    Component,
    Part,
    Site,
    compartment,
    controller,
    foreign,
    membrane,
    path,
    reaction,
    signal,
)
from proband.model.maths import (
    absolute,
    cos,
    exp,
    floor,
    limited,
    log,
    maximum,
    minimum,
    positive,
    random_uniform,
    sin,
    solve,
    sqrt,
    tanh,
    where,
    wrapped,
)
from proband.model.nearest import did_you_mean
from proband.model.outputs import Output
from proband.model.rows import (
    Alarm,
    ModelError,
    Ramp,
    Row,
    alarm,
    command,
    content,
    end,
    event,
    gives,
    memory,
    param,
    ramp,
    reads,
    state,
)
from proband.model.structure import structure

__all__ = [
    "Alarm", "Assembly", "Body", "Component", "ModelError", "Output", "Part", "Ramp", "Row", "Site", "Substance",
    "absolute", "alarm", "command", "compartment", "content", "controller", "cos", "did_you_mean", "end", "event", "exp",
    "floor", "foreign", "gives", "limited", "log", "maximum", "membrane", "memory", "minimum", "param", "path",
    "positive", "ramp", "random_uniform", "reaction", "reads", "signal", "sin", "solve", "sqrt", "state", "structure", "tanh", "where", "wrapped",
]  # fmt: skip
