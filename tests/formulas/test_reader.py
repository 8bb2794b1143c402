"""What formulas say: a text and its tree, one entry a line pair; `shown` writes trees."""

import pytest

from lstmsym.errors import CellError, FormulaError
from lstmsym.formulas.definitions import definitions
from lstmsym.formulas.reader import read_formula, read_formulas
from lstmsym.formulas.shown import shown
from lstmsym.formulas.tree import Derivative, Equation, Symbol, walk

# fmt: off
CELLS = [
    (r"f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)",
     r"(= f_t (sigmoid (+ (dot W_f (stack, h_(+ t -1) x_t)) b_f)))"),
    (r"f_t = \sigma(W_{xf} x_t + W_{hf} h_{t-1} + b_f)",
     r"(= f_t (sigmoid (+ (· W_(· x f) x_t) (· W_(· h f) h_(+ t -1)) b_f)))"),
    (r"\mathbf{f}_t = \mathrm{sigmoid}(\mathbf{W}^{(f)} \mathbf{x}_t + \mathbf{U}^f \mathbf h_{t-1})",
     r"(= f_t (sigmoid (+ (· W^(f) x_t) (· U^f h_(+ t -1)))))"),
    (r"i^{(t)} = \operatorname{ReLU}\left(U^i x^{(t)} + V h^{\langle t-1\rangle}\right)",
     r"(= i^(t) (relu (+ (· U^i x^(t)) (· V h^<(+ t -1)>))))"),
    (r"\tilde h_t = \text{tanh}(W [r_t * h_{t-1}, x_t])",
     r"(= h~tilde_t (tanh (· W (stack, (* r_t h_(+ t -1)) x_t))))"),
    (r"\Gamma_f = \sigma(W_f[a^{<t-1>}, x^{<t>}] + b_f)",
     r"(= Gamma_f (sigmoid (+ (· W_f (stack, a^<(+ t -1)> x^<t>)) b_f)))"),
    (r"c_t^{(l)} = f_t^{(l)} \circ c_{t-1}^{(l)}",
     r"(= c_t^(l) (circ f_t^(l) c_(+ t -1)^(l)))"),
    (r"h[t] = o[t] * tanh(C[t])",
     r"(= h_[t] (* o_[t] (tanh C_[t])))"),
    (r"z^t = g(\mathbf{W}_z x^t + R_z y^{t-1} + b_z)",
     r"(= z^t (· g (round (+ (· W_z x^t) (· R_z y^(+ t -1)) b_z))))"),
    (r"y^{out_j}(t) = h(s_{c_j}(t))",
     r"(= (· y^out_j (round t)) (· h (round (· s_c_j (round t)))))"),
    (r"\hat{y}_t = \operatorname{softmax}\left(V h_t\right)_{i}",
     r"(= y~hat_t (at (softmax (· V h_t)) _i))"),
    (r"x \in \mathbb{R}^{n \times m}",
     r"(in x R^(times n m))"),
    (r"(h_t, c_t) = f(x_t)",
     r"(= (stack, h_t c_t) (· f (round x_t)))"),
]

FUNCTIONS = [
    (r"\frac{1}{1 + e^{-a}}",
     r"(/ 1 (+ 1 (exp (+ -a))))"),
    (r"1/(1+\exp\left\{-a\right\})",
     r"(/ 1 (round (+ 1 (exp (+ -a)))))"),
    (r"\tanh^2(C_t) + \tanh^2 C_t",
     r"(+ (tanh^2 C_t) (tanh^2 C_t))"),
    (r"\tanh C_t \odot o_t",
     r"(odot (tanh C_t) o_t)"),
    (r"\tanh W x_t",
     r"(tanh (· W x_t))"),
    (r"\tanh{Wx + b} c",
     r"(· (tanh (+ (· W x) b)) c)"),
    (r"\tanh^2{a+b} c",
     r"(· (tanh^2 (+ a b)) c)"),
    (r"\sigma'(a) + \sigma^{\prime}(a)",
     r"(+ (sigmoid' a) (sigmoid' a))"),
    (r"f'(\cdot)",
     r"(· f' (round …))"),
    (r"\operatorname{sech}^2 (x) + \mathrm{sech}(y) + \sech(z)",
     r"(+ (sech^2 x) (sech y) (sech z))"),
    (r"\sqrt{a} + \sqrt[3]{b} + √(c)",
     r"(+ (sqrt a) (^ b (/ 1 3)) (sqrt c))"),
    (r"|a| + \max(a,b) + |W_{ij}|",
     r"(+ (abs a) (max a b) (abs W_(· i j)))"),
    (r"\sigma_g(W x)",
     r"(· sigma_g (round (· W x)))"),
    (r"\sigma_t \odot x",
     r"(odot sigma_t x)"),
    (r"e^t + e^{(t)} + e_t + e^x",
     r"(+ e^t e^(t) e_t (exp x))"),
    (r"diag\left[f\right] + \text{diag}(g)",
     r"(+ (diag f) (diag g))"),
    (r"\sigma_{\max}",
     r"sigma_max"),
]

