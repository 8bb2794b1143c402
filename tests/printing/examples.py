"""One term for every node, with what it prints as: all printers are held against this table."""

from sympy import Rational, Symbol

from lstmsym.equations import derived as d
from lstmsym.equations import terms as e
from lstmsym.equations.terms import T, k, t

n, m = (Symbol(a, integer=True, positive=True) for a in "nm")
j = Symbol("j", integer=True)

f, C, C1 = e.Signal("f", t, n), e.Signal("C", t, n), e.Signal("C", t - 1, n)
Ct, h1, h, x = (
    e.Signal("C_tilde", t, n),
    e.Signal("h", t - 1, n),
    e.Signal("h", t, n),
    e.Signal("x", t, m),
)
W, U, b = e.Parameter("W_f", n, n + m), e.Parameter("U", n, n), e.Parameter("b_f", n)
alpha = e.Fill(e.Parameter("alpha", 1), n)
stack = e.Concatenation(h1, x)
part = d.part_of(stack, 0)
one, minus, two, third = (e.Fill(v, n) for v in (1, -1, 2, Rational(1, 3)))
J = d.StateJacobian(j, 2 * n)
tanh = e.Elementwise("tanh", C)
block = d.Partial(C, C1, "block")

# fmt: off
#  term                                  LaTeX, terminal (in one line)
EXAMPLES = [
    (C1,                                 r"C_{t-1}", "C_{t-1}"),
    (e.Signal("h", t - k, n),            r"h_{t-k}", "h_{t-k}"),
    (e.Signal("h", t - 50, n),           r"h_{t-50}", "h_{t-50}"),
    (e.Parameter("W_f", n, n),           r"W_f", "W_f"),
    (e.Fill(0, n),                       "0", "0"),
    (one,                                "1", "1"),
    (e.Fill(Rational(19, 20), n),        "0.95", "0.95"),
    (third,                              r"\frac{1}{3}", "1/3"),
    (alpha,                              r"\alpha", "α"),
    (e.Fill(1, 1, n),                    r"\mathbf{1}^{\top}", "1ᵀ"),
    # sums and signs
    (1 - f,                              "1 - f_t", "1 - f_t"),
    (f - C,                              "f_t - C_t", "f_t - C_t"),
    (-f,                                 "-f_t", "-f_t"),
    (-h1 + Ct,                           r"-h_{t-1} + \tilde{C}_t", "-h_{t-1} + C\u0303_t"),
    (f - (C + h),                        "f_t - (C_t + h_t)", "f_t - (C_t + h_t)"),
    (f + (C + h),                        "f_t + (C_t + h_t)", "f_t + (C_t + h_t)"),
    (-(f + C),                           "-(f_t + C_t)", "-(f_t + C_t)"),
    (-(e.negative(f)),                              "-(-f_t)", "-(-f_t)"),
    (f + e.Fill(-1, n),                  "f_t - 1", "f_t - 1"),
    (f - 2 * C,                          r"f_t - 2\, C_t", "f_t - 2 C_t"),
    # elementwise
    (f * C1,                             r"f_t \odot C_{t-1}", "f_t ⊙ C_{t-1}"),
    (C1 * f,                             r"C_{t-1} \odot f_t", "C_{t-1} ⊙ f_t"),
    ((1 - f) * C,                        r"(1 - f_t) \odot C_t", "(1 - f_t) ⊙ C_t"),
    (f * (C * h),                        r"f_t \odot (C_t \odot h_t)", "f_t ⊙ (C_t ⊙ h_t)"),
    (f * (-C),                           r"f_t \odot (-C_t)", "f_t ⊙ (-C_t)"),
    (f * (W @ stack),                    r"f_t \odot (W_f \cdot [h_{t-1}, x_t])", "f_t ⊙ (W_f·[h_{t-1}, x_t])"),
    (f * f,                              "f_t^{2}", "f_t²"),
    (e.Hadamard(h, f, f),                r"h_t \odot f_t^{2}", "h_t ⊙ f_t²"),
    ((1 - f) * (1 - f),                  r"(1 - f_t)^{2}", "(1 - f_t)²"),
    (two * f,                            r"2\, f_t", "2 f_t"),
    (alpha * (U @ h),                    r"\alpha\, U\, h_t", "α U h_t"),
    (e.Hadamard(alpha, f, h),            r"\alpha\, f_t \odot h_t", "α f_t ⊙ h_t"),
    (f * alpha,                          r"f_t \cdot \alpha", "f_t·α"),
    (two * third,                        r"2 \cdot \frac{1}{3}", "2·1/3"),
    (f / C,                              r"\frac{f_t}{C_t}", "f_t / C_t"),
    ((1 + f) / (C * h),                  r"\frac{1 + f_t}{C_t \odot h_t}", "(1 + f_t) / (C_t ⊙ h_t)"),
    ((f / C) * h,                        r"\frac{f_t}{C_t} \odot h_t", "(f_t / C_t) ⊙ h_t"),
    # functions
    (e.Elementwise("sigmoid", W @ stack + b),
     r"\sigma(W_f \cdot [h_{t-1}, x_t] + b_f)", "σ(W_f·[h_{t-1}, x_t] + b_f)"),
    (e.Elementwise("relu", f),           r"\operatorname{ReLU}(f_t)", "ReLU(f_t)"),
    (e.Elementwise("step", f),           r"\operatorname{step}(f_t)", "step(f_t)"),
    (e.Elementwise("softplus", f),       r"\operatorname{softplus}(f_t)", "softplus(f_t)"),
    (e.Elementwise("exp", -f),           r"\exp(-f_t)", "exp(-f_t)"),
    (e.Elementwise("identity", f),       "f_t", "f_t"),
    (e.Elementwise("identity", f + C) * h, r"(f_t + C_t) \odot h_t", "(f_t + C_t) ⊙ h_t"),
    (1 - e.Elementwise("square", Ct),    r"1 - \tilde{C}_t^{2}", "1 - C\u0303_t²"),
    (1 - e.Elementwise("square", tanh),  r"1 - \tanh^{2}(C_t)", "1 - tanh²(C_t)"),
    (1 - tanh * tanh,                    r"1 - \tanh^{2}(C_t)", "1 - tanh²(C_t)"),
    (e.Elementwise("square", f + C),     r"(f_t + C_t)^{2}", "(f_t + C_t)²"),
    (e.Elementwise("square", f * f),     r"(f_t^{2})^{2}", "(f_t²)²"),
    (e.Elementwise("tanh", f / C),       r"\tanh\Bigl(\frac{f_t}{C_t}\Bigr)", "tanh(f_t / C_t)"),
    # matrices
    (U @ h,                              r"U\, h_t", "U h_t"),
    (U @ (U @ h),                        r"U\, U\, h_t", "U U h_t"),
    (U @ (f * h),                        r"U\, (f_t \odot h_t)", "U (f_t ⊙ h_t)"),
    (d.Columns(W, part),                 "W_{fh}", "W_{fh}"),
    (d.Columns(e.Parameter("W", n, n + m), part), "W_h", "W_h"),
    (d.Columns(W, d.part_of(e.Concatenation(Ct, x), 0)), r"W_{f\tilde{C}}", "W_{fC\u0303}"),
    (d.Columns(e.Parameter("W_rec", n, n + m), part), r"W_{\mathrm{rec},h}", "W_{rec,h}"),
    (d.Columns(W, d.part_of(e.Concatenation(h1, h1), 1)), "W_f^{(2)}", "W_f⁽²⁾"),
    (d.Transposed(d.Columns(W, d.part_of(e.Concatenation(h1, h1), 1))), r"(W_f^{(2)})^{\top}", "(W_f⁽²⁾)ᵀ"),
    (d.Eye(n),                           "I", "I"),
    (d.Selector("h", 0, n, n),           r"\begin{pmatrix} I \\ 0 \end{pmatrix}", "[I; 0]"),
    (d.Transposed(d.Selector("C", 1, n, n)), r"\begin{pmatrix} 0 & I \end{pmatrix}", "[0  I]"),
    (d.Diagonal(f),                      r"\operatorname{diag}(f_t)", "diag(f_t)"),
    (d.Diagonal(f * (1 - f)),            r"\operatorname{diag}\bigl(f_t \odot (1 - f_t)\bigr)",
     "diag(f_t ⊙ (1 - f_t))"),
    (d.Diagonal(f) @ U,                  r"\operatorname{diag}(f_t)\, U", "diag(f_t) U"),
    ((U + U) @ h,                        r"(U + U)\, h_t", "(U + U) h_t"),
    (d.Transposed(U),                    r"U^{\top}", "Uᵀ"),
    (d.Transposed(U @ U),                r"(U\, U)^{\top}", "(U U)ᵀ"),
    (d.Transposed(block),                r"\Bigl(\left.\frac{\partial C_t}{\partial C_{t-1}}"
     r"\right|_{\text{block}}\Bigr)^{\top}",
     "(∂C_t/∂C_{t-1}|block)ᵀ"),
    (d.Outer(f, stack),                  r"f_t\, [h_{t-1}, x_t]^{\top}", "f_t [h_{t-1}, x_t]ᵀ"),
    (d.Outer(f * h, x),                  r"(f_t \odot h_t)\, x_t^{\top}", "(f_t ⊙ h_t) x_tᵀ"),
    (d.Dot(f, h),                        r"f_t^{\top}\, h_t", "f_tᵀ h_t"),
    (d.Dot(one, h),                      r"\mathbf{1}^{\top}\, h_t", "1ᵀ h_t"),
    (d.Blocks(2, U, e.zeros(n, n), d.Eye(n), U), r"\begin{pmatrix} U & 0 \\ I & U \end{pmatrix}", "[U  0; I  U]"),
    (d.Blocks(1, block, d.Partial(h, C1, "block")),
     r"\left.\begin{pmatrix} \frac{\partial C_t}{\partial C_{t-1}} \\[4pt] "
     r"\frac{\partial h_t}{\partial C_{t-1}} \end{pmatrix}\right|_{\text{block}}",
     "[∂C_t/∂C_{t-1}; ∂h_t/∂C_{t-1}]|block"),
    (d.StateJacobian(t, 2 * n),          "J_t", "J_t"),
    # derivatives
    (d.Partial(C, C1, "total"),          r"\frac{\partial C_t}{\partial C_{t-1}}", "∂C_t/∂C_{t-1}"),
    (d.Partial(C, C1, "local"),          r"\frac{\partial^+ C_t}{\partial C_{t-1}}", "∂⁺C_t/∂C_{t-1}"),
    (d.Partial(C, C1, "direct"),         r"\left.\frac{\partial C_t}{\partial C_{t-1}}\right|_{\text{direct}}",
     "∂C_t/∂C_{t-1}|direct"),
    (d.Partial(C, C1, "step"),           r"\left.\frac{\partial C_t}{\partial C_{t-1}}\right|_{\text{step}}",
     "∂C_t/∂C_{t-1}|step"),
    (block @ block,                      r"\left.\frac{\partial C_t}{\partial C_{t-1}}\right|_{\text{block}}"
     r"\, \left.\frac{\partial C_t}{\partial C_{t-1}}\right|_{\text{block}}",
     "∂C_t/∂C_{t-1}|block · ∂C_t/∂C_{t-1}|block"),
    (d.Adjoint(C),                       r"\delta C_t", "δC_t"),
    (d.Adjoint(e.Signal("a_f", t + 1, n)), r"\delta a_{f,t+1}", "δa_{f,t+1}"),
    (d.Adjoint(Ct),                      r"\delta\tilde{C}_t", "δC\u0303_t"),
    (d.Adjoint(h, "own"),                r"\frac{\partial L_t}{\partial h_t}", "∂L_t/∂h_t"),
    (d.Gradient(W),                      r"\frac{\partial L}{\partial W_f}", "∂L/∂W_f"),
    # over time
    (d.SumOverTime(f, t, 1, T),          r"\sum_{t=1}^{T} f_t", "Σ_{t=1}^T f_t"),
    (d.SumOverTime(f + C, t, 1, T),      r"\sum_{t=1}^{T} (f_t + C_t)", "Σ_{t=1}^T (f_t + C_t)"),
    (d.SumOverTime(f, t, 1, T) + C,      r"\biggl(\sum_{t=1}^{T} f_t\biggr) + C_t", "(Σ_{t=1}^T f_t) + C_t"),
    (C + d.SumOverTime(f, t, 1, T),      r"C_t + \sum_{t=1}^{T} f_t", "C_t + Σ_{t=1}^T f_t"),
    (d.SumOverTime(d.SumOverTime(f, k, 1, t), t, 1, T),
     r"\sum_{t=1}^{T} \sum_{k=1}^{t} f_t", "Σ_{t=1}^T Σ_{k=1}^t f_t"),
    (d.ProductOverTime(J, j, t - k + 1, t), r"\prod_{j=t-k+1}^{t} J_j", "∏_{j=t-k+1}^t J_j"),
    (d.ProductOverTime(f.at(j), j, t - 49, t), r"\prod_{j=t-49}^{t} f_j", "∏_{j=t-49}^t f_j"),
    (d.ProductOverTime(f.at(j) * h.at(j), j, 1, t), r"\prod_{j=1}^{t} (f_j \odot h_j)", "∏_{j=1}^t (f_j ⊙ h_j)"),
    (d.Diagonal(d.ProductOverTime(f.at(j), j, 1, t)),
     r"\operatorname{diag}\biggl(\prod_{j=1}^{t} f_j\biggr)", "diag(∏_{j=1}^t f_j)"),
    (d.ProductOverTime(J, j, 1, t) @ d.Selector("C", 1, n, n),
     r"\biggl(\prod_{j=1}^{t} J_j\biggr)\, \begin{pmatrix} 0 \\ I \end{pmatrix}", "(∏_{j=1}^t J_j) [0; I]"),
    (d.Transposed(d.Selector("C", 1, n, n)) @ d.ProductOverTime(J, j, 1, t),
     r"\begin{pmatrix} 0 & I \end{pmatrix}\, \prod_{j=1}^{t} J_j", "[0  I] ∏_{j=1}^t J_j"),
    (d.Softmax(C1),                      r"\operatorname{softmax}(C_{t-1})", "softmax(C_{t-1})"),
    (d.Maximum(f, h),                    r"\operatorname{max}(f_t, h_t)", "max(f_t, h_t)"),
    (d.Kronecker(d.Eye(n), e.Parameter("W", n, n)), r"I \otimes W", "I ⊗ W"),
    (d.Kronecker(f, h),                  r"\operatorname{vec}(h_t\, f_t^{\top})", "vec(h_t f_tᵀ)"),
    (d.Kronecker(e.Fill(1, n), h),       r"\mathbf{1} \otimes h_t", "1 ⊗ h_t"),
    (d.Read(e.Signal("S", t, n * n), f), r"\operatorname{mat}(S_t)\, f_t", "mat(S_t) f_t"),
    (d.Pieces(e.Signal("S", t, n * n), n), r"\operatorname{mat}(S_t)", "mat(S_t)"),
    (d.Shift(n, 1),                      "S_1", "S_1"),
    (d.Shift(n, -1),                     "S_{-1}", "S_{-1}"),
]
# fmt: on
