"""Factors of two gates exchanged, gates changed in place before they are used again."""

import numpy as np
import pytest

import lstmsym as ls
from lstmsym.derivation.program import bptt
from lstmsym.verification.handwritten.exchanged import exchanged, slopes_for_gates
from tests.verification.handwritten.examples import loss, shapes, steps_of

ORDER = ("f", "i", "g", "o")


def backward(p, mixed=(), late=()):
    """The gradients of the examples; `mixed` names two gates that get each other's, `late` one that is its slope."""
    n, total = len(p["h0"]), {k: np.zeros_like(a) for k, a in p.items()}
    dh, dc = np.zeros(n), np.zeros(n)
    for t, (z, f, i, g, o, before, c, h) in reversed(list(enumerate(steps_of(p)))):
        total["v"] += h
        dh = dh + p["v"] + h
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        by = {"f": dc * before, "i": dc * g, "g": dc * i, "o": dh * np.tanh(c)}
        slope = {"f": f * (1 - f), "i": i * (1 - i), "g": 1 - g**2, "o": o * (1 - o)}
        if mixed[:1] == ("factors",):
            a, b = mixed[1:]
            by[a], by[b] = by[b], by[a]
        da = {k: by[k] * slope[k] for k in ORDER}
        if mixed[:1] == ("all",):
            a, b = mixed[1:]
            da[a], da[b] = da[b], da[a]
        packed = np.concatenate([da[k] for k in ORDER[:2]] + [da["g"], da["o"]])
        total["W"] += np.outer(packed, z)
        total["b"] += packed
        dz = p["W"].T @ packed
        dh, total["x"][t] = dz[:n], dz[n:]
        dc = dc * (slope["f"] if late else f)
    return {**total, "h0": dh, "c0": dc}


SLIPS = {
    "factors of two gates": ({"mixed": ("factors", "f", "i")}, "swapped gates", "C̃_t and C_{t-1} stand exchanged"),
    "all of two gates":     ({"mixed": ("all", "f", "o")}, "swapped gates", "δa_{o,t} and δa_{f,t} stand exchanged"),
    "changed in place":     ({"late": ("f",)}, "slope too many", "where f_{t+1} belongs"),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_the_slip_is_named(name):
    slip, called, said = SLIPS[name]
    assert ls.check_gradients(loss, backward, shapes()).passed
    found = ls.check_gradients(loss, lambda p: backward(p, **slip), shapes(), cell="lstm").slip
    assert found.names == (called,) and said in found.lines[0], found


@pytest.mark.parametrize("name", ["lstm", "gru", "rnn", "mgu", "lstm_peephole_diagonal"])
def test_every_variant_changes_something_and_keeps_the_shapes(name):
    program = bptt(ls.cell(name))
    steps = list(enumerate(program.assignments))
    for variant in (*exchanged(program), *slopes_for_gates(program.cell, steps)):
        for n, step in variant.steps.items():
            true = program.assignments[n]
            assert (step.left, step.right) != (true.left, true.right)
            assert step.left.shape == true.left.shape == step.right.shape
        assert variant.words
