"""From what went wrong to one line on stderr and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

import click

from lstmsym.errors import LstmsymError

INTERRUPTED = 130


class Failure(click.ClickException):
    """A sentence for the person who asked, and the exit code that goes with it."""

    def __init__(self, message: str, exit_code: int = 2) -> None:
        super().__init__(message)
        self.exit_code = exit_code  # type: ignore[misc]  # click reads it off the instance

    def show(self, file: IO[Any] | None = None) -> None:
        error = "Error:" if os.environ.get("NO_COLOR") else click.style("Error:", fg="red")
        click.echo(f"{error} {self.format_message()}", file=file or sys.stderr, err=True)


@contextmanager
def one_line() -> Iterator[None]:
    """Whatever is raised inside leaves as a Failure; a reader that has gone away is no failure."""
    try:
        yield
    except LstmsymError as error:
        raise Failure(str(error), error.exit_code) from error
    except click.UsageError as error:
        raise _usage(error) from error
    except BrokenPipeError:
        _forget_stdout()
        raise click.exceptions.Exit(0) from None
    except KeyboardInterrupt as error:
        raise Failure("interrupted", INTERRUPTED) from error
    except MemoryError as error:
        raise Failure(
            "this needs more memory than there is; ask for fewer steps, seeds or units"
        ) from error
    except OSError as error:
        raise Failure(_of_system(error)) from error


def _usage(error: click.UsageError) -> Failure:
    """Click's message on one line, with the help to read."""
    said = " ".join(error.format_message().split())
    path = error.ctx.command_path if error.ctx else "lstmsym"
    return Failure(f"{said.rstrip('.')}; see '{path} --help'")


def _of_system(error: OSError) -> str:
    """'out/x.tex: No such file or directory', whatever the system named."""
    said = error.strerror or str(error) or type(error).__name__
    return f"{error.filename}: {said}" if error.filename else said


def _forget_stdout() -> None:
    """Let the buffered rest of stdout go nowhere, so that leaving does not fail once more."""
    with suppress(OSError, ValueError):  # a stdout that is no file, as in tests
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
