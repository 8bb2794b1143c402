"""index.md of a report: the figures, the numbers in small tables, the derivations, and what was checked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from lstmsym.cli.curves import apart
from lstmsym.cli.terminal import exponential
from lstmsym.cli.writing import file_stem

# figure: its heading, and how to read it
CAPTIONS = {
    "vanishing": (
        "Where gradients vanish",
        "Recurrent weights up to gain 1. A falling line is a gradient that is lost at a fixed rate each step.",
    ),
    "exploding": (
        "Where gradients explode",
        "From gain 1 upwards. A rising line is a gradient that grows at a fixed rate each step; where the slope "
        "crosses zero, the one regime ends and the other begins.",
    ),
    "loss": (
        "What the loss sees",
        "The gradient of the whole loss by one state, the sum over all later steps. Where gradients vanish this "
        "norm stays level, because each step has a loss of its own and the far ones add nothing; where they "
        "explode it grows with the lag.",
    ),
}


def index(report: Any) -> str:
    """The page, in Markdown."""
    names = [whole.cell.name for whole in report.derivations]
    parts = [f"# Gradients through time: {', '.join(names)}", *_conditions(report)]
    for sweep in report.sweeps:
        parts += _sweep(sweep)
    for compared in report.paths:
        parts += _paths(compared)
    parts += ["## Derivations", *(line for w in report.derivations for line in _derivation(w))]
    parts += _checks(report)
    return "\n\n".join(parts) + "\n"


def _conditions(report: Any) -> Iterator[str]:
    data = report.sweeps[0].as_dict()["flows"][0]
    first = data["cells"][0]
    text = report.conditions["text"]
    fed = (
        f"the bytes of `{text.name}`, one-hot, with a softmax loss on the next byte"
        if text
        else "independent normal noise"
    )
    yield (
        "Every cell below is written once, as equations. The derivations, the numbers and the figures all come "
        "from those equations, and each was checked against an independent calculation."
    )
    yield _table(
        ("what", "value"),
        [
            ("input", fed),
            ("quantity", f"`{data['quantity']}`, kind {data['kind']}, {data['norm']} norm"),
            ("weights", "recurrent N(0, gain²/n), input N(0, 1/m), biases 0, the gain as stated"),
            (
                "sizes",
                f"{first['hidden']} units, {first['steps']} steps, {first['seeds']} seeds, {first['dtype']}",
            ),
        ],
    )


def _sweep(sweep: Any) -> Iterator[str]:
    name = sweep.plan.name
    title, caption = CAPTIONS[name]
    yield f"## {title}"
    yield f"![{title}: norm against lag, a panel for each cell, a curve for each gain]({name}.png)"
    others = ", ".join(f"[{s.upper()}]({name}.{s})" for s in ("pdf", "svg", "png"))
    yield f"{caption} Figure: {others}; numbers: [JSON]({name}.json), [CSV]({name}.csv)."
    yield _table(
        ("cell", "gain", "slope, nats per step", "half-life, steps", "norm at the last lag"),
        list(_rates(sweep)),
    )


def _paths(found: Any) -> Iterator[str]:
    """What is lost when one-step formulas are multiplied, at the last lag."""
    stem, state = found.stem, found.state
    yield f"## What one-step formulas of {found.cell} miss"
    yield f"![The exact derivative of {state} over time beside the products taken for it]({stem}.png)"
    others = ", ".join(f"[{s.upper()}]({stem}.{s})" for s in ("pdf", "svg", "png"))
    yield (
        f"∂{state}_T/∂{state}_t exactly (kind total), as the product of the one-step sums (kind step), and as the "
        "carousel alone (kind direct). The first product misses the paths through gates computed in between, the "
        f"second all paths but one. Figure: {others}; numbers: [JSON]({stem}.json), [CSV]({stem}.csv)."
    )
    lag = found.runs[next(iter(found.runs))][0].lag[-1]
    rows = [
        (title, *(_spread(runs, kind) for kind in ("step", "direct")))
        for title, runs in found.runs.items()
    ]
    yield _table(("setting", f"step, relative error at lag {lag}", "direct, the same"), rows)


def _spread(runs: Any, kind: str) -> str:
    """The smallest and the largest relative error over the runs."""
    last = [float(getattr(run, f"{kind}_error")[-1]) for run in runs]
    return f"{min(last):.2g} to {max(last):.2g}"


def _rates(sweep: Any) -> Iterator[Sequence[str]]:
    flows = sweep.as_dict()["flows"]
    for place in range(len(flows[0]["cells"])):
        for flow in flows:
            cell = flow["cells"][place]
            last = cell["log_norm"][-1]
            yield (
                cell["cell"],
                f"{flow['gain']:g}",
                _number(cell["slope_per_step"], "+.4f"),
                _number(cell["half_life"], ".3g"),
                "0" if last is None else exponential(last),
            )


def _derivation(whole: Any) -> Iterator[str]:
    from lstmsym import printing

    cell, stem = whole.cell, file_stem(whole.cell.name)
    yield f"### {cell.title}"
    yield printing.markdown(cell).partition("\n")[2].strip()  # its title is the heading above
    yield (
        f"The whole derivation, {len(whole.results)} results: [{stem}.tex]({stem}.tex) (compiles as it "
        f"stands), [{stem}.md]({stem}.md), [{stem}.txt]({stem}.txt)."
    )


def _checks(report: Any) -> Iterator[str]:
    yield "## What was checked"
    yield (
        "Each derived result was compared, when it was derived, with forward mode exactly, modulo the prime "
        "2^61 − 1, and with autograd in float64. Each measurement was compared with autograd on its first seed."
    )
    derived = [
        (
            w.cell.name,
            f"{len(w.results)} derived results",
            _error(r.checked.autograd_max_rel_error for r in w.results),
        )
        for w in report.derivations
    ]
    yield _table(
        ("cell", "what", "largest relative difference to autograd"), derived + _spot_checks(report)
    )
    if found := _apart(report):
        yield "\n".join(f"* {sentence}" for sentence in found)


def _spot_checks(report: Any) -> list[tuple[str, str, str]]:
    flows = [f for s in report.sweeps for f in s.as_dict()["flows"]]
    return [
        (
            cell["cell"],
            f"{len(flows)} measurements",
            _error(f["cells"][i]["autograd_max_rel_difference"] for f in flows),
        )
        for i, cell in enumerate(flows[0]["cells"])
    ]


def _apart(report: Any) -> list[str]:
    """Measurements that differ from autograd by more than rounding explains, with their gains."""
    flows = [(s.plan.name, f) for s in report.sweeps for f in s.as_dict()["flows"]]
    return [f"{name}, gain {f['gain']:g}, {said}." for name, f in flows for said in apart(f)]


def _error(found: Any) -> str:
    known = [f for f in found if f is not None]
    return f"{max(known):.1e}" if known else "—"


def _number(value: float | None, how: str) -> str:
    return "—" if value is None or not math.isfinite(value) else format(value, how)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
