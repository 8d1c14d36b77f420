"""For all tests: small matrices gain nothing from several threads, and tests that run side by side lose much by them."""

import os

for name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(name, "1")  # pytest-xdist's workers start after this and inherit it

from hypothesis import settings  # noqa: E402

settings.register_profile("without a clock", deadline=None)  # a busy machine is no error
settings.load_profile("without a clock")