PRODUCTS = [
    (r"a b + a * b + a \ast b",
     r"(+ (· a b) (* a b) (* a b))"),
    (r"a \odot b + a ⊙ b",
     r"(+ (odot a b) (odot a b))"),
    (r"a \circ b + a ∘ b",
     r"(+ (circ a b) (circ a b))"),
    (r"a \cdot b + a · b + a \bullet b",
     r"(+ (dot a b) (dot a b) (dot a b))"),
    (r"a \times b + a \otimes b + a \oplus b",
     r"(+ (times a b) (otimes a b) (oplus a b))"),
    (r"a \odot b \cdot c d",
     r"(odot,dot,· a b c d)"),
    (r"a \odot -b",
     r"(odot a (+ -b))"),
    (r"a/b c",
     r"(· (/ a b) c)"),
    (r"\frac12 + \frac{d}{n} + \frac{d_k}{2} + \dfrac ab",
     r"(+ (/ 1 2) (/ d n) (/ d_k 2) (/ a b))"),
    (r"-a - b",
     r"(+ -a -b)"),
    (r"0.5\,a + .5 b",
     r"(+ (· 0.5 a) (· .5 b))"),
    (r"a_1 + \dots + a_n",
     r"(+ a_1 … a_n)"),
    (r"\langle \delta^t, x^t \rangle",
     r"(angle (stack, delta^t x^t))"),
]

SCRIPTS = [
    (r"W^{(f)} + U^f + W_f^{(2)ij}",
     r"(+ W^(f) U^f W_f^(· (round 2) i j))"),
    (r"W_f^T + {W_f}^T + (W_f)^T + W^T_f",
     r"(+ (transpose W_f) (transpose W_f) (transpose (round W_f)) (transpose W_f))"),
    (r"W^{\top} + W^\intercal + W^{\mathsf T} + W^{\mathrm T} + Wᵀ",
     r"(+ (transpose W) (transpose W) (transpose W) (transpose W) (transpose W))"),
    (r"{h^{(t-1)}}^\top + h^{(t)\top} + h^{(t)T}",
     r"(+ (transpose h^((+ t -1))) (transpose h^(t)) (transpose h^(t)))"),
    (r"(W x)' + [h, x]' + a'",
     r"(+ (transpose (round (· W x))) (transpose (stack, h x)) a')"),
    (r"W^{-1} + W^{-T} + W^{-\top}",
     r"(+ (^ W (+ -1)) (transpose (^ W (+ -1))) (transpose (^ W (+ -1))))"),
    (r"h_t^2 + h^2_t + (1-f)^2 + J^k + (a)^k",
     r"(+ (^ h_t 2) (^ h_t 2) (^ (round (+ 1 -f)) 2) J^k (^ (round a) k))"),
    (r"\tilde{C}_t^{2} + 2^{10}",
     r"(+ (^ C~tilde_t 2) (^ 2 10))"),
    (r"f_t^i + W_f^{ij} + \delta_{ij} + W_{i,j}",
     r"(+ f_t^i W_f^(· i j) delta_(· i j) W_i,j)"),
    (r"h_{t-1,i} + h_{t_0} + h_{\text{in}} + h_{next}",
     r"(+ h_(+ t -1),i h_t_0 h_in h_next)"),
    (r'h[t-1] + W_f[:, :n] + W_{f[:, h]} + W[h, x]',
     r'(+ h_[(+ t -1)] W_f_[":, :n"] W_f_[":, h"] (· W (stack, h x)))'),
    (r"(W x)_i + [J_t]_{ij} + (A)^T_{ij}",
     r"(+ (at (round (· W x)) _i) (at (square J_t) _(· i j)) (at (transpose (round A)) _(· i j)))"),
    (r"W^{*} + W^+ + h_{\infty}",
     r"(+ W^star W^+ h_infty)"),
    (r"\hat{\tilde{C}}_t + \widehat{C_t} + \vec{h} + \overline{x}",
     r"(+ C~tilde~hat_t C~hat_t h~vec x~bar)"),
    (r"C̃ₜ₋₁ + x⁽ᵗ⁾ + ĉ + σ′(x)²",
     r"(+ C~tilde_(+ t -1) x^(t) c~hat (^ (sigmoid' x) 2))"),
    (r"a^{\prime}_t + a''",
     r"(+ a_t' a'')"),
    (r"\mathbf{1} - f + \mathbb{1} - 1",
     r"(+ bold1 -f bold1 -1)"),
    (r"net_{c_j} + \mathit{net}_o + \texttt{dh_next} + dc_next",
     r"(+ net_c_j net_o dh_next (· d c_next))"),
]

