"""Options of `derive` that do not go with what was asked: refused, never passed over in silence."""

from __future__ import annotations

import click

OF_A_QUANTITY = ("kind", "form", "layout", "limit", "components")
OF_STATES = ("kind", "limit")
STATE_FORMS = ("recursion", "expanded")


def check_fit(ctx: click.Context, quantity: str | None) -> None:
    """Raise UsageError for an option that was given and would have no effect."""
    given = [name for name in OF_A_QUANTITY if _given(ctx, name)]
    if quantity is None and given:
        raise click.UsageError(f"--{given[0]} needs a QUANTITY, as in 'dC[t]/dC[t-k]'")
    if quantity is None or not quantity.replace(" ", "").replace("∂", "d").startswith("dL/"):
        return
    if unfit := [name for name in given if name in OF_STATES]:
        raise click.UsageError(
            f"--{unfit[0]} is for derivatives between signals; '{quantity}' is a gradient"
        )
    if ctx.params["form"] in STATE_FORMS:
        raise click.UsageError(
            f"--form {ctx.params['form']} is for derivatives between signals; a gradient is a product or a double sum"
        )


def _given(ctx: click.Context, name: str) -> bool:
    return ctx.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE
