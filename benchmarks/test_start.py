"""How long a person waits for the first word."""

import subprocess
import sys

import pytest

COMMANDS = {
    "an empty Python": [sys.executable, "-c", "pass"],
    "proband --help": [sys.executable, "-m", "proband.cli", "--help"],
    "proband list devices": [sys.executable, "-m", "proband.cli", "list", "devices"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_starting(benchmark, command):
    benchmark.pedantic(subprocess.run, (COMMANDS[command],), {"check": True, "capture_output": True}, rounds=5)