STACKS = [
    (r"[h_{t-1}, x_t] + (h_{t-1}, x_t)",
     r"(+ (stack, h_(+ t -1) x_t) (stack, h_(+ t -1) x_t))"),
    (r"[h_{t-1}; x_t]",
     r"(stack; h_(+ t -1) x_t)"),
    (r"[h_{t-1} \, x_t] + [h] + \{a\}",
     r"(+ (square (· h_(+ t -1) x_t)) (square h) (curly a))"),
    (r"\begin{bmatrix}h\\x\end{bmatrix} + \begin{pmatrix}h&x\end{pmatrix}",
     r"(+ (stack rows h x) (grid h x))"),
    (r"\begin{pmatrix}h\end{pmatrix}",
     r"(round h)"),
    (r"\left(\begin{array}{c} i \\ f \end{array}\right) + \left[\begin{matrix} i \\ f \end{matrix}\right]",
     r"(+ (stack rows i f) (stack rows i f))"),
    (r"\begin{pmatrix} i\\f\\o\\g\end{pmatrix} = \begin{pmatrix}\sigma\\\sigma\\\sigma\\\tanh\end{pmatrix} W",
     r"(= (stack rows i f o g) (· (stack rows sigma sigma sigma tanh) W))"),
    (r"\begin{pmatrix} a & b \\ c & 0 \end{pmatrix}",
     r"(grid a b ; c 0)"),
    (r"f(x) = \begin{cases} 1, & \text{if } x > 0 \\ 0 & x \le 0 \end{cases}",
     r"(= (· f (round x)) (cases 1 if \text{if } x > 0 ; 0 if x \le 0))"),
    (r"\lVert a\rVert_2 + \|a\| + \left\| b \right\|_F + ||c|| + ‖d‖₂ + |x|_1",
     r"(+ (norm2 a) (norm a) (normF b) (norm c) (norm2 d) (norm1 x))"),
]

DERIVATIVES = [
    (r"\frac{\partial C_t}{\partial C_{t-1}} + \partial C_t / \partial C_{t-1} + ∂C_t/∂C_{t-1}",
     r"(+ (partial C_t C_(+ t -1)) (partial C_t C_(+ t -1)) (partial C_t C_(+ t -1)))"),
    (r"\frac{dC_t}{dC_{t-1}} + dC_t/dC_{t-1} + \frac{\mathrm{d}L}{\mathrm{d}W_f} + \mathrm d L/\mathrm d x",
     r"(+ (d C_t C_(+ t -1)) (d C_t C_(+ t -1)) (d L W_f) (d L x))"),
    (r"\frac{\partial^+ h}{\partial W} + \frac{\partial^{+} h}{\partial W}",
     r"(+ (partial+ h W) (partial+ h W))"),
    (r"\frac{\partial}{\partial h}(x)",
     r"(· (partial … h) (round x))"),
    (r"\left.\frac{\partial C_t}{\partial C_{t-1}}\right|_{\text{block}}",
     r"(partial C_t C_(+ t -1) |block)"),
    (r"{\frac{\partial C_t}{\partial C_{t-1}}}\Big|_{\text{direct}}",
     r"(partial C_t C_(+ t -1) |direct)"),
    (r"\left.\frac{\partial C_t}{\partial C_{t-1}}\right|_{h_{t-1}}",
     r"(at (partial C_t C_(+ t -1)) _|h_(+ t -1).)"),
    (r"\left.\begin{pmatrix} a & b \end{pmatrix}\right|_{\text{block}}",
     r"(at (grid a b) _|block.)"),
    (r"\nabla_{h_t} L + \nabla_{W} \mathcal{L} + \nabla L + \partial_h L",
     r"(+ (nabla L h_t) (nabla L W) (· nabla L) (partial L h))"),
    (r"\frac{\partial L}{\partial h_t}^\top x",
     r"(· (transpose (partial L h_t)) x)"),
    (r"\frac{\partial (h_t, C_t)}{\partial (h_{t-1}, C_{t-1})}",
     r"(partial (stack, h_t C_t) (stack, h_(+ t -1) C_(+ t -1)))"),
    (r"\frac{\delta L}{\delta W}",
     r"(partial L W)"),
    (r"\delta C_t + \delta_t^o + \delta^{(t)}_o + \delta_{o_t} + \delta\mathbf{y}^t",
     r"(+ (· delta C_t) delta_t^o delta_o^(t) delta_o_t (· delta y^t))"),
    (r"dC_t + d\tilde C_t + \bar C_t",
     r"(+ (· d C_t) (· d C~tilde_t) C~bar_t)"),
    (r"\Big(\left.\frac{\partial h_t}{\partial h_k}\right|_{\text{block}}\Big)^{\top}",
     r"(transpose (round (partial h_t h_k |block)))"),
]

