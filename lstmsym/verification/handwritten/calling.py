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
from lstmsym.verification.handwritten.labels import watching
from lstmsym.verification.handwritten.naming import array_named
from lstmsym.verification.handwritten.running_file import one_line

Array = Any
Function = Callable[..., Any]
STORED = {"cache", "caches", "tape", "saved", "stored", "memory", "ctx", "trace"}
MANY = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
UPSTREAM = re.compile(r"d[A-Za-z_]\w*|grad\w*|\w+_grad|delta\w*|top_diff\w*|upstream\w*")
UPSTREAM_NAMES = "dout, dy, d…, grad…, …_grad, delta…, top_diff… or upstream…"


class Fitted:
    """The two functions of a file, called with one dict of arrays each.

    A function takes the whole dict, or one argument for each array it names; a further argument without a
    default takes what forward returned under that name, or, named `cache` or the like, all that it returned
    besides the loss, or else what is left as a dict. Where forward returns arrays and no loss, and backward takes
    a gradient by each of them (dout, dnext_h), these are drawn and the loss is Σ dout ⊙ out.

    drawn    such gradients, once the loss has been run, each with what it is the gradient by
    returns  what forward calls the parts of its answer
    """

    def __init__(
        self, path: Path, forward: Function, backward: Function, at: Mapping[str, Any]
    ) -> None:
        self.path, self.forward, self.backward, self.at = path, forward, backward, at
        self.drawn: dict[str, str] = {}
        self.returns: tuple[str, ...] | None = None

    def loss(self, arrays: dict[str, Any]) -> Any:
        """What forward returns; Σ dout ⊙ out where that is no loss and backward asks for dout."""
        with contextlib.redirect_stdout(io.StringIO()):
            found = self._forwards(arrays)
        if number_among(found) is not None:
            return found
        outputs = self._outputs(found)
        if not outputs:
            raise InputError(
                f"{self.path}: {self.forward.__name__} returns {kinds(found)}; a single number was expected, the loss, "
                f"alone or in a tuple: write loss = np.sum(…); or, of a layer, let {self.backward.__name__} take the "
                f"gradient by each array that is returned, and call it {UPSTREAM_NAMES}"
            )
        return sum(np.sum(drawn(n, out) * out) for n, out in outputs.items())

    def gradients(self, arrays: dict[str, Any]) -> Any:
        """What backward returns."""
        with one_line(self.path), contextlib.redirect_stdout(io.StringIO()):
            return self._called(self.backward, arrays)

    def _forwards(self, arrays: dict[str, Any]) -> Any:
        """What forward returns; the first time it is watched for what it calls that."""
        if self.returns is not None:
            return self._called(self.forward, arrays)
        with watching() as watched:
            found = self._called(self.forward, arrays)
        self.returns = watched.labels(found)
        return found

    @property
    def upstream(self) -> list[str]:
        """The arguments of backward that can only be gradients by what forward returns."""
        taken = {p.name for p in _parameters(self.backward)}
        known = {*self.at, *(self.returns or ())}
        free = [p.name for p in _parameters(self.backward) if _needed(p) and p.name not in known]
        free = [n for n in free if not _is_store(n)]
        named = [n for n in free if UPSTREAM.fullmatch(n)]
        rest = any(p.kind is p.VAR_KEYWORD for p in _parameters(self.backward))
        return named or (free if len(free) == 1 and (rest or taken >= set(self.at)) else [])

    def _outputs(self, found: Any) -> dict[str, Array]:
        """Upstream gradient → the array that forward returns for it; none where there is a loss.

        By name, dh_next for h_next; the others in their order.
        """
        if number_among(found) is not None:
            return {}
        parts, labels = (found, self.returns) if isinstance(found, tuple | list) else ((found,), ())
        labels = labels if labels and len(labels) == len(parts) else ("",) * len(parts)
        arrays = [
            (label, a)
            for label, a in zip(labels, parts, strict=True)
            if isinstance(a, np.ndarray) and a.dtype.kind in "fc"
        ]
        of = {n: array_named(n, [label for label, _ in arrays]) for n in self.upstream}
        named = {
            n: pair for n, meant in of.items() for pair in arrays if meant and pair[0] == meant
        }
        others = iter([pair for pair in arrays if pair[0] not in of.values()])
        pairs = {**dict(zip([n for n in of if n not in named], others, strict=False)), **named}
        if len(pairs) < len(of):
            return {}
        self.drawn = {n: pairs[n][0] for n in of}
        return {n: pairs[n][1] for n in of}

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
        if self.returns is None:
            self._forwards(arrays)
        returns = self.returns or ()
        wanted = [n for n in names if _is_store(n) or n in (*returns, *self.upstream)]
        if not wanted:
            return {}
        found = self._called(self.forward, arrays)
        parts = found if isinstance(found, tuple | list) else (found,)
        named = dict(zip(returns, parts, strict=True)) if len(returns) == len(parts) else {}
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
