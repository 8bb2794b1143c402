"""Witnesses that share nothing with the package: cells written out in NumPy, and three ways to differentiate them.

A `Model` is a cell as plain functions, one an equation. `jacobian` and `gradient` differentiate it by
autograd's reverse mode, by central differences or by a complex step; the four kinds are those of
docs/conventions.md, restated here from their definitions and not from the code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import autograd
import autograd.numpy as anp
import numpy as np

Array = Any
Values = dict[str, Array]
Equation = Callable[[Any, Values, Mapping[str, Array], Mapping[str, Array]], Array]
Differentiate = Callable[[Callable[[Any, Array], Array], Array], Array]


@dataclass(frozen=True, eq=False)
class Model:
    """A cell as functions of (xp, parameters, signals now, states before), in computing order."""

    states: tuple[str, ...]
    equations: dict[str, Equation]
    shapes: dict[str, tuple[str, ...]]  # parameter → sides such as ("n", "n+m")
    rows: dict[str, str]  # signal → its side
    inputs: tuple[str, ...] = ("x",)
    output: str = "h"
    constants: dict[str, float] = field(default_factory=dict)
    label: str = ""

    def __repr__(self) -> str:
        return self.label

    def draw(self, rng: np.random.Generator, sizes: dict[str, int], steps: int) -> Values:
        """Parameters, inputs (T, m) and states at time 0, all standard normal; nothing is symmetric."""
        side = lambda s: sum(sizes[part] for part in s.split("+"))  # noqa: E731
        drawn = {p: rng.normal(size=[side(s) for s in sides]) for p, sides in self.shapes.items()}
        drawn |= {x: rng.normal(size=(steps, side(self.rows[x]))) for x in self.inputs}
        return drawn | {s: rng.normal(size=side(self.rows[s])) for s in self.states}


class Run:
    """A model on given values: the trajectory, and pieces of it with something moved."""

    def __init__(self, model: Model, values: Values, steps: int) -> None:
        self.model, self.steps = model, steps
        self.parameters = {n: np.array([v]) for n, v in model.constants.items()}
        self.parameters |= {p: values[p] for p in model.shapes}
        self.inputs = {x: values[x] for x in model.inputs}
        self.trajectory: dict[int, Values] = {0: {s: values[s] for s in model.states}}
        for time in range(1, steps + 1):
            self.trajectory[time] = self.step(np, time, self.trajectory[time - 1])

    def step(
        self,
        xp: Any,
        time: int,
        before: Values,
        taps: Values | None = None,
        own: Values | None = None,
    ) -> Values:
        """All signals at a time; taps are added right after the equation (or input) of their name."""
        taps = taps or {}
        now = {x: a[time - 1] + taps.get(x, 0) for x, a in self.inputs.items()}
        for name, equation in self.model.equations.items():
            now[name] = equation(xp, own or self.parameters, now, before) + taps.get(name, 0)
        return now

    def later(self, xp: Any, states: Values, oldest: int, newest: int) -> Values:
        """The signals at the newest time from states at the oldest."""
        for time in range(oldest + 1, newest + 1):
            states = self.step(xp, time, states)
        return states

    def outputs(
        self, xp: Any, parameters: Values, tap: tuple[str, int, Array] | None = None
    ) -> list[Array]:
        """The output at t = 1 … T, with all parameters given and one signal moved at one time."""
        states, found = self.trajectory[0], []
        for time in range(1, self.steps + 1):
            taps = {tap[0]: tap[2]} if tap and tap[1] == time else {}
            states = self.step(xp, time, states, taps, parameters)
            found.append(states[self.model.output])
        return found


# --- three ways to differentiate ---------------------------------------------------------------


def by_autograd(function: Callable[[Any, Array], Array], at: Array) -> Array:
    """One reverse pass a row; the zero spares autograd a warning where nothing depends on `at`."""
    with np.errstate(over="ignore"):  # autograd divides by cosh² far out, where tanh is flat
        return autograd.jacobian(lambda a: function(anp, a) + 0.0 * anp.sum(a))(at)


def by_differences(function: Callable[[Any, Array], Array], at: Array, step: float = 6e-6) -> Array:
    """(f(x + e) − f(x − e)) / 2e, a column an entry; good to about 1e-9 of the values' size."""
    columns = [(function(np, at + e) - function(np, at - e)) / (2 * step) for e in _steps(at, step)]
    return np.stack(columns, axis=-1).reshape(*columns[0].shape, *at.shape)


