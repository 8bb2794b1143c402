r"""Formulas as people write them, and how each is shown on one line: a table for both formats."""

from __future__ import annotations

# fmt: off
#   LaTeX                                                          in the terminal
FORMULAS: tuple[tuple[str, str], ...] = (
    (r"f_t \odot C_{t-1}",                                         "f_t ⊙ C_{t-1}"),
    (r"\tilde{C}_t^{(l)}",                                         "C̃_t^{(l)}"),
    (r"\overrightarrow{h}_t",                                      "h⃗_t"),
    (r"\Gamma_u^{\langle t \rangle}",                              "Γ_u^{⟨t⟩}"),
    (r"h^{(t)\top}",                                               "h^{(t)⊤}"),
    (r"W_{xf} x_t",                                                "W_{xf} x_t"),
    (r"h[t-1]",                                                    "h_{[t-1]}"),
    (r"\mathbf{1} - f_t",                                          "1 - f_t"),
    (r"\frac{\partial L}{\partial h_t}",                           "∂L/∂h_t"),
    (r"\frac{\partial L}{\partial h_t} x_t^\top",                  "∂L/∂h_t · x_tᵀ"),
    (r"\frac{d}{dx} (x)",                                          "d/dx (x)"),
    (r"\frac{\partial^+ h_t}{\partial W}",                         "∂⁺h_t/∂W"),
    (r"\left.\frac{\partial C_t}{\partial C_{t-1}}\right|_{\text{block}}", "∂C_t/∂C_{t-1}|_{block}"),
    (r"\left.A\right|_{h=0}",                                      "A|_{h=0}"),
    (r"\nabla_{h_t} L",                                            "∇_{h_t} L"),
    (r"\delta C_t",                                                "δC_t"),
    (r"dW_f += \delta f_t x_t^T",                                  "dW_f += δf_t x_tᵀ"),
    (r"\sum_{t=1}^T \delta_t x_t^\top",                            "∑_{t=1}^T δ_t x_tᵀ"),
    (r"\prod_{j=t-k+1}^{t} f_j",                                   "∏_{j=t-k+1}^t f_j"),
    (r"\sum_{q\in\{f,i,o\}} W_q^\top \delta q_t",                  "∑_{q∈{f,i,o}} W_qᵀ δq_t"),
    (r"\sum_{i,j} a_{ij}",                                         "∑_{i,j} a_{ij}"),
    (r"\begin{pmatrix} a & b\\ c & d\end{pmatrix}",                "[a, b; c, d]"),
    (r"\begin{bmatrix} h_{t-1}\\ x_t\end{bmatrix}",                "[h_{t-1}; x_t]"),
    (r"\tanh(W [h_{t-1}, x_t] + b)",                               "tanh(W [h_{t-1}, x_t] + b)"),
    (r"\underbrace{f_t \odot C_t}_{\text{carousel}}",              "f_t ⊙ C_t"),
    (r"\mathrm{diag}(f_t)",                                        "diag(f_t)"),
    (r"1 - \tanh^2(C_t)",                                          "1 - tanh²(C_t)"),
    (r"\sigma'(z)^2",                                              "(σ′(z))²"),
    (r"\frac{a + b}{c d} - (a - b)",                               "(a + b)/(c d) - (a - b)"),
    (r"a \odot -b",                                                "a ⊙ (-b)"),
    (r"\left(W^\top\right)^{-1}",                                  "(Wᵀ)^{-1}"),
    (r"\|a\|_2 + |x|^2",                                           "‖a‖_2 + |x|²"),
    (r"\sqrt{x + 1}",                                              "√(x + 1)"),
    (r"e^{-x}",                                                    "exp(-x)"),
    (r"\max(0, x)",                                                "max(0, x)"),
    (r"\langle a, b \rangle",                                      "⟨a, b⟩"),
    (r"(W x)_i + \dots",                                           "(W x)_i + …"),
    (r"a = \begin{cases} 1 & x > 0 \\ 0 & x < 0 \end{cases}",      "a = {1 if x > 0; 0 if x < 0}"),
    (r"a_{\text{old state}} \approx b",                             "a_{old state} ≈ b"),
    (r"\begin{cases} a & \text{if } x \\ b & \text{otherwise} \end{cases}", "{a if x; b otherwise}"),
)
# fmt: on
