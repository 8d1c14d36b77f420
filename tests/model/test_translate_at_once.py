"""Several threads may build engines at the same time: what one translates, no other changes under its hands."""

import importlib.util
import sys
import threading

import pytest

from proband.model.translate import translated

BRANCHES = "".join(f"    if a > {i}:\n        b = b * 2 + {i}\n    else:\n        b = b - 1\n" for i in range(60))


@pytest.fixture
def impatient():
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_threads_that_translate_the_same_function_get_the_same_function(tmp_path, impatient):
    path = tmp_path / "written_for_threads.py"
    path.write_text("".join(f"def law_{n}(a, b):\n{BRANCHES}    return b\n" for n in range(6)), encoding="utf-8")
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    for n in range(6):
        law, found, begin = getattr(module, f"law_{n}"), [], threading.Barrier(4)

        def ask(law=law, found=found, begin=begin):
            begin.wait()
            found.append(translated(law))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(found) == 4 and len(set(found)) == 1
        assert found[0](7.0, 1.0) == law(7.0, 1.0)