def by_complex_step(function: Callable[[Any, Array], Array], at: Array) -> Array:
    """Im f(x + i e) / e, a column an entry; exact to rounding for what is analytic."""
    columns = [np.imag(function(np, at + 1j * e)) / 1e-30 for e in _steps(at, 1e-30)]
    return np.stack(columns, axis=-1).reshape(*columns[0].shape, *at.shape)


def _steps(at: Array, step: float) -> Array:
    return (step * np.eye(at.size)).reshape(at.size, *at.shape)


# --- what is differentiated --------------------------------------------------------------------


def jacobian(
    run: Run,
    above: str,
    below: str,
    times: tuple[int, int],
    kind: str,
    differentiate: Differentiate,
) -> Array:
    """∂above/∂below of a kind, rows outputs; times = (of below, of above)."""
    oldest, newest = times
    at = run.trajectory[oldest][below]
    if kind == "block":
        held = {s: run.trajectory[oldest][s] for s in run.model.states}
        return differentiate(
            lambda xp, b: run.later(xp, {**held, below: b}, oldest, newest)[above], at
        )
    if kind == "total":
        before = run.trajectory[oldest - 1]
        return differentiate(
            lambda xp, d: run.later(xp, run.step(xp, oldest, before, {below: d}), oldest, newest)[
                above
            ],
            np.zeros_like(at),
        )
    matrix = np.eye(len(at))
    for time in range(oldest + 1, newest + 1):
        matrix = (
            _held(run, above if time == newest else below, below, time, kind, differentiate)
            @ matrix
        )
    return matrix


def _held(
    run: Run, above: str, below: str, time: int, kind: str, differentiate: Differentiate
) -> Array:
    """One step: direct moves the explicit argument alone, step also the states computed right from it."""
    model, old, now = run.model, run.trajectory[time - 1], run.trajectory[time]

    def direct(xp: Any, b: Array) -> Array:
        return model.equations[above](xp, run.parameters, now, {**old, below: b})

    def step(xp: Any, b: Array) -> Array:
        before = {**{s: old[s] for s in model.states}, below: b}
        at_t1 = {**old, below: b}
        for state in (s for s in model.states if s != below):
            explicit = model.equations[state]
            before[state] = explicit(xp, run.parameters, at_t1, run.trajectory[time - 2])
        return run.step(xp, time, before)[above]

    return differentiate(direct if kind == "direct" else step, old[below])


def gradient(run: Run, name: str, slopes: Array, differentiate: Differentiate) -> Array:
    """∂L/∂parameter of L = Σ_t ⟨slopes_t, output_t⟩, in the parameter's own shape."""

    def loss(xp: Any, weight: Array) -> Array:
        found = run.outputs(xp, {**run.parameters, name: weight})
        return sum(xp.sum(y * u) for y, u in zip(found, slopes, strict=True))

    return differentiate(loss, run.parameters[name])


def adjoint(run: Run, name: str, time: int, slopes: Array, differentiate: Differentiate) -> Array:
    """∂L/∂signal at a time, everything later moving along."""

    def loss(xp: Any, moved: Array) -> Array:
        found = run.outputs(xp, run.parameters, (name, time, moved))
        return sum(xp.sum(y * u) for y, u in zip(found, slopes, strict=True))

    return differentiate(loss, np.zeros_like(run.trajectory[time][name]))


def relative(found: Array, expected: Array) -> float:
    """The largest difference over the largest expected entry; an exact zero must be found exactly."""
    assert np.shape(found) == np.shape(expected), (np.shape(found), np.shape(expected))
    assert np.all(np.isfinite(found)) and np.all(np.isfinite(expected))
    difference, size = np.max(np.abs(found - expected)), np.max(np.abs(expected))
    return float(difference / size) if size else float(difference)


# --- the catalogue, by hand --------------------------------------------------------------------


def sigmoid(xp: Any, a: Array) -> Array:
    return 0.5 * (1 + xp.tanh(0.5 * a))


