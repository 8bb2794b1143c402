"""What prose says of functions, and what it says of other letters."""

import pytest

from lstmsym.formulas.cells import parse_latex_cell
from lstmsym.formulas.prose import functions_said

#   prose: what it says of functions
SAID = [
    (r"where $\sigma_a$ is the sigmoid function, $\sigma_a(x)$", {"sigma_a": "sigmoid"}),
    (r"$p$ and $q$ are hyperbolic tangents: $p(x)$, $q(x)$", {"p": "tanh", "q": "tanh"}),
    (r"$r$: rectified linear unit, $r\left(x\right)$", {"r": "relu"}),
    (r"$\varphi_{c}$ denotes the logistic function; $\varphi_{c}(x)$", {"varphi_c": "sigmoid"}),
    (r"from $m_t = p(x)$ where $p$ is the sigmoid", {"p": "sigmoid"}),
    (r"the gate $f$ has a sigmoid in it", {}),
    (r"$p$ is a word. The sigmoid is another; $p(x)$", {}),
]


@pytest.mark.parametrize(("prose", "said"), SAID)
def test_a_function_is_what_the_prose_says(prose: str, said: dict[str, str]) -> None:
    assert functions_said(prose) == said


def test_a_pasted_cell_may_say_its_function_in_prose() -> None:
    page = r"$$ h_t = \psi(W h_{t-1} + U x_t) $$ where $\psi$ is the hyperbolic tangent."
    said = parse_latex_cell(page)
    assert said.equations == parse_latex_cell(r"h_t = \tanh(W h_{t-1} + U x_t)").equations
