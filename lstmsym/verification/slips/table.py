"""The slips that people make when they derive by hand: name, where it happens, what it makes, in words.

The simplest stand first: where two slips give the same value, the first one is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lstmsym.verification.slips import names, products, slopes, sums, times
from lstmsym.verification.slips.sites import Change, Form, Site

Everywhere: TypeAlias = Callable[[Form], Iterator[Change]]
Here: TypeAlias = Callable[[Site], Iterator[Change]]


@dataclass(frozen=True)
class Slip:
    """A kind of mistake.

    name     as a diagnosis says it
    form     makes changes of a whole form, if any
    site     makes changes of one place, if any
    means    the mistake in words
    common   whether it is tried in pairs, and in the longer forms
    """

    name: str
    form: Everywhere | None
    site: Here | None
    means: str
    common: bool = False


# fmt: off
_COMMON: tuple[tuple[str, Everywhere | None, Here | None, str], ...] = (
    # name                    everywhere           at one place             in words
    ("another kind",          names.other_kind,    None,                    "a derivative of another kind"),
    ("missing slope",         slopes.all_missing,  slopes.missing,          "σ′ or tanh′ is forgotten"),
    ("carried part lost",     None,                sums.carried_lost,       "nothing is carried back from t+1"),
    ("local part lost",       None,                sums.local_lost,         "only what is carried back is kept"),
    ("lost path",             None,                sums.lost,               "a summand is forgotten"),
    ("sum over time lost",    None,                times.sum_lost,          "one step in place of all"),
    ("product over time lost", None,               times.product_lost,      "one factor in place of all"),
    ("limits of the product", None,                times.product_limits,    "a factor too few or too many"),
    ("lost factor",           None,                products.lost,           "a factor is forgotten"),
    ("wrong time",            names.all_times,     names.wrong_time,        "one step too late or too early"),
    ("wrong sign",            None,                sums.whole_sign,         "the whole is negative"),
    ("sign of a summand",     None,                sums.wrong_sign,         "a minus for a plus"),
    ("slope of another",      None,                slopes.other_function,   "σ′ for tanh′, tanh′ for σ′"),
    ("slope misremembered",   None,                slopes.mistaken,         "1 − y or (1 − y)² for 1 − y²"),
    ("activated twice",       None,                slopes.activated,        "σ′(f) for σ′(a_f) = f (1 − f)"),
    ("complement",            None,                slopes.complement,       "y, 1 or 1 + y for 1 − y"),
    ("missing brackets",      None,                products.brackets,       "a factor reaches one summand only"),
    ("brackets too wide",     None,                sums.wide_brackets,      "a factor reaches all summands"),
    ("missing activation",    names.all_bare,      products.bare,           "C for tanh(C)"),
    ("missing square",        None,                products.squared,        "y for y²"),
    ("missing transpose",     products.all_untransposed, products.untransposed,   "W for Wᵀ, or the reverse"),
    ("outer product turned",  None,                products.outer_turned,   "b aᵀ for a bᵀ"),
    ("wrong order",           None,                products.order,          "matrices in the wrong order"),
    ("slope outside",         None,                products.slope_outside,  "s ⊙ (Wᵀ a) for Wᵀ (a ⊙ s)"),
    ("order of the stack",    None,                products.stacked,        "[x, h] for [h, x]"),
    ("wrong gate",            names.all_gates,     names.wrong_gate,        "one signal for another"),
    ("wrong weight",          names.all_weights,   names.wrong_weight,      "the weight of another gate"),
    ("wrong adjoint",         None,                names.wrong_adjoint,     "the gradient by another signal"),
    ("assigned, not added",   None,                sums.only_one,           "= for +=: one summand is kept"),
)
_RARE: tuple[tuple[str, Everywhere | None, Here | None, str], ...] = (
    # name                    everywhere           at one place             in words
    ("slope in the argument", slopes.all_mistaken, slopes.of_argument,      "a (1 − a) for f (1 − f)"),
    ("lost paths",            None,                sums.two_lost,           "two summands are forgotten"),
    ("counted twice",         None,                sums.twice,              "a summand stands twice"),
    ("doubled slope",         None,                slopes.doubled,          "σ′ stands twice"),
    ("limits of the sum",     None,                times.sum_limits,        "a sum over too few or too many steps"),
    ("product reversed",      None,                times.product_reversed,  "the oldest factor on the left"),
    ("pre-activation",        None,                names.unactivated,       "a_f for f"),
    ("another quantity",      names.other_quantity, None,                   "the derivative of or by something else"),
    ("repeated factor",       None,                products.repeated,       "a factor stands twice"),
    ("divided",               None,                products.divided,        "a ⊙ b or b / a for a / b"),
    ("sum for a product",     None,                products.added_up,       "+ for ⊙"),
    ("product for a sum",     None,                sums.multiplied,         "⊙ for +"),
    ("extra factor",          None,                products.added,          "a signal multiplied once more"),
)
# fmt: on
COMMON = tuple(Slip(*row, common=True) for row in _COMMON)
SLIPS = (*COMMON, *(Slip(*row) for row in _RARE))
