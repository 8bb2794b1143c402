"""The functions that apply to every entry, by the name that a cell text uses.

Their slopes are in `calculus.rules`, their numbers in `numerics.translate`, their letters in `printing`;
a test asserts that the four tables have the same names.
"""

from __future__ import annotations

ACTIVATIONS: dict[str, str] = {
    "sigmoid":  "the logistic function σ(a) = 1/(1 + e^{-a})",
    "tanh":     "the hyperbolic tangent",
    "relu":     "max(a, 0); slope 0 at 0",
    "identity": "a itself",
    "exp":      "e^a",
    "softplus": "ln(1 + e^a)",
    "square":   "a ⊙ a",
    "step":     "1 where a > 0, else 0: the slope of relu",
    "log":      "the natural logarithm",
    "sqrt":     "the square root",
    "sin":      "the sine",
    "cos":      "the cosine",
    "abs":      "|a|; slope 0 at 0",
    "sign":     "-1, 0 or 1: the slope of abs",
    "activation": "φ, any smooth function; its numbers are those of softplus",
    "activation_slope": "φ′, the slope of activation",
}  # fmt: skip