def _affine(gate: str, *signals: Callable[..., Array]) -> Equation:
    """W_gate [signals] + b_gate."""
    return lambda xp, p, now, old: (
        p[f"W_{gate}"] @ xp.concatenate([s(now, old) for s in signals]) + p[f"b_{gate}"]
    )


def _squashed(name: str, inside: Equation) -> Equation:
    if name == "tanh":
        return lambda xp, p, now, old: xp.tanh(inside(xp, p, now, old))
    return lambda xp, p, now, old: sigmoid(xp, inside(xp, p, now, old))


_X, _H, _C = (lambda now, old: now["x"]), (lambda now, old: old["h"]), (lambda now, old: old["C"])
_HX = {g: ("n", "n+m") for g in ("W_f", "W_i", "W_C", "W_o")}


def _biases(*gates: str) -> dict[str, tuple[str, ...]]:
    return {f"b_{g}": ("n",) for g in gates}


def _rows(*signals: str) -> dict[str, str]:
    return {"x": "m", "h": "n"} | dict.fromkeys(signals, "n")


def _memory(xp: Any, p: Values, now: Any, old: Any) -> Array:
    return now["f"] * old["C"] + now["i"] * now["C_tilde"]


def _output(xp: Any, p: Values, now: Any, old: Any) -> Array:
    return now["o"] * xp.tanh(now["C"])


LSTM = Model(
    ("h", "C"),
    {
        "f": _squashed("sigmoid", _affine("f", _H, _X)),
        "i": _squashed("sigmoid", _affine("i", _H, _X)),
        "C_tilde": _squashed("tanh", _affine("C", _H, _X)),
        "C": _memory,
        "o": _squashed("sigmoid", _affine("o", _H, _X)),
        "h": _output,
    },
    _HX | _biases("f", "i", "C", "o"),
    _rows("f", "i", "C_tilde", "C", "o"),
    label="lstm",
)

LSTM_COUPLED = Model(
    ("h", "C"),
    {
        "f": LSTM.equations["f"],
        "C_tilde": LSTM.equations["C_tilde"],
        "C": lambda xp, p, now, old: now["f"] * old["C"] + (1 - now["f"]) * now["C_tilde"],
        "o": LSTM.equations["o"],
        "h": _output,
    },
    {g: s for g, s in LSTM.shapes.items() if not g.endswith("_i")},
    _rows("f", "C_tilde", "C", "o"),
    label="lstm_coupled",
)

LSTM_PEEPHOLE = Model(
    ("h", "C"),
    {
        "f": _squashed("sigmoid", _affine("f", _C, _H, _X)),
        "i": _squashed("sigmoid", _affine("i", _C, _H, _X)),
        "C_tilde": LSTM.equations["C_tilde"],
        "C": _memory,
        "o": _squashed("sigmoid", _affine("o", lambda now, old: now["C"], _H, _X)),
        "h": _output,
    },
    LSTM.shapes | {g: ("n", "n+n+m") for g in ("W_f", "W_i", "W_o")},
    LSTM.rows,
    label="lstm_peephole",
)


def _diagonal(gate: str, peephole: Callable[..., Array] | None) -> Equation:
    def inside(xp: Any, p: Values, now: Any, old: Any) -> Array:
        plain = p[f"W_{gate}"] @ now["x"] + p[f"R_{gate}"] @ old["h"] + p[f"b_{gate}"]
        return plain + p[f"p_{gate}"] * peephole(now, old) if peephole else plain

    return inside


LSTM_PEEPHOLE_DIAGONAL = Model(
    ("h", "C"),
    {
        "f": _squashed("sigmoid", _diagonal("f", _C)),
        "i": _squashed("sigmoid", _diagonal("i", _C)),
        "C_tilde": _squashed("tanh", _diagonal("C", None)),
        "C": _memory,
        "o": _squashed("sigmoid", _diagonal("o", lambda now, old: now["C"])),
        "h": _output,
    },
    {f"W_{g}": ("n", "m") for g in "fiCo"}
    | {f"R_{g}": ("n", "n") for g in "fiCo"}
    | {f"p_{g}": ("n",) for g in "fio"}
    | _biases(*"fiCo"),
    LSTM.rows,
    label="lstm_peephole_diagonal",
)


