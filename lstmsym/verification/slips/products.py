"""Slips with the factors of a product: forgotten, too many, applied to one summand alone, out of order."""

from __future__ import annotations

from collections.abc import Iterator

from lstmsym.equations.derived import Adjoint, Columns, Outer, Transposed
from lstmsym.equations.terms import (
    Concatenation,
    Elementwise,
    Fill,
    Hadamard,
    MatrixProduct,
    Parameter,
    Plus,
    Quotient,
    Term,
    t,
    walk,
)
from lstmsym.verification.slips.sites import Change, Form, Site, everywhere, joined, tried

PRODUCTS = (Hadamard, MatrixProduct)


def brackets(site: Site) -> Iterator[Change]:
    """A factor of a sum reaches one summand only: a ⊙ c + b for (a + b) ⊙ c."""
    factors = _factors(site)
    for n, a in enumerate(factors):
        if isinstance(a, Plus):
            for group in _groups(factors, n):
                yield from _bracketed(site, n, a, group)


def _groups(factors: tuple[Term, ...], n: int) -> Iterator[tuple[int, ...]]:
    """Which factors lose the brackets: all but the sum, each alone, those before and those behind it."""
    others = tuple(m for m in range(len(factors)) if m != n)
    behind, before = others[n:], others[:n]
    yield from dict.fromkeys(g for g in (others, behind, before, *((m,) for m in others)) if g)


def _bracketed(site: Site, n: int, total: Term, group: tuple[int, ...]) -> Iterator[Change]:
    factors, kind = site.term.parts, type(site.term)
    kept = [m for m in range(len(factors)) if m not in group]

    def product(numbers: list[int], summand: Term) -> Term | None:
        return tried(kind, (summand if m == n else factors[m] for m in numbers))

    shown = tried(kind, (factors[m] for m in group)) or factors[group[0]]
    for m in (0, *range(len(total.args) - 1, 0, -1)):
        reached = total.parts[m]
        rest = joined(Plus, (*total.parts[:m], *total.parts[m + 1 :]))
        parts = [
            product(sorted((*kept, *group)) if b is reached else kept, b) for b in (reached, rest)
        ]
        said = "{} multiplies only {}, not the whole sum: brackets are missing"
        yield Change(tried(Plus, parts), said, (shown, reached), total)
        if len(total.args) > 2:
            parts = [
                product(kept if b is reached else sorted((*kept, *group)), b)
                for b in (reached, rest)
            ]
            yield Change(
                tried(Plus, parts),
                "{} does not multiply {}: brackets are missing",
                (shown, reached),
                total,
            )


def lost(site: Site) -> Iterator[Change]:
    """A factor is forgotten."""
    factors = _factors(site)
    for n, a in enumerate(factors):
        if not isinstance(a, Fill):
            rest = tried(type(site.term), (*factors[:n], *factors[n + 1 :]))
            yield Change(rest, "the factor {} is missing", (a,), a)


def added(site: Site) -> Iterator[Change]:
    """One of the cell's signals multiplied once more."""
    if not _takes_factor(site):
        return
    for signal in site.form.cell.signals.values():
        if signal.rows == site.term.rows and signal.name not in site.form.inner:
            for factor in (signal, signal.at(_time(site.term)), signal.at(t - 1)):
                yield Change(
                    Hadamard(site.term, factor), "the factor {} is too many", (factor,), site.term
                )


def repeated(site: Site) -> Iterator[Change]:
    """One of the factors that are there stands twice."""
    factors = _factors(site)
    for n, a in enumerate(factors):
        if a.rows == a.cols or isinstance(site.term, Hadamard):
            new = type(site.term)(*factors[:n], a, *factors[n:])
            yield Change(new, "the factor {} stands twice", (a,), a)


def added_up(site: Site) -> Iterator[Change]:
    """A sum where a product belongs."""
    factors = _factors(site)
    if isinstance(site.term, Hadamard):
        for n, a in enumerate(factors):
            rest = joined(Hadamard, (*factors[:n], *factors[n + 1 :]))
            yield Change(
                Plus(rest, a), "{} is added where it has to be multiplied", (a,), site.term
            )


def divided(site: Site) -> Iterator[Change]:
    """a ⊙ b, a or b / a for a / b."""
    if isinstance(site.term, Quotient):
        above, below = site.term.parts
        for new in (above, Hadamard(above, below), Quotient(below, above)):
            yield Change(new, "{} stands where {} belongs", (new, site.term), site.term)


