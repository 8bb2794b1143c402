"""lstmsym doctor: what is there, what could be, and whether it works."""

from __future__ import annotations

import platform
import shutil
import time
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

import click

from lstmsym.cli.choices import Word, as_json, dumped, epilog
from lstmsym.cli.failing import Failure
from lstmsym.cli.terminal import styled, table

SCHEMA = "lstmsym/doctor/1"
LIBRARIES = (
    "autograd",
    "click",
    "lark",
    "matplotlib",
    "numpy",
    "sympy",
    "threadpoolctl",
    "tueplots",
)
TEX = "apt-get install texlive-latex-recommended"


def _command(name: str) -> bool:
    return shutil.which(name) is not None


def _module(name: str) -> bool:
    return find_spec(name) is not None


# name, what it is for, the line that installs it, how it is found
OPTIONAL: dict[str, tuple[str, str, Callable[[str], bool]]] = {
    "pdflatex": ("compiles the articles", TEX, _command),
    "torch": ("a rival in tests/interop", "pip install torch==2.13.0", _module),
    "jax": ("a rival in tests/interop", "pip install jax jaxlib", _module),
}


@click.command(epilog=epilog("doctor", "doctor --json", "doctor --need pdflatex"))
@click.option(
    "--need",
    type=Word("tool", tuple(OPTIONAL)),
    multiple=True,
    help="An optional tool that has to be there; leave with exit code 3 if it is not.",
)
@as_json
def doctor(need: tuple[str, ...], json: bool) -> None:
    """What is installed, what could be, and a short self check that derives and checks the LSTM."""
    found = examined()
    click.echo(dumped(found) if json else _page(found))
    if not found["self_check"]["passed"]:
        raise Failure("the self check did not pass", 1)
    missing = [name for name in need if not found["optional"][name]["present"]]
    if missing:
        raise Failure(f"{missing[0]} is missing; install it with: {OPTIONAL[missing[0]][1]}", 3)


def examined() -> dict[str, Any]:
    """Everything that the doctor looks at."""
    from lstmsym import __version__

    optional = {
        name: {"present": there(name), "for": purpose, "install": line}
        for name, (purpose, line, there) in OPTIONAL.items()
    }
    return {
        "schema": SCHEMA,
        "lstmsym": __version__,
        "python": platform.python_version(),
        "system": platform.system(),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "optional": optional,
        "self_check": self_check(),
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def self_check() -> dict[str, Any]:
    """Derive every quantity of the LSTM with its check. Never raises: a broken installation is a finding."""
    start = time.perf_counter()
    try:
        from lstmsym import api

        results = api.derive("lstm").results
        worst = max(r.checked.autograd_max_rel_error for r in results)
        found: dict[str, Any] = {
            "passed": all(r.checked.passed for r in results),
            "results": len(results),
            "autograd_max_rel_error": worst,
        }
    except Exception as error:
        found = {"passed": False, "error": f"{type(error).__name__}: {error}"}
    return {**found, "seconds": round(time.perf_counter() - start, 3)}


def _page(found: dict[str, Any]) -> str:
    rows = [("lstmsym", found["lstmsym"], ""), ("Python", found["python"], "")]
    rows += [_library(name, number) for name, number in found["libraries"].items()]
    rows += [_optional(name, tool) for name, tool in found["optional"].items()]
    return table(("what", "version", ""), rows) + "\n\n" + _verdict(found["self_check"])


def _library(name: str, number: str | None) -> tuple[str, str, str]:
    return (name, number or "missing", "" if number else f"install it with: pip install {name}")


def _optional(name: str, tool: dict[str, Any]) -> tuple[str, str, str]:
    if tool["present"]:
        return (name, "present", tool["for"])
    return (name, "missing", f"optional, {tool['for']}; install it with: {tool['install']}")


def _verdict(check: dict[str, Any]) -> str:
    if "error" in check:
        return f"{styled('self check failed', fg='red')}: {check['error']}"
    word = styled("self check passed", fg="green") if check["passed"] else "self check failed"
    return (
        f"{word}: {check['results']} results of the LSTM derived and checked in {check['seconds']:.2f} s, largest "
        f"relative difference to autograd {check['autograd_max_rel_error']:.1e}"
    )