def _gru(after: bool, keep: bool, label: str) -> Model:
    """Reset before or after the matrix; z keeps the state or lets the candidate in."""
    joint = {g: _squashed("sigmoid", _affine(g, _H, _X)) for g in "zr"}
    split: dict[str, Equation] = {
        g: lambda xp, p, now, old, g=g: sigmoid(
            xp, p[f"W_{g}"] @ now["x"] + p[f"U_{g}"] @ old["h"] + p[f"b_{g}"]
        )
        for g in "zr"
    }

    def before_matrix(xp: Any, p: Values, now: Any, old: Any) -> Array:
        stack = xp.concatenate([now["r"] * old["h"], now["x"]])
        return xp.tanh(p["W_h"] @ stack + p["b_h"])

    def after_matrix(xp: Any, p: Values, now: Any, old: Any) -> Array:
        recurrent = now["r"] * (p["U_h"] @ old["h"] + p["c_h"])
        return xp.tanh(p["W_h"] @ now["x"] + p["b_h"] + recurrent)

    def update(xp: Any, p: Values, now: Any, old: Any) -> Array:
        kept = now["z"] if keep else 1 - now["z"]
        return kept * old["h"] + (1 - kept) * now["h_tilde"]

    shapes = (
        {f"W_{g}": ("n", "m") for g in "zrh"}
        | {f"U_{g}": ("n", "n") for g in "zrh"}
        | {"c_h": ("n",)}
        if after
        else {f"W_{g}": ("n", "n+m") for g in "zrh"}
    )
    candidate = {"h_tilde": after_matrix if after else before_matrix, "h": update}
    return Model(
        ("h",),
        (split if after else joint) | candidate,
        shapes | _biases(*"zrh"),
        _rows("z", "r", "h_tilde"),
        label=label,
    )


RNN = Model(
    ("h",),
    {"h": lambda xp, p, now, old: xp.tanh(p["W_h"] @ old["h"] + p["W_x"] @ now["x"] + p["b"])},
    {"W_h": ("n", "n"), "W_x": ("n", "m"), "b": ("n",)},
    _rows(),
    label="rnn",
)

MODELS = {
    m.label: m
    for m in (
        RNN,
        LSTM,
        LSTM_COUPLED,
        LSTM_PEEPHOLE,
        LSTM_PEEPHOLE_DIAGONAL,
        _gru(after=False, keep=False, label="gru"),
        _gru(after=True, keep=False, label="gru_after"),
        _gru(after=True, keep=True, label="gru_after_keep"),
        _gru(after=False, keep=True, label="gru_keep"),
    )
}


def translated(cell: Any) -> Model:
    """The model of a cell for which nobody wrote one by hand: its equations, read and translated by the package."""
    from lstmsym.equations.terms import t
    from lstmsym.numerics.arithmetic import Floats
    from lstmsym.numerics.environment import Environment
    from lstmsym.numerics.sizes import infer_sizes
    from lstmsym.numerics.translate import evaluate

    def equation(right: Any) -> Equation:
        def value(xp: Any, p: Values, now: Mapping[str, Array], old: Mapping[str, Array]) -> Array:
            sizes = infer_sizes(cell, {**p, **{s: old[s] for s in cell.states}, **_inputs(now)})
            read = lambda name, time: (now if time else old)[name]  # noqa: E731
            return evaluate(right, Environment(p, read, sizes, {t: 1}), Floats(xp))

        return value

    def _inputs(now: Mapping[str, Array]) -> Values:
        return {x.name: now[x.name] for x in cell.inputs}

    side = lambda size: str(size).replace(" ", "")  # noqa: E731
    return Model(
        cell.states,
        {e.name: equation(e.right) for e in cell},
        {n: tuple(side(s) for s in p.shape[: 1 + (p.cols != 1)]) for n, p in cell.weights.items()},
        {n: side(s.rows) for n, s in cell.signals.items()},
        tuple(x.name for x in cell.inputs),
        cell.output,
        {n: float(v) for n, v in cell.constants.items()},
        cell.name,
    )


def model_of(name: str) -> Model:
    """The model of a catalogue cell: by hand where somebody wrote it, else its translated equations."""
    import lstmsym as ls

    return MODELS[name] if name in MODELS else translated(ls.cell(name))