def untransposed(site: Site) -> Iterator[Change]:
    """W for Wᵀ and Wᵀ for W, where a weight is square."""
    a = site.term
    if isinstance(a, Transposed):
        yield Change(a.inside, "the transpose of {} is missing", (a.inside,), a)
    elif isinstance(a, Parameter | Columns) and a.cols != 1:
        yield Change(Transposed(a), "{} is transposed where it must not be", (a,), a)


def all_untransposed(form: Form) -> Iterator[Change]:
    """The same for all weights at once."""
    turned = [s.term for s in form.sites if isinstance(s.term, Transposed)]
    if len(set(turned)) > 1:
        new = form.whole
        for a in dict.fromkeys(turned):
            new = everywhere(new, a, a.inside) if a.rows == a.cols else new
        yield Change(new, "the transposes are missing", (), form.whole)


def slope_outside(site: Site) -> Iterator[Change]:
    """s ⊙ (Wᵀ a) for Wᵀ (a ⊙ s): the slope stands on the wrong side of the weight."""
    factors = site.term.parts if isinstance(site.term, MatrixProduct) else ()
    last = factors[-1] if factors else None
    if isinstance(last, Hadamard):
        for n in range(len(last.args)):
            one, rest = last.parts[n:], last.parts[:n]
            if rest and one:
                yield from _outside(site, factors[:-1], rest, one)
                yield from _outside(site, factors[:-1], one, rest)


def _outside(
    site: Site, matrices: tuple[Term, ...], kept: tuple[Term, ...], moved: tuple[Term, ...]
) -> Iterator[Change]:
    outside = joined(Hadamard, moved)
    inside = tried(MatrixProduct, (*matrices, joined(Hadamard, kept)))
    said = "{} is multiplied behind {}, not before it"
    shown = (outside, joined(MatrixProduct, matrices))
    yield Change(tried(Hadamard, (inside, outside)), said, shown, site.term)


def outer_turned(site: Site) -> Iterator[Change]:
    """b aᵀ for a bᵀ."""
    if isinstance(site.term, Outer):
        a, b = site.term.parts
        yield Change(Outer(b, a), "the outer product {} is transposed", (site.term,), site.term)


def order(site: Site) -> Iterator[Change]:
    """Matrices in the reverse order, or two neighbours exchanged."""
    if not isinstance(site.term, MatrixProduct):
        return
    factors = site.term.parts
    yield Change(
        tried(MatrixProduct, factors[::-1]),
        "the factors of {} are in the reverse order",
        (site.term,),
        site.term,
    )
    for n in range(len(factors) - 1) if len(factors) > 2 else ():
        turned = (*factors[:n], factors[n + 1], factors[n], *factors[n + 2 :])
        a, b = factors[n : n + 2]
        yield Change(
            tried(MatrixProduct, turned), "{} and {} are in the wrong order", (a, b), site.term
        )


def stacked(site: Site) -> Iterator[Change]:
    """[x, h] for [h, x]."""
    if isinstance(site.term, Concatenation):
        new = Concatenation(*reversed(site.term.parts))
        yield Change(new, "{} stands where {} belongs", (new, site.term), site.term)


def bare(site: Site) -> Iterator[Change]:
    """C for tanh(C), and σ for tanh."""
    a = site.term
    if isinstance(a, Elementwise) and a.function != "square":
        yield Change(a.inside, "{} stands where {} belongs", (a.inside, a), a)
        for function in ("sigmoid", "tanh"):
            new = Elementwise(function, a.inside)
            yield Change(new, "{} stands where {} belongs", (new, a), a)


def squared(site: Site) -> Iterator[Change]:
    """y for y²."""
    a = site.term
    if isinstance(a, Elementwise) and a.function == "square":
        yield Change(a.inside, "the square of {} is missing", (a.inside,), a)


def _factors(site: Site) -> tuple[Term, ...]:
    return site.term.parts if isinstance(site.term, PRODUCTS) else ()


def _takes_factor(site: Site) -> bool:
    """Whether a factor more can stand here: at a vector product, or at an adjoint that is in none."""
    if site.term.cols != 1 or isinstance(site.parent, Hadamard):
        return False
    return isinstance(site.term, (*PRODUCTS, Adjoint)) or (not site.path and site.term.is_vector)


def _time(term: Term) -> object:
    """The time of the adjoint in a term: t+1 in what is carried back."""
    return next((a.of.time for a in walk(term) if isinstance(a, Adjoint)), t - 1)
