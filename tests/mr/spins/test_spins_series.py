"""Polynomials stand for functions to the rounding of the number they are computed in."""

import numpy as np
import pytest

from proband.mr.spins.vectors import cos_pi, polynomial, sin_pi


@pytest.mark.parametrize(("number", "error", "most"), [("float", 3e-8, 8), ("double", 6e-16, 15)])
@pytest.mark.parametrize(
    ("function", "low", "high"), [(sin_pi, 0, 0.25), (cos_pi, 0, 0.25), (np.exp, -0.3466, 0.3466), (cos_pi, 0, 0.069)]
)
def test_a_series_errs_no_more_than_rounding(function, low, high, number, error, most):
    x = np.linspace(low, high, 501)
    coefficients = polynomial(function, low, high, number)
    found = np.polynomial.polynomial.polyval(x, coefficients)
    assert np.abs(found - function(x)).max() < error * np.abs(function(x)).max()
    assert len(coefficients) <= most
