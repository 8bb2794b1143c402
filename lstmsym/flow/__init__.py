"""What flows back: norms of gradients by lag, exact at any length.

The folder and the public verb share a name, so the folder can be called: ls.flow(["rnn", "lstm"]).
"""

import sys
from functools import wraps
from types import ModuleType
from typing import Any

from lstmsym.flow.measuring import measure
from lstmsym.flow.norms import log_norms, matrices
from lstmsym.flow.result import CellFlow, Flow


class _Verb(ModuleType):
    """This module, callable as `measure`."""

    @wraps(measure)
    def __call__(self, *arguments: Any, **choices: Any) -> Flow:
        return measure(*arguments, **choices)


sys.modules[__name__].__class__ = _Verb

__all__ = ["CellFlow", "Flow", "log_norms", "matrices", "measure"]
