"""Quantities as they are written, each beside what may not be written, with the message."""

import pytest
from sympy import Integer

import lstmsym as ls
from lstmsym.derivation.quantity import LAG_LIMIT, read_quantity
from lstmsym.equations.terms import k
from lstmsym.errors import QuantityError, UnknownName

LSTM = ls.cell("lstm")
FORM = "write it as in 'dC[t]/dC[t-k]', 'dC[t]/dC[t-3]', 'dh[t]/dx[t-2]', 'dL/dW_f' or 'dL/dh[t]'"


@pytest.mark.parametrize(
    ("text", "above", "below", "lag"),
    [
        ("dC[t]/dC[t-k]", "C", "C", k),
        ("dC[t]/dC[t-3]", "C", "C", Integer(3)),
        ("dC[t]/dC[t-03]", "C", "C", Integer(3)),
        ("dh[t]/dx[t-2]", "h", "x", Integer(2)),
        ("dh[t]/dx[t]", "h", "x", Integer(0)),
        ("dC[t]/df[t]", "C", "f", Integer(0)),
        ("df[t]/dC_tilde[t-1]", "f", "C_tilde", Integer(1)),
        ("  d h [ t ] / d h [ t - 1 ] ", "h", "h", Integer(1)),
        ("∂C[t]/∂h[t-k]", "C", "h", k),
        ("dL/dh[t]", "L", "h", None),
        ("dL/da_f[t]", "L", "a_f", None),
        ("dL/dW_f", "L", "W_f", None),
    ],
)  # fmt: skip
def test_legal(text, above, below, lag):
    found = read_quantity(LSTM, text)
    assert (found.above, found.below, found.lag) == (above, below, lag)
    assert found.by_parameter == (below == "W_f")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", f"unknown quantity ''; {FORM}"),
        ("C[t]/C[t-1]", f"unknown quantity 'C[t]/C[t-1]'; {FORM}"),
        ("dC_t/dC_{t-1}", FORM),
        ("dC[t-1]/dC[t-2]", FORM),
        ("dC[t]/dC[t-k-1]", FORM),
        ("dC[t]/dC[t--3]", FORM),
        ("dC[t]/dC[t-1.5]", FORM),
        ("dC[t]/dC[t-٣]", FORM),
        ("dC[t]/dC[t-1]; import os", FORM),
        ("dC[t]/dC[t-1]" + " " * 200 + "x", FORM),
        ("dL/dh[t-1]", FORM),
        ("dC[t]/dC[t]", "lag 0; a state's lag is at least 1, as in 'dC[t]/dC[t-1]'"),
        ("dC[t]/dC[t-0]", "lag 0; a state's lag is at least 1"),
        ("dC[t]/dh[t]", "lag 0; a state's lag is at least 1"),
        ("dC[t]/dC[t+3]", "the future does not act on the past; write [t-3]"),
        (f"dC[t]/dC[t-{LAG_LIMIT + 1}]", "; write [t-k] for the formula at any lag"),
        ("dC[t]/dC[t-1000000000]", "the lag is at most"),
        ("dC[t]/dc[t-1]", "lstm has no signal 'c'; did you mean 'C'?"),
        ("dc[t]/dC[t-1]", "lstm computes no signal 'c'; did you mean 'C'?"),
        ("dx[t]/dC[t-1]", "lstm computes no signal 'x'"),
        ("dL/dW_F", "lstm has no parameter 'W_F'; did you mean 'W_f'?"),
        ("dL/dh", "'h' is a signal; write 'dL/dh[t]'"),
        ("dL/dCtilde[t]", "lstm has no signal 'Ctilde'; did you mean 'C_tilde'?"),
    ],
)
def test_illegal(text, says):
    with pytest.raises(QuantityError) as caught:
        ls.derive(LSTM, text)
    assert says in str(caught.value)
    assert (
        caught.value.exit_code == 2
        and "\n" not in str(caught.value)
        and len(str(caught.value)) < 300
    )


def test_a_stated_number_is_no_weight():
    cell = ls.parse("scalar a = 2\nscalar b\nh[t] = tanh(a * h[t-1] + b)")
    with pytest.raises(QuantityError, match="'a' is a constant of cell, not a weight"):
        ls.derive(cell, "dL/da")
    assert ls.derive(cell, "dL/db").checked.passed


@pytest.mark.parametrize(
    ("quantity", "choice", "says"),
    [
        ("dC[t]/dC[t-1]", {"kind": "tota"}, "unknown kind 'tota'; did you mean 'total'?"),
        ("dC[t]/dC[t-1]", {"form": "prodct"}, "unknown form 'prodct'; did you mean 'product'?"),
        ("dC[t]/dC[t-1]", {"layout": "denom"}, "unknown layout 'denom'"),
        ("dC[t]/dC[t-1]", {"form": "double sum"}, "unknown form 'double sum'"),
        (
            "dC[t]/df[t-1]",
            {"kind": "block"},
            "kind 'block' is about states (h, C); 'f' is none, ask for kind 'total'",
        ),
        ("dC[t]/dx[t-1]", {"kind": "direct"}, "kind 'direct' is about states"),
        ("dL/dh[t]", {"form": "double sum"}, "is the gradient of a parameter, as 'dL/dW_f'"),
        ("dL/dW_f", {"form": "expanded"}, "unknown form 'expanded'"),
        ("dL/dW_f", {"kind": "block"}, "unknown kind of 'dL/dW_f' 'block'; known: total"),
        ("dL/dW_f", {"layout": "rows"}, "unknown layout 'rows'"),
    ],
)
def test_choices_that_do_not_exist_are_refused(quantity, choice, says):
    with pytest.raises(QuantityError) as caught:
        ls.derive(LSTM, quantity, **choice)
    assert says in str(caught.value)


def test_unknown_notation():
    with pytest.raises(
        UnknownName, match=r"unknown notation 'blocks'; known: .*own, pytorch, split"
    ):
        ls.derive(LSTM, "dC[t]/dC[t-1]", notation="blocks")
