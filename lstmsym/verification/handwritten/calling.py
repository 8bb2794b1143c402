"""The two functions of a file, called as their parameters ask: with arrays, one dict, a cache, an upstream gradient."""

from __future__ import annotations

import contextlib
import inspect
import io
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from lstmsym.errors import InputError
from lstmsym.verification.handwritten.author import kinds, number_among
from lstmsym.verification.handwritten.labels import Labelled, labels_of
from lstmsym.verification.handwritten.running_file import one_line

Array = Any
Function = Callable[..., Any]
STORED = {"cache", "caches", "tape", "saved", "stored", "memory", "ctx", "trace"}
MANY = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
UPSTREAM = re.compile(r"d[A-Za-z_]\w*|grad\w*|\w+_grad|delta\w*|top_diff\w*|upstream\w*")


class Fitted:
    """The two functions of a file, called with one dict of arrays each.

    A function takes the whole dict, or one argument for each array it names; a further argument without a
    default takes what forward returned under that name, or, named `cache` or the like, all that it returned
    besides the loss, or else what is left as a dict. Where forward returns arrays and no loss, and backward takes
    a gradient by each of them (dout, dnext_h), these are drawn and the loss is Σ dout ⊙ out.

    drawn  the names of such gradients, once the loss has been run
    """

    def __init__(
        self, path: Path, forward: Function, backward: Function, at: Mapping[str, Any]
    ) -> None:
        self.path, self.forward, self.backward, self.at = path, forward, backward, at
        self.returns, self.gives = labels_of(forward), labels_of(backward)
        taken = [p.name for p in _parameters(backward) if p.default is p.empty]
        known = {*at, *self.returns}
        self.drawn: tuple[str, ...] = ()
        self.upstream = [n for n in taken if n not in known and UPSTREAM.fullmatch(n)]

    def loss(self, arrays: dict[str, Any]) -> Any:
        """What forward returns; Σ dout ⊙ out where that is no loss and backward asks for dout."""
        with contextlib.redirect_stdout(io.StringIO()):
            found = self._called(self.forward, arrays)
        outputs = self._outputs(found)
        if not outputs:
            return found
        self.drawn = tuple(outputs)
        return sum(np.sum(drawn(n, out) * out) for n, out in outputs.items())

    def gradients(self, arrays: dict[str, Any]) -> Any:
        """What backward returns."""
        with one_line(self.path), contextlib.redirect_stdout(io.StringIO()):
            found = self._called(self.backward, arrays)
        return Labelled(found, self.gives) if isinstance(found, tuple | list) else found

    def _outputs(self, found: Any) -> dict[str, Array]:
        """Upstream gradient → the array that forward returns for it; none where there is a loss."""
        parts = found if isinstance(found, tuple | list) else (found,)
        if not self.upstream or number_among(found) is not None:
            return {}
        arrays = [a for a in parts if isinstance(a, np.ndarray) and a.dtype.kind in "fc"]
        named = dict(zip(self.upstream, arrays, strict=False))
        return named if len(named) == len(self.upstream) else {}

    def _called(self, function: Function, arrays: dict[str, Any]) -> Any:
        arguments: dict[str, Any] = {}
        rest = []
        for parameter in _parameters(function):
            if parameter.name in arrays:
                arguments[parameter.name] = arrays[parameter.name]
            elif _needed(parameter) or (function is self.backward and _is_store(parameter.name)):
                rest.append(parameter.name)
        if function is self.backward and function is not self.forward:
            arguments |= self._from_forward(rest, arrays)
            rest = [n for n in rest if n not in arguments]
        if len(rest) > 1:
            raise InputError(
                f"{self.path}: {function.__name__} needs {', '.join(rest)}, which are not among the arrays "
                f"({', '.join(arrays)}); name them alike, or let it take one dict"
            )
        left = {n: a for n, a in arrays.items() if n not in arguments}
        if any(p.kind is p.VAR_KEYWORD for p in _parameters(function)):
            return function(**arguments, **left)
        return function(**arguments, **{name: left for name in rest})

    def _from_forward(self, names: list[str], arrays: dict[str, Any]) -> dict[str, Any]:
        """What forward returns under these names, its cache, and drawn upstream gradients."""
        wanted = [n for n in names if _is_store(n) or n in (*self.returns, *self.upstream)]
        if not wanted:
            return {}
        found = self._called(self.forward, arrays)
        parts = found if isinstance(found, tuple | list) else (found,)
        named = (
            dict(zip(self.returns, parts, strict=False)) if len(self.returns) == len(parts) else {}
        )
        outputs = {n: drawn(n, out) for n, out in self._outputs(found).items()}
        given = {**named, **outputs}
        for name in wanted:
            if name not in given and _is_store(name):
                given[name] = self._cache(found, len(outputs))
        return {n: given[n] for n in wanted if n in given}

    def _cache(self, found: Any, outputs: int) -> Any:
        """All that forward returned besides the loss or the outputs; of a loss in the middle the one container."""
        place = number_among(found)
        parts = list(found) if isinstance(found, tuple) else []
        rest = (
            [p for n, p in enumerate(parts) if n != place] if place is not None else parts[outputs:]
        )
        if not rest:
            raise InputError(
                f"{self.path}: the backward pass takes a cache, so forward has to return (loss, cache); "
                f"it returns {kinds(found)}"
            )
        stores = [p for p in rest if isinstance(p, tuple | list | dict)]
        if place != 0 and len(stores) == 1:
            return stores[0]
        return rest[0] if len(rest) == 1 else tuple(rest)


def drawn(name: str, out: Array) -> Array:
    """An upstream gradient: N(0, 1), the same numbers for the same name and shape."""
    seed = [*name.encode(), *out.shape]
    return np.random.default_rng(seed).standard_normal(out.shape)


@lru_cache(maxsize=64)
def _parameters(function: Function) -> tuple[inspect.Parameter, ...]:
    try:
        return tuple(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return ()


def _needed(parameter: inspect.Parameter) -> bool:
    return parameter.default is parameter.empty and parameter.kind not in MANY


def _is_store(name: str) -> bool:
    return name.lower() in STORED