RANGES = [
    (r"\prod_{j=t-k+1}^{t} J_j",
     r"(prod [j=(+ t -k 1)..t] J_j)"),
    (r"\prod_{t \ge i > k} W^\top diag(\sigma'(h_{i-1}))",
     r"(prod [i=(+ k 1)..t] (· (transpose W) (diag (sigmoid' h_(+ i -1)))))"),
    (r"\prod_{k < i \le t} J_i + \prod_{k<t} a + \sum_{t>k} b",
     r"(+ (prod [i=(+ k 1)..t] J_i) (prod [k=..(+ t -1)] a) (sum [t=(+ k 1)..] b))"),
    (r"\sum_{k=1}^{t} a + \sum_t b + \sum_{t=1}^T c + \sum^T_{t=1} d",
     r"(+ (sum [k=1..t] a) (sum [t=..] b) (sum [t=1..T] c) (sum [t=1..T] d))"),
    (r"\sum_{q \in \{f,i,o\}} d_q",
     r"(sum [q in f i o] d_q)"),
    (r"\sum\nolimits_j e + \sum\limits_{1\le t\le T} f",
     r"(+ (sum [j=..] e) (sum [t=1..T] f))"),
    (r"\sum_{t'=1}^{t} h_{t'}",
     r"(sum [t'=1..t] h_t')"),
    (r"\sum_{i,j} W_{ij} + \sum_{\substack{i=1 \\ j=2}} a",
     r"(+ (sum [i=.., j=..] W_(· i j)) (sum [i=1.., j=2..] a))"),
    (r"Σ_t a ∏_{i=1}^{n} b",
     r"(sum [t=..] (· a (prod [i=1..n] b)))"),
    (r"\sum_{t=2}^T \sum_{k=1}^{t-1} a_t b_k",
     r"(sum [t=2..T] (sum [k=1..(+ t -1)] (· a_t b_k)))"),
]

RELATIONS = [
    (r"h_t \overset{!}{=} x \stackrel{\text{def}}{=} y \triangleq z := u",
     r"(=,:=,:=,:= h_t x y z u)"),
    (r"c += d",
     r"(+= c d)"),
    (r"c \mathrel{+}= d",
     r"(+= c d)"),
    (r"a \approx b \simeq c \propto d \equiv e",
     r"(approx,approx,propto,equiv a b c d e)"),
    (r"a \le b < c <= d",
     r"(le,lt,le a b c d)"),
    (r"a \ge b > c",
     r"(ge,gt a b c)"),
    (r"a \gets b",
     r"(:= a b)"),
    (r"a = b = c",
     r"(= a b c)"),
]


