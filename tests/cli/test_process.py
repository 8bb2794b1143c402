"""The command as a process: pipes, interrupts, start-up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

LSTMSYM = [sys.executable, "-m", "lstmsym"]


def run(*args: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*LSTMSYM, *args], capture_output=True, text=True, **options)


def test_a_reader_that_leaves_is_no_failure() -> None:
    line = f"{sys.executable} -m lstmsym derive lstm | head -1; exit ${{PIPESTATUS[0]}}"
    found = subprocess.run(["bash", "-c", line], capture_output=True, text=True)
    assert found.returncode == 0
    assert len(found.stdout.splitlines()) == 1
    assert "Traceback" not in found.stderr and "Broken" not in found.stderr


def test_help_to_a_closed_pipe() -> None:
    read, write = os.pipe()
    os.close(read)
    found = subprocess.run([*LSTMSYM, "--help"], stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert (found.returncode, found.stderr) == (0, "")


def test_a_full_disk_is_one_line() -> None:
    with open("/dev/full", "w") as full:
        found = subprocess.run([*LSTMSYM, "cells"], stdout=full, stderr=subprocess.PIPE, text=True)
    assert found.returncode == 2
    assert found.stderr.startswith("Error: No space left on device")
    assert "Traceback" not in found.stderr


def test_an_interrupt_leaves_nothing(tmp_path: Path) -> None:
    asked = ["report", "lstm", "-o", str(tmp_path / "r"), "--seeds", "1000", "--steps", "500"]
    process = subprocess.Popen([*LSTMSYM, *asked], stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not any(tmp_path.glob(".r*/lstm.txt")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert said == "Error: interrupted\n"
    assert list(tmp_path.iterdir()) == []


def test_a_refusal_is_one_line() -> None:
    found = run("show", "lstn")
    assert (found.returncode, found.stdout) == (2, "")
    assert found.stderr.count("\n") == 1 and "did you mean 'lstm'?" in found.stderr


def test_no_codes_without_a_terminal() -> None:
    assert "\x1b" not in run("cells").stdout


def test_ascii_terminals_do_not_break() -> None:
    found = run("show", "lstm", env={**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert found.returncode in (0, 2)
    assert "Traceback" not in found.stderr
