"""Slips with sums and products over time: left out, too short, too long, one for the other."""

from __future__ import annotations

from collections.abc import Iterator

from lstmsym.equations.derived import ProductOverTime, SumOverTime
from lstmsym.equations.terms import t
from lstmsym.verification.slips.sites import Change, Site


def sum_lost(site: Site) -> Iterator[Change]:
    """The share of one step in place of the sum over all."""
    a = site.term
    if isinstance(a, SumOverTime):
        yield Change(a.body, "the sum over time is missing", (), a)


def sum_limits(site: Site) -> Iterator[Change]:
    """Only the last step, only the first, all but one of them."""
    a = site.term
    if not isinstance(a, SumOverTime):
        return
    body, index, lower, upper = a.args
    for low, high, said in (
        (upper, upper, "only the last step is summed, not all of them"),
        (lower, lower, "only the first step is summed, not all of them"),
        (lower + 1, upper, "the sum begins one step too late"),
        (lower, upper - 1, "the sum ends one step too early"),
        (lower, t, "the sum ends at t"),
        (lower, t - 1, "the sum ends at t-1"),
        (t, upper, "the sum begins at t"),
        (lower - 1, upper, "the sum begins one step too early"),
    ):
        yield Change(SumOverTime(body, index, low, high), said, (), a)


def product_limits(site: Site) -> Iterator[Change]:
    """A factor too few or too many, at either end; all of them one step off."""
    a = site.term
    if not isinstance(a, ProductOverTime):
        return
    body, index, lower, upper = a.args
    for low, high, said in (
        (lower + 1, upper, "the oldest factor is missing"),
        (lower, upper - 1, "the newest factor is missing"),
        (lower - 1, upper, "the product begins one step too early"),
        (lower, upper + 1, "the product ends one step too late"),
        (lower - 1, upper - 1, "all factors are one step too early"),
        (lower + 1, upper + 1, "all factors are one step too late"),
    ):
        yield Change(ProductOverTime(body, index, low, high), f"in {{}} {said}", (a,), a)


def product_lost(site: Site) -> Iterator[Change]:
    """One factor in place of the product, or a sum."""
    a = site.term
    if isinstance(a, ProductOverTime):
        body, index, _, upper = a.args
        one = body.xreplace({index: upper})
        yield Change(one, "the product over time is missing: only {} is there", (one,), a)
        yield Change(SumOverTime(*a.args), "a sum stands where {} belongs", (a,), a)


def product_reversed(site: Site) -> Iterator[Change]:
    """The oldest factor on the left."""
    a = site.term
    if isinstance(a, ProductOverTime) and a.rows == a.cols:
        body, index, lower, upper = a.args
        turned = ProductOverTime(body.xreplace({index: lower + upper - index}), *a.args[1:])
        yield Change(turned, "the factors of {} are in the reverse order", (a,), a)