#   several equations in one text, and what is said beside them
SEVERAL = [
    (r"a = b \hspace{2em} c = d \hspace{1pt} e", ["(= a b)", "(= c (· d e))"]),
    (r"a = b \\ \intertext{as well as} c = d", ["(= a b)", "(= c d)"]),
    (r"\begin{array}{lc} \\ a = b \\ c = d \\ \end{array}", ["(= a b)", "(= c d)"]),
    (r"\begin{align} a &= b + c \\ &+ d \\ e &= f & g &= h \end{align}",
     ["(= a (+ b c d))", "(= e f)", "(= g h)"]),
    (r"\begin{align*} a &= b \\ &= c \\[4pt] &\quad {}+ d \end{align*}", ["(= a b (+ c d))"]),
    (r"\begin{eqnarray} a &=& b \\ c &=& d + e \\ && + f \end{eqnarray}", ["(= a b)", "(= c (+ d e f))"]),
    (r"\begin{equation}\label{eq}\begin{split} a &= b \\ c &= d\end{split}\end{equation}",
     ["(= a b # eq)", "(= c d)"]),
    (r"\begin{gather} a = b \\ c = d \nonumber \end{gather}", ["(= a b)", "(= c d)"]),
    (r"\begin{multline} a = b \\ + c \end{multline}", ["(= a (+ b c))"]),
    (r"\begin{array}{rcl} a & = & b \\ c & = & d \end{array}", ["(= a b)", "(= c d)"]),
    (r"\left\{ \begin{aligned} f &= a \\ i &= b \end{aligned} \right.", ["(= f a)", "(= i b)"]),
    (r"\begin{cases} f = a \\ i = b \end{cases}", ["(= f a)", "(= i b)"]),
    (r"a = \left( b + c \right. \\ \left. + d \right)", ["(= a (round (+ b c d)))"]),
    (r"a = (b \\ + c)", ["(= a (round (+ b c)))"]),
    (r"-c &= d \\ -e &= f", ["(= (+ -c) d)", "(= (+ -e) f)"]),
    (r"f_t &= a, & i_t &= b, \\ o_t &= c.", ["(= f_t a)", "(= i_t b)", "(= o_t c)"]),
    ("f_t = a          i_t = b", ["(= f_t a)", "(= i_t b)"]),
    ("f_t = a\ti_t = b", ["(= f_t a)", "(= i_t b)"]),
    ("f_t    = a    +    b", ["(= f_t (+ a b))"]),
    ("f_t = a\ni_t = b\n  + c\nh_t =\n o_t\n", ["(= f_t a)", "(= i_t (+ b c))", "(= h_t o_t)"]),
    ("f_t = g(a,\n b)\ni_t = c", ["(= f_t (· g (stack, a b)))", "(= i_t c)"]),
    ("$$\nf_t = a\ni_t = b\n$$", ["(= f_t a)", "(= i_t b)"]),
    ("$$f_t = a$$\n$$i_t = b$$", ["(= f_t a)", "(= i_t b)"]),
    (r"\[ a = b \] \( c = d \)", ["(= a b)", "(= c d)"]),
    ("$$\\begin{align}\nf &= a \\\ni &= b \\\n\\end{align}$$", ["(= f a)", "(= i b)"]),
    (r"f = a, \qquad i = b; o = c \quad \text{and} \quad g = d",
     ["(= f a)", "(= i b)", "(= o c # and)", "(= g d)"]),
    (r"\text{where } f = a \text{ and } g = b", ["(= f a # where; and)", "(= g b)"]),
    (r"f = a, \quad i = b, \quad t = 1, \dots, T", ["(= f a)", r"(= i b # t = 1, \dots, T)"]),
    (r"a = b \quad \text{for } t = 1", [r"(= a b # \text{for } t = 1)"]),
    (r"f = a \quad \text{(forget gate)} \tag{1}", ["(= f a # (forget gate); 1)"]),
    (r"f &= a && \quad {\scriptstyle\text{candidate}} \\ &= b", ["(= f a b # candidate)"]),
    ("\\begin{aligned} f &= a && \\quad {\\scriptstyle\\text{output}},\n\\end{aligned}", ["(= f a # output)"]),
    (r"f = a \qquad (3)", ["(= f a # (3))"]),
    (r"a = b \implies c = d", ["(= a b)", "(= c d)"]),
    (r"h_t, c_t = f(x), \quad i = b", ["(= (stack, h_t c_t) (· f (round x)))", "(= i b)"]),
    (r"x \in \mathbb{R}^d, W \in \mathbb{R}^{h\times d}", ["(in x R^d)", "(in W R^(times h d))"]),
    (r"h = o, t > 0", ["(= h o # t > 0)"]),
    (r"h = o, \quad 1 \le t \le T", [r"(= h o # 1 \le t \le T)"]),
    (r"a &= b \\ &+ c = d", ["(= a (+ b c) d)"]),
    (r"\left. \begin{array}{l} {f = a} \\ {i = b} \end{array} \right\}", ["(= f a)", "(= i b)"]),
    (r"{\displaystyle {\begin{aligned}f&=\sigma _{g}(a)\\i&=b\end{aligned}}}",
     ["(= f (· sigma_g (round a)))", "(= i b)"]),
    ("a = b % c = d\ne = f", ["(= a b)", "(= e f)"]),
    (r"a + \text{small terms}", ['(+ a "small terms")']),
    ("", []), ("  % nothing", []), (r"\\ & ,", []),
]

