"""Parts of a gradient that words name: ∂L/∂h_t|_{output}, ∇_{c_t}^{future} L, ∂C_t/∂C_{t-1}|_{indirect}."""

from __future__ import annotations

import re
from collections.abc import Mapping

from lstmsym.formulas import tree as f
from lstmsym.verification.claims.algebra import Algebra
from lstmsym.verification.claims.letters import LOSSES
from lstmsym.verification.claims.scripts import split_scripts
from lstmsym.verification.claims.symbols import Found, Symbols, Undefined
from lstmsym.verification.claims.value import Value

LATER = re.compile(
    r"^(?:[a-z]\s*)?>\s*t$|future|recur|next|later|(?:from|via|through)?t\+1|carried|temporal|bptt|未来|未來|будущ",
    re.IGNORECASE,
)
OWN = re.compile(r"output|local|current|direct|own|loss|out\b|pred|当前|當前|текущ", re.IGNORECASE)
WHOLE = ("total", "all", "tot", "whole", "seq", "overall", "train")
KINDS = ("total", "block", "step", "direct")
INDIRECT = "indirect"
GUESSED = "taken for granted: "


def is_part(node: f.Node) -> bool:
    """Whether a written gradient names a part of itself in words: ∂L/∂h_t|_{direct}."""
    of_loss = isinstance(node, f.Derivative) and getattr(node.above, "base", "") in LOSSES
    return of_loss and getattr(node, "kind", "") not in ("", *KINDS[:-1])


class PartsInWords:
    """The part of the evaluator that knows such words."""

    symbols: Symbols
    algebra: Algebra

    def between(self, above: Found, below: Found, kind: str, times: Mapping[str, int]) -> Value:
        """∂above/∂below of a kind."""
        raise NotImplementedError

    def part_of_loss(self, node: f.Derivative, times: Mapping[str, int]) -> str:
        """The words of L_{from output} and of a bar behind ∂L/∂h_t; "" where the whole loss is meant."""
        above = node.above
        scripts = split_scripts(above, times) if isinstance(above, f.Symbol) else ()
        words = [a for _, power, a in scripts if power is None]
        said = all(len(a) > 2 or a.startswith(">") for a in words)
        named = words[0] if words and said else ""
        named = "" if named.lower() in WHOLE or named.isupper() else named  # L_{BCE} is the loss
        return node.kind if node.kind and node.kind not in KINDS[:-1] else named

    def of_part(
        self, node: f.Derivative, words: str, below: Found, times: Mapping[str, int]
    ) -> Value:
        """What the loss of the step itself, or later steps, send to a signal, as words say."""
        time = times["t"] if below.time is None else below.time
        truth, name = self.symbols.truth, below.meaning.name
        if below.meaning.kind == "signal" and LATER.search(words) and name in truth.cell.states:
            self.algebra.note(f"{GUESSED}'{words}' is what the later steps send back")
            return Value(truth.carried(name, time))
        if below.meaning.kind == "signal" and OWN.search(words):
            self.algebra.note(f"{GUESSED}'{words}' is what the loss of the step itself sends back")
            return Value(truth.own(name, time, time))
        raise Undefined(node, f"'{words}' names a part of the gradient in words only")

    def indirect(self, above: Found, below: Found, times: Mapping[str, int]) -> Value:
        """All but the direct partial derivative."""
        total, direct = (self.between(above, below, a, times) for a in ("total", "direct"))
        return self.algebra.add(total, self.algebra.negative(direct))
