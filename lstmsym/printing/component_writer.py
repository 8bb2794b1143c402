"""Scalars of component form as strings, in both formats: v^i W^{ij}, Σ_l A^{il} B^{lj}."""

from __future__ import annotations

from itertools import groupby

from lstmsym.equations import derived as d
from lstmsym.equations.terms import Term
from lstmsym.errors import MissingRule
from lstmsym.printing import entries as s
from lstmsym.printing.breaks import flat
from lstmsym.printing.components import component
from lstmsym.printing.derivatives import Writer
from lstmsym.printing.entries import Index, Scalar
from lstmsym.printing.latex import LatexWriter
from lstmsym.printing.text import TextWriter
from lstmsym.printing.times import time

OPEN = (s.Contraction, s.OverTime)


def latex_component(term: Term, i: str = "i", j: str = "j") -> str:
    """The (i, j) entry of a term in LaTeX."""
    return ComponentWriter(LatexWriter()).write(component(term, i, j))


def text_component(term: Term, i: str = "i", j: str = "j") -> str:
    """The (i, j) entry of a term for the terminal.

    >>> from lstmsym.cells import from_catalogue
    >>> text_component(d.Diagonal(from_catalogue("lstm").signal("f")))
    'f_t^i δ_{ij}'
    """
    return ComponentWriter(TextWriter()).write(component(term, i, j))


class ComponentWriter:
    """One method a scalar; names and marks are those of a writer of terms."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer

    def write(self, scalar: Scalar) -> str:
        """Raises MissingRule for a scalar without a method."""
        method = getattr(self, f"write_{type(scalar).__name__}", None)
        if method is None:
            raise MissingRule(f"no way to print {type(scalar).__name__}; see component_writer.py")
        return flat(method(scalar))

    def write_Number(self, scalar: s.Number) -> str:
        value = scalar.value
        return self.writer.write(value) if isinstance(value, Term) else self.writer.number(value)

    def write_Delta(self, scalar: s.Delta) -> str:
        return self.writer.scripts(self.writer.delta, indices(scalar.i, scalar.j))

    def write_Entry(self, scalar: s.Entry) -> str:
        if isinstance(scalar.of, d.ProductOverTime):
            inside = self.writer.in_brackets(scalar.of)
            return self.writer.scripts(inside, "", indices(*scalar.indices))
        method = getattr(self.writer, f"write_{type(scalar.of).__name__}")
        if isinstance(scalar.of, d.Partial):
            return method(scalar.of, *map(time, scalar.indices))
        return method(scalar.of, indices(*scalar.indices))

    def write_Apply(self, scalar: s.Apply) -> str:
        inside = scalar.inside
        if scalar.function != "square":
            return self.writer.activation(scalar.function) + self.bracket(inside)
        if isinstance(inside, s.Apply) and inside.function != "square":
            name = self.writer.power(self.writer.activation(inside.function), 2)
            return name + self.bracket(inside.inside)
        return self.writer.power(self.bracket(inside), 2)

    def write_Sum(self, scalar: s.Sum) -> str:
        written = ""
        for n, a in enumerate(scalar.parts):
            negative, size = signed(a)
            sign = "-" if negative else "+" if n else ""
            closed = isinstance(size, s.Sum)
            written += (f" {sign} " if n else sign) + (
                self.bracket(size) if closed else self.write(size)
            )
        return written

    def write_Product(self, scalar: s.Product) -> str:
        negative, size = signed(scalar)
        if negative:
            return "-" + (self.bracket(size) if isinstance(size, s.Sum) else self.write(size))
        groups = [(a, len(list(same))) for a, same in groupby(scalar.parts)]
        last = len(groups) - 1
        return self.writer.thin.join(
            self.factor(a, n, m == last) for m, (a, n) in enumerate(groups)
        )

    def factor(self, scalar: Scalar, times: int, last: bool) -> str:
        if times > 1:
            return self.writer.power(self.bracket(scalar), times)
        closed = (
            isinstance(scalar, s.Sum)
            or signed(scalar)[0]
            or (isinstance(scalar, OPEN) and not last)
        )
        return self.bracket(scalar) if closed else self.write(scalar)

    def write_Ratio(self, scalar: s.Ratio) -> str:
        parts = (scalar.above, scalar.below)
        simple = isinstance(self.writer, LatexWriter)
        written = (
            self.write(a) if simple or isinstance(a, s.Entry) else self.bracket(a) for a in parts
        )
        return self.writer.fraction(*written)

    def write_Contraction(self, scalar: s.Contraction) -> str:
        return self.writer.operator("Σ", time(scalar.index)) + self.behind(scalar.body)

    def write_OverTime(self, scalar: s.OverTime) -> str:
        limits = f"{time(scalar.index)}={time(scalar.lower)}"
        return self.writer.operator(scalar.sign, limits, time(scalar.upper)) + self.behind(
            scalar.body
        )

    def write_Cases(self, scalar: s.Cases) -> str:
        end, parts = 0, []
        for size, part in scalar.parts:
            end += size
            last = part is scalar.parts[-1][1]
            parts.append((self.write(part), "" if last else f"{time(scalar.index)} ≤ {time(end)}"))
        return self.writer.cases(parts)

    def behind(self, scalar: Scalar) -> str:
        closed = isinstance(scalar, s.Sum) or signed(scalar)[0]
        return self.bracket(scalar) if closed else self.write(scalar)

    def bracket(self, scalar: Scalar) -> str:
        return self.writer.bracket(self.write(scalar))


def indices(*places: Index) -> str:
    """ij, and i,j+n where one of them is more than a letter."""
    written = [time(a) for a in places]
    return ("" if all(len(a) == 1 for a in written) else ",").join(written)


def signed(scalar: Scalar) -> tuple[bool, Scalar]:
    """Whether a minus stands in front, and what stands behind it."""
    first = scalar.parts[0] if isinstance(scalar, s.Product) else scalar
    if not (isinstance(first, s.Number) and first.value.is_number and first.value < 0):
        return False, scalar
    size = s.Number(-first.value)
    if not isinstance(scalar, s.Product):
        return True, size
    rest = scalar.parts[1:] if size.value == 1 else (size, *scalar.parts[1:])
    return True, rest[0] if len(rest) == 1 else s.Product(rest)