#   looks only: the same tree with and without
LOOKS = [
    (r"C^{&lt;t&gt;} &amp; = &#963;(a)", r"C^{<t>} = \sigma(a)"),
    (r"n e t_{f}(t) = W x(t)", r"\mathrm{net}_f(t) = W x(t)"),
    (r"\left. \frac{\partial a}{\partial b} \right| c", r"\frac{\partial a}{\partial b} c"),
    (r"\xcancel{a} \rlap{b} \mathbin{\odot} c^{(t)^\top}", r"a b \odot c^{(t) \top}"),
    (r"\mathbf{c}^{(t)^{T}} \mathbb{1}[i = k]", r"c^{(t) T} \mathbf{1}_{[i = k]}"),
    (r"W \begin{bmatrix} h, x \end{bmatrix}", "W [h, x]"),
    (r"\sigma{(W x)} \tanh{\left(C\right)}", r"\sigma(W x) \tanh(C)"),
    (r"h\_t \* x", "h_t * x"),
    (r"\require{color} \left|\left| x \right|\right|_2 + \parallel y \parallel", r"\|x\|_2 + \|y\|"),
    (r"{dC_t \over dC_{t-1}} + {1 \over 2}", r"\frac{dC_t}{dC_{t-1}} + \frac{1}{2}"),
    (r"\frac{\partial a}{\partial b}\Big\rvert_{\text{block}}", r"\left.\frac{\partial a}{\partial b}\right|_{block}"),
    (r"\mathrm{h}_{\mathrm{t}} + \mathrm{C}_{\mathrm{t}-1}", "h_t + C_{t-1}"),
    (r"{\rm tanh}(x) + \mathbf{W_{hh}}^T + W{}^\top + (a)^{\!\top}", r"tanh(x) + W_{hh}^T + W^\top + (a)^\top"),
    (r"\frac{\partial{C_t}}{\partial{C_{t-1}}} + \partial{C_t}/\partial{x}",
     r"\frac{\partial C_t}{\partial C_{t-1}} + \partial C_t/\partial x"),
    (r"h\left[t-1\right] + W\left[h, x\right]", "h[t-1] + W[h, x]"),
    (r"\color{red} f_t \textcolor{blue}{\odot} {\color{blue} C}", r"f_t \odot C"),
    (r"\underbrace{a \odot b}_{\text{old}} + \boxed{c} + \overbrace{d}^{x}", r"a \odot b + c + d"),
    (r"\bigl( a \Bigr) \left[ b \right]", r"(a) [b]"),
    (r"{\bf W}_f \pmb{x} \boldsymbol{\sigma}(\mathbf{a})", r"W_f x \sigma(a)"),
    (r"{a} \, {}+ \! b \hspace{2pt} c~d \displaystyle \phantom{x}", "a + b c d"),
    (r"{{\mathbf{h}}_{t}} = {\mathrm{o}_t}", "h_t = o_t"),
    (r"\underset{n}{W} x", "W x"),
    (r"\mathop{\sigma}(a)", r"\sigma(a)"),
]

