"""Dicts of parameters within the dict of arrays, {"x": x, "lstm": {"W": W, "b": b}}: flat for the check alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Path = tuple[str | int, ...]
Function = Callable[[dict[str, Any]], Any]


@dataclass(frozen=True)
class Nested:
    """A dict of arrays with dicts in it; names are the last keys, or, where two are alike, all keys with dots."""

    tree: Mapping[str, Any]

    @property
    def flat(self) -> dict[str, Any]:
        """Name → array."""
        return dict(zip(self.names, (value for _, value in leaves(self.tree)), strict=True))

    @property
    def names(self) -> list[str]:
        paths = [path for path, _ in leaves(self.tree)]
        alike = Counter(path[-1] for path in paths)
        return [
            str(path[-1]) if alike[path[-1]] == 1 else ".".join(map(str, path)) for path in paths
        ]

    def rebuilt(self, arrays: Mapping[str, Any]) -> Any:
        """Arrays by name, in the form of the tree."""
        paths = (path for path, _ in leaves(self.tree))
        values = {path: arrays[n] for path, n in zip(paths, self.names, strict=True)}
        return _filled(self.tree, (), values)

    def loss(self, function: Function) -> Function:
        """A loss of the tree as one of the flat dict."""
        return lambda arrays: function(self.rebuilt(arrays))

    def gradients(self, function: Function) -> Function:
        """Gradients of the tree as some of the flat dict; what they return is read as it is."""
        return lambda arrays: function(self.rebuilt(arrays))


def is_nested(at: Any) -> bool:
    """Whether a dict of arrays has a dict, or a list of dicts, for one of its values."""
    return isinstance(at, Mapping) and any(map(_branches, at.values()))


def leaves(tree: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that is no dict and no list of dicts, with the keys that lead to it."""
    for key, value in _parts(tree):
        if _branches(value):
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def _filled(tree: Any, path: Path, values: Mapping[Path, Any]) -> Any:
    parts = {
        key: _filled(value, (*path, key), values) if _branches(value) else values[(*path, key)]
        for key, value in _parts(tree)
    }
    return parts if isinstance(tree, Mapping) else list(parts.values())


def _parts(tree: Any) -> Iterator[tuple[Any, Any]]:
    yield from tree.items() if isinstance(tree, Mapping) else enumerate(tree)


def _branches(value: Any) -> bool:
    if isinstance(value, Mapping):
        return bool(value) and all(isinstance(key, str) for key in value)
    some = isinstance(value, Sequence) and not isinstance(value, str) and len(value) > 0
    return some and all(isinstance(part, Mapping) and _branches(part) for part in value)