#   what is refused, and a word of the answer
REFUSED = [
    (r"\frac{\partial^2 h}{\partial x^2}", "first derivatives only"), (r"p(a \mid b)", "never closed"),
    (r"\tanh W x + U h", "end before '+'"), (r"h = \tanh W \cdot [h, x]", "write it in brackets"),
    (r"\sigma x", "a function"), (r"a = b \\ - c = d", "or begin one"),
    (r"\tanh C_t (1 - f)", "end before '('"), (r"\log p / q", "end before '/'"),
    (r"\tanh^{-1}(x)", "inverse"), (r"\foo{x}", r"\foo"), (r"\tahn x", r"did you mean '\tan"),
    (r"\input{x}", r"\input"), (r"\begin{foo}x\end{foo}", "environment 'foo'"), ("x \x00", "character"),
    ("[a)", "write ]"), ("(a", "never closed"), ("a)", "closes nothing"), ("{a", "never closed"),
    (r"\begin{align} a", "never closed"), (r"a \end{align}", "closes nothing"), ("|a", "never closed"),
    ("f_t =", "the end"), ("= a", "found '='"), ("a + + b", "found '+'"), ("a ** b", "found '*'"),
    ("a,,b", "found ','"),
    (r"\frac{a}", "argument"), ("_a", "found '_'"), ("x_a_b", "a second index"), ("x^a^b", "a second exponent"),
    ("()", "nothing stands"), ("1_n", "no index"), (r"\frac{\partial^2 L}{\partial x^2}", "first derivatives"),
    (r"\overline{a b}", "one symbol"), (r"\sum_{j \to i} a", "runs over"), (r"\sum_{t=1}", "a factor"),
    (r"f &= a & i &= b \\ &= c", "rows of its own"), (r"\begin{pmatrix} a & b \\ c \end{pmatrix}", "entries"),
    (r"\begin{pmatrix} a & \end{pmatrix}", "empty"), ("p(y | h)", "never closed"),
]
# fmt: on

TABLE = [
    case
    for group in (CELLS, FUNCTIONS, PRODUCTS, SCRIPTS, STACKS, DERIVATIVES, RANGES, RELATIONS)
    for case in group
]


@pytest.mark.parametrize(("text", "expected"), TABLE)
def test_a_formula_says(text: str, expected: str) -> None:
    assert shown(read_formula(text)) == expected


@pytest.mark.parametrize(("text", "expected"), SEVERAL)
def test_a_text_holds_equations(text: str, expected: list[str]) -> None:
    assert [shown(a) for a in read_formulas(text)] == expected


@pytest.mark.parametrize(("text", "plain"), LOOKS)
def test_looks_say_nothing(text: str, plain: str) -> None:
    assert read_formula(text) == read_formula(plain)


@pytest.mark.parametrize(("text", "words"), REFUSED)
def test_what_is_not_understood_is_refused_with_a_sentence(text: str, words: str) -> None:
    with pytest.raises(FormulaError) as caught:
        read_formula(text)
    assert words in caught.value.message
    assert caught.value.column >= 1


def test_the_caret_stands_under_the_mistake() -> None:
    with pytest.raises(CellError) as caught:
        read_formulas("f_t = a\n\ni_t = \\foo b")
    assert (caught.value.line, caught.value.column) == (3, 7)
    assert str(caught.value).splitlines()[1:] == ["  i_t = \\foo b", "        ^"]


def test_every_node_knows_its_place() -> None:
    text = r"C_t = f_t \odot \frac{\partial C_t}{\partial C_{t-1}}"
    found = read_formula(text)
    said = {type(a): text[a.place.start : a.place.end] for a in walk(found)}
    assert said[Equation] == text
    assert said[Derivative] == r"\frac{\partial C_t}{\partial C_{t-1}}"
    assert said[Symbol] == "t"


def test_one_formula_is_one() -> None:
    with pytest.raises(FormulaError, match="found 2"):
        read_formula(r"a = b \\ c = d")


def test_bold_digits_are_vectors() -> None:
    assert read_formula(r"\mathbf{1}") == Symbol("1")


#   definitions, and the formula without them
DEFINED = [
    (r"\newcommand{\bh}{\mathbf{h}} \bh_t = a", "h_t = a"),
    (
        r"\newcommand\pd[2]{\frac{\partial #1}{\partial #2}} \pd{h_t}{x}",
        r"\frac{\partial h_t}{\partial x}",
    ),
    (r"\def\W#1{W_{#1}} \W{f}^\top", r"W_{f}^\top"),
    (r"\DeclareMathOperator{\sg}{sigmoid} \sg(x)", r"\sigma(x)"),
]


@pytest.mark.parametrize(("text", "plain"), DEFINED)
def test_defined_commands_are_put_in(text: str, plain: str) -> None:
    assert read_formula(text) == read_formula(plain)


def test_definitions_of_a_document_are_known() -> None:
    document = "\\newcommand{\\bh}{\\mathbf{h}}\n\\newcommand{\\odd}\n% \\newcommand{\\x}{y}\n"
    known = definitions(document)
    assert set(known) == {r"\bh"}
    assert read_formulas(r"\bh_t", known) == read_formulas("h_t")
