"""Cells as people write them, each beside the cell text that it means."""

LSTM = r"""
f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)          i_t = \sigma(W_i \cdot [h_{t-1}, x_t] + b_i)
\tilde{C}_t = \tanh(W_C \cdot [h_{t-1}, x_t] + b_C)    C_t = f_t * C_{t-1} + i_t * \tilde{C}_t
o_t = \sigma(W_o [h_{t-1}, x_t] + b_o)                 h_t = o_t * \tanh(C_t)
"""
PEEPHOLE = r"""
f_t = \sigma(W_f \cdot [C_{t-1}, h_{t-1}, x_t] + b_f)   o_t = \sigma(W_o \cdot [C_t, h_{t-1}, x_t] + b_o)
i_t = \sigma(W_i \cdot [C_{t-1}, h_{t-1}, x_t] + b_i)
\tilde{C}_t = \tanh(W_C \cdot [h_{t-1}, x_t] + b_C)    C_t = f_t * C_{t-1} + i_t * \tilde{C}_t
h_t = o_t * \tanh(C_t)
"""
COUPLED = r"""
f_t = \sigma(W_f \cdot [h_{t-1}, x_t] + b_f)
\tilde{C}_t = \tanh(W_C \cdot [h_{t-1}, x_t] + b_C)
C_t = f_t * C_{t-1} + (1 - f_t) * \tilde{C}_t
o_t = \sigma(W_o [h_{t-1}, x_t] + b_o)                 h_t = o_t * \tanh(C_t)
"""
GRU = r"""
z_t = \sigma(W_z \cdot [h_{t-1}, x_t])   r_t = \sigma(W_r \cdot [h_{t-1}, x_t])   \tilde{h}_t = \tanh(W \cdot [r_t * h_{t-1}, x_t])   h_t = (1 - z_t) * h_{t-1} + z_t * \tilde{h}_t
"""

GRU_CELL = """
z[t] = sigmoid(W_z @ [h[t-1], x[t]])
r[t] = sigmoid(W_r @ [h[t-1], x[t]])
h_tilde[t] = tanh(W @ [r[t] * h[t-1], x[t]])
h[t] = (1 - z[t]) * h[t-1] + z[t] * h_tilde[t]
"""
RNN_CELL = "h[t] = tanh(W @ h[t-1] + U @ x[t] + b)"
GATES_CELL = """
i[t] = sigmoid(W_i @ [h[t-1], x[t]])
f[t] = sigmoid(W_f @ [h[t-1], x[t]])
o[t] = sigmoid(W_o @ [h[t-1], x[t]])
g[t] = tanh(W_g @ [h[t-1], x[t]])
c[t] = f[t] * c[t-1] + i[t] * g[t]
h[t] = o[t] * tanh(c[t])
"""
BRANCHES_CELL = """
f[t] = sigmoid(W_f @ x[t] + U_f @ h[t-1] + b_f)
i[t] = sigmoid(W_i @ x[t] + U_i @ h[t-1] + b_i)
o[t] = sigmoid(W_o @ x[t] + U_o @ h[t-1] + b_o)
c_tilde[t] = tanh(W_c @ x[t] + U_c @ h[t-1] + b_c)
c[t] = f[t] * c[t-1] + i[t] * c_tilde[t]
h[t] = o[t] * tanh(c[t])
"""

# ruff: noqa: E501

# name: (what is written, the cell text that it means)
NOTATIONS: dict[str, tuple[str, str]] = {
    "elman": (r"h_t = \tanh(W h_{t-1} + U x_t + b)", RNN_CELL),
    "unicode": ("hₜ = tanh(W hₜ₋₁ + U xₜ + b)", RNN_CELL),
    "bold": (
        r"\mathbf{h}_t = \tanh(\mathbf{W}\mathbf{h}_{t-1} + \mathbf{U}\mathbf{x}_t + \mathbf{b})",
        RNN_CELL,
    ),
    "mixed fonts": (r"h_t = \tanh(\mathbf{W} \mathbf{h}_{t-1} + U \boldsymbol{x}_t + b)", RNN_CELL),
    "time in round brackets": (r"h(t) = \tanh(W h(t-1) + U x(t) + b)", RNN_CELL),
    "time in square brackets": (r"h[t] = \tanh(W h[t-1] + U x[t] + b)", RNN_CELL),
    "time above": (r"h^{(t)} = \tanh(W h^{(t-1)} + U x^{(t)} + b)", RNN_CELL),
    "time above, plain": (r"h^{t} = \tanh(W h^{t-1} + U x^t + b)", RNN_CELL),
    "time in angles": (
        r"h^{\langle t\rangle} = \tanh(W h^{\langle t-1\rangle} + U x^{\langle t\rangle} + b)",
        RNN_CELL,
    ),
    "a bold one": (
        r"h_t = (\mathbf{1} - z_t) \odot h_{t-1} \\ z_t = \sigma(W x_t)",
        "h[t] = (1 - z[t]) * h[t-1]\nz[t] = sigmoid(W @ x[t])",
    ),
    "time k": (r"h_k = \tanh(W h_{k-1} + U x_k + b)", RNN_CELL),
    "time tau": (r"h_\tau = \tanh(W h_{\tau-1} + U x_\tau + b)", RNN_CELL),
    "previous": (r"h = \tanh(W h_{\text{prev}} + U x + b)", RNN_CELL),
    "align": (
        r"\begin{align} h_t &= \tanh(a_t) \\ a_t &= W h_{t-1} + U x_t + b \end{align}",
        "h[t] = tanh(a[t])\na[t] = W @ h[t-1] + U @ x[t] + b",
    ),
    "Goodfellow, chapter 10": (
        r"""\begin{align}
\boldsymbol{a}^{(t)} &= \boldsymbol{b} + \boldsymbol{W} \boldsymbol{h}^{(t-1)} + \boldsymbol{U} \boldsymbol{x}^{(t)}, \\
\boldsymbol{h}^{(t)} &= \tanh(\boldsymbol{a}^{(t)}), \\
\boldsymbol{o}^{(t)} &= \boldsymbol{c} + \boldsymbol{V} \boldsymbol{h}^{(t)}, \\
\hat{\boldsymbol{y}}^{(t)} &= \mathrm{softmax}(\boldsymbol{o}^{(t)}),
\end{align}""",
        """a[t] = b + W @ h[t-1] + U @ x[t]
h[t] = tanh(a[t])
o[t] = c + V @ h[t]
y_hat[t] = softmax(o[t])""",
    ),
    "Olah, in Markdown": (
        "The forget gate is\n\n$$f_t = \\sigma(W_f\\cdot[h_{t-1}, x_t] + b_f)$$\n\nand the state\n\n"
        "$$C_t = f_t * C_{t-1} + (1 - f_t) * \\tanh(W_C\\cdot[h_{t-1}, x_t] + b_C), \\quad h_t = \\tanh(C_t)$$\n",
        """f[t] = sigmoid(W_f @ [h[t-1], x[t]] + b_f)
C[t] = f[t] * C[t-1] + (1 - f[t]) * tanh(W_C @ [h[t-1], x[t]] + b_C)
h[t] = tanh(C[t])""",
    ),
    "PyTorch": (
        r"""\begin{array}{ll} \\
    i_t = \sigma(W_{ii} x_t + b_{ii} + W_{hi} h_{t-1} + b_{hi}) \\
    f_t = \sigma(W_{if} x_t + b_{if} + W_{hf} h_{t-1} + b_{hf}) \\
    g_t = \tanh(W_{ig} x_t + b_{ig} + W_{hg} h_{t-1} + b_{hg}) \\
    o_t = \sigma(W_{io} x_t + b_{io} + W_{ho} h_{t-1} + b_{ho}) \\
    c_t = f_t \odot c_{t-1} + i_t \odot g_t \\
    h_t = o_t \odot \tanh(c_t) \\
\end{array}""",
        """i[t] = sigmoid(W_ii @ x[t] + b_ii + W_hi @ h[t-1] + b_hi)
f[t] = sigmoid(W_if @ x[t] + b_if + W_hf @ h[t-1] + b_hf)
g[t] = tanh(W_ig @ x[t] + b_ig + W_hg @ h[t-1] + b_hg)
o[t] = sigmoid(W_io @ x[t] + b_io + W_ho @ h[t-1] + b_ho)
c[t] = f[t] * c[t-1] + i[t] * g[t]
h[t] = o[t] * tanh(c[t])""",
    ),
    "PyTorch, GRU": (
        r"""r_t = \sigma(W_{ir} x_t + b_{ir} + W_{hr} h_{(t-1)} + b_{hr}) \\
z_t = \sigma(W_{iz} x_t + b_{iz} + W_{hz} h_{(t-1)} + b_{hz}) \\
n_t = \tanh(W_{in} x_t + b_{in} + r_t \odot (W_{hn} h_{(t-1)}+ b_{hn})) \\
h_t = (1 - z_t) \odot n_t + z_t \odot h_{(t-1)}""",
        """r[t] = sigmoid(W_ir @ x[t] + b_ir + W_hr @ h[t-1] + b_hr)
z[t] = sigmoid(W_iz @ x[t] + b_iz + W_hz @ h[t-1] + b_hz)
n[t] = tanh(W_in @ x[t] + b_in + r[t] * (W_hn @ h[t-1] + b_hn))
h[t] = (1 - z[t]) * n[t] + z[t] * h[t-1]""",
    ),
    "Wikipedia, stated": (
        r"""% sigma_g = sigmoid
% sigma_c = tanh
% sigma_h = tanh
\begin{aligned}
f_t &= \sigma_g(W_{f} x_t + U_{f} h_{t-1} + b_f) \\
i_t &= \sigma_g(W_{i} x_t + U_{i} h_{t-1} + b_i) \\
o_t &= \sigma_g(W_{o} x_t + U_{o} h_{t-1} + b_o) \\
\tilde{c}_t &= \sigma_c(W_{c} x_t + U_{c} h_{t-1} + b_c) \\
c_t &= f_t \odot c_{t-1} + i_t \odot \tilde{c}_t \\
h_t &= o_t \odot \sigma_h(c_t)
\end{aligned}""",
        BRANCHES_CELL,
    ),
    "Wikipedia, a row states": (
        r"""\begin{aligned}
\sigma_h &= \tanh \\
h_t &= \sigma_h(W_h x_t + U_h h_{t-1} + b_h)
\end{aligned}""",
        "h[t] = tanh(W_h @ x[t] + U_h @ h[t-1] + b_h)",
    ),
    "gates above": (
        r"""f_t = \sigma(W^f x_t + U^f h_{t-1} + b^f) \\
c_t = f_t \odot c_{t-1} + \tanh(W^c x_t + U^c h_{t-1} + b^c) \\
h_t = \tanh(c_t)""",
        """f[t] = sigmoid(W__f @ x[t] + U__f @ h[t-1] + b__f)
c[t] = f[t] * c[t-1] + tanh(W__c @ x[t] + U__c @ h[t-1] + b__c)
h[t] = tanh(c[t])""",
    ),
    "Greff": (
        r"""% g = tanh
% h = tanh
\begin{align}
\bar{\mathbf{z}}^t &= \mathbf{W}_z \mathbf{x}^t + \mathbf{R}_z \mathbf{y}^{t-1} + \mathbf{b}_z \\
\mathbf{z}^t &= g(\bar{\mathbf{z}}^t) \\
\bar{\mathbf{i}}^t &= \mathbf{W}_i \mathbf{x}^t + \mathbf{R}_i \mathbf{y}^{t-1} + \mathbf{p}_i \odot \mathbf{c}^{t-1} + \mathbf{b}_i \\
\mathbf{i}^t &= \sigma(\bar{\mathbf{i}}^t) \\
\mathbf{c}^t &= \mathbf{z}^t \odot \mathbf{i}^t + \mathbf{c}^{t-1} \odot (1 - \mathbf{i}^t) \\
\mathbf{y}^t &= h(\mathbf{c}^t)
\end{align}""",
        """z_bar[t] = W_z @ x[t] + R_z @ y[t-1] + b_z
z[t] = tanh(z_bar[t])
i_bar[t] = W_i @ x[t] + R_i @ y[t-1] + p_i * c[t-1] + b_i
i[t] = sigmoid(i_bar[t])
c[t] = z[t] * i[t] + c[t-1] * (1 - i[t])
y[t] = tanh(c[t])""",
    ),
    "Graves, diagonal peepholes": (
        r"""% W_ci : diagonal
i_t = \sigma (W_{xi}x_t + W_{hi}h_{t-1} + W_{ci}c_{t-1} + b_i) \\
c_t = (1 - i_t) c_{t-1} + i_t \tanh (W_{xc}x_t + W_{hc}h_{t-1} + b_c) \\
h_t = \tanh (c_t)""",
        """i[t] = sigmoid(W_xi @ x[t] + W_hi @ h[t-1] + W_ci * c[t-1] + b_i)
c[t] = (1 - i[t]) * c[t-1] + i[t] * tanh(W_xc @ x[t] + W_hc @ h[t-1] + b_c)
h[t] = tanh(c[t])""",
    ),
    "ConvLSTM's circles": (
        r"""i_t = \sigma(W_{xi} x_t + W_{hi} h_{t-1} + W_{ci} \circ c_{t-1} + b_i) \\
c_t = i_t \circ c_{t-1} + (1 - i_t) \circ \tanh(W_{xc} x_t + W_{hc} h_{t-1}) \\
h_t = \tanh(c_t)""",
        """i[t] = sigmoid(W_xi @ x[t] + W_hi @ h[t-1] + W_ci * c[t-1] + b_i)
c[t] = i[t] * c[t-1] + (1 - i[t]) * tanh(W_xc @ x[t] + W_hc @ h[t-1])
h[t] = tanh(c[t])""",
    ),
    "diag": (
        r"""c_t = \tanh(\operatorname{diag}(p) c_{t-1} + U x_t)""",
        "c[t] = tanh(p * c[t-1] + U @ x[t])",
    ),
    "Ng": (
        r"""\Gamma_u = \sigma(W_u[a^{<t-1>}, x^{<t>}] + b_u) \\
\tilde{c}^{<t>} = \tanh(W_c[a^{<t-1>}, x^{<t>}] + b_c) \\
c^{<t>} = \Gamma_u * \tilde{c}^{<t>} + (1 - \Gamma_u) * c^{<t-1>} \\
a^{<t>} = \tanh(c^{<t>})""",
        """Gamma_u[t] = sigmoid(W_u @ [a[t-1], x[t]] + b_u)
c_tilde[t] = tanh(W_c @ [a[t-1], x[t]] + b_c)
c[t] = Gamma_u[t] * c_tilde[t] + (1 - Gamma_u[t]) * c[t-1]
a[t] = tanh(c[t])""",
    ),
    "Chung": (
        r"""\mathbf{h}_t = (1 - \mathbf{z}_t)\mathbf{h}_{t-1} + \mathbf{z}_t \tilde{\mathbf{h}}_t \\
\mathbf{z}_t = \sigma(W_z \mathbf{x}_t + U_z \mathbf{h}_{t-1}) \\
\tilde{\mathbf{h}}_t = \tanh(W \mathbf{x}_t + U (\mathbf{r}_t \odot \mathbf{h}_{t-1})) \\
\mathbf{r}_t = \sigma(W_r \mathbf{x}_t + U_r \mathbf{h}_{t-1})""",
        """h[t] = (1 - z[t]) * h[t-1] + z[t] * h_tilde[t]
z[t] = sigmoid(W_z @ x[t] + U_z @ h[t-1])
h_tilde[t] = tanh(W @ x[t] + U @ (r[t] * h[t-1]))
r[t] = sigmoid(W_r @ x[t] + U_r @ h[t-1])""",
    ),
    "Cho, reset after the matrix": (
        r"""r_t = \sigma(W_r x_t + U_r h_{t-1}), z_t = \sigma(W_z x_t + U_z h_{t-1}) \\
\tilde{h}_t = \tanh(W x_t + r_t \odot (U h_{t-1})) \\
h_t = z_t \odot h_{t-1} + (1 - z_t) \odot \tilde{h}_t""",
        """r[t] = sigmoid(W_r @ x[t] + U_r @ h[t-1])
z[t] = sigmoid(W_z @ x[t] + U_z @ h[t-1])
h_tilde[t] = tanh(W @ x[t] + r[t] * (U @ h[t-1]))
h[t] = z[t] * h[t-1] + (1 - z[t]) * h_tilde[t]""",
    ),
    "a column of gates": (
        r"""\begin{pmatrix} i\\f\\o\\g\end{pmatrix} = \begin{pmatrix}\sigma\\\sigma\\\sigma\\\tanh\end{pmatrix} W \begin{pmatrix}h_{t-1}\\x_t\end{pmatrix}
c_t = f \odot c_{t-1} + i \odot g
h_t = o \odot \tanh(c_t)""",
        GATES_CELL,
    ),
    "a column of gates at t, with a bias": (
        r"""\begin{bmatrix} f_t\\g_t\end{bmatrix} = \begin{bmatrix}\sigma\\\tanh\end{bmatrix} \left( W \begin{bmatrix}h_{t-1}\\x_t\end{bmatrix} + b \right) \\
h_t = f_t \odot h_{t-1} + (1 - f_t) \odot g_t""",
        """f[t] = sigmoid(W_f @ [h[t-1], x[t]] + b_f)
g[t] = tanh(W_g @ [h[t-1], x[t]] + b_g)
h[t] = f[t] * h[t-1] + (1 - f[t]) * g[t]""",
    ),
    "words for gates": (
        r"""\mathrm{net}_t = W_{\text{rec}} h_{t-1} + W_{\mathrm{in}} x_t \\
h_t = \operatorname{ReLU}(\mathrm{net}_t)""",
        "net[t] = W_rec @ h[t-1] + W_in @ x[t]\nh[t] = relu(net[t])",
    ),
    "gate and time in one script": (
        r"""a_{f,t} = W_f h_{t-1} + U_f x_t \\
h_t = \sigma(a_{f,t}) \odot h_{t-1}""",
        "a_f[t] = W_f @ h[t-1] + U_f @ x[t]\nh[t] = sigmoid(a_f[t]) * h[t-1]",
    ),
    "leaky": (
        r"h_t = (1-\alpha) h_{t-1} + \alpha \tanh(W h_{t-1} + U x_t)",
        "scalar alpha\nh[t] = (1 - alpha) * h[t-1] + alpha * tanh(W @ h[t-1] + U @ x[t])",
    ),
    "leaky, with its number": (
        r"""\alpha = 0.5
h_t = (1-\alpha) h_{t-1} + \alpha \tanh(W h_{t-1} + U x_t)""",
        "scalar alpha = 0.5\nh[t] = (1 - alpha) * h[t-1] + alpha * tanh(W @ h[t-1] + U @ x[t])",
    ),
    "a rate in a fraction": (
        r"h_t = h_{t-1} + \frac{1}{\tau} (-h_{t-1} + W \tanh(h_{t-1}) + U x_t)",
        "scalar tau\nh[t] = h[t-1] + (1 / tau) * (-h[t-1] + W @ tanh(h[t-1]) + U @ x[t])",
    ),
    "squashing functions of 1997": (
        r"""g(x) = 4 \sigma(x) - 2
c_t = c_{t-1} + \sigma(W_i x_t + U_i h_{t-1}) \odot g(W_c x_t + U_c h_{t-1})
h_t = \tanh(c_t)""",
        """c[t] = c[t-1] + sigmoid(W_i @ x[t] + U_i @ h[t-1]) * (4 * sigmoid(W_c @ x[t] + U_c @ h[t-1]) - 2)
h[t] = tanh(c[t])""",
    ),
    "a step now and then": (
        r"h_t = \begin{cases} \tanh(W h_{t-1} + U x_t) & t \operatorname{mod} 2 = 0 \\ h_{t-1} & \text{otherwise} \end{cases}",
        "h[t] = when(t % 2 == 0, tanh(W @ h[t-1] + U @ x[t]), h[t-1])",
    ),
    "a step now and then, remainder with a sign": (
        r"h_t = \begin{cases} \tanh(W h_{t-1} + U x_t) & t \% 2 = 0 \\ h_{t-1} & \text{otherwise} \end{cases}",
        "h[t] = when(t % 2 == 0, tanh(W @ h[t-1] + U @ x[t]), h[t-1])",
    ),
    "a step now and then, remainder beside": (
        r"h_t = \begin{cases} \tanh(W h_{t-1} + U x_t) & t \bmod 2 = 0 \\ h_{t-1} & \text{otherwise} \end{cases}",
        "h[t] = when(t % 2 == 0, tanh(W @ h[t-1] + U @ x[t]), h[t-1])",
    ),
    "a step now and then, congruent": (
        r"h_t = \begin{cases} \tanh(W h_{t-1} + U x_t) & t \equiv 0 \pmod{2} \\ h_{t-1} & \text{otherwise} \end{cases}",
        "h[t] = when(t % 2 == 0, tanh(W @ h[t-1] + U @ x[t]), h[t-1])",
    ),
    "a transposed matrix": (
        r"h_t = \tanh(W^\top h_{t-1} + U^T x_t)",
        "h[t] = tanh(W.T @ h[t-1] + U.T @ x[t])",
    ),
    "an input of another name": (
        r"h_t = \tanh(W h_{t-1} + U u_t)",
        "h[t] = tanh(W @ h[t-1] + U @ u[t])",
    ),
    "two inputs": (
        "% v : input\n" r"h_t = \tanh(W h_{t-1} + U x_t + V v_t)",
        "input v\nh[t] = tanh(W @ h[t-1] + U @ x[t] + V @ v[t])",
    ),
    "stars for matrices, decided by sizes": (
        r"""f_t = \sigma(W_f * [h_{t-1}, x_t] + b_f)
h_t = f_t * h_{t-1}""",
        "f[t] = sigmoid(W_f @ [h[t-1], x[t]] + b_f)\nh[t] = f[t] * h[t-1]",
    ),
    "semicolons in the concatenation": (
        r"h_t = \tanh(W [h_{t-1}; x_t] + b)",
        "h[t] = tanh(W @ [h[t-1], x[t]] + b)",
    ),
    "spaces in the concatenation": (
        r"h_t = \tanh(W [h_{t-1} \, x_t] + b)",
        "h[t] = tanh(W @ [h[t-1], x[t]] + b)",
    ),
    "depth": (
        r"h^{(l)} = \tanh(W^{(l)} h^{(l-1)} + b^{(l)})",
        "untied W, b\nh[l] = tanh(W[l] @ h[l-1] + b[l])",
    ),
    "a step of the time": (
        r"h_t = h_{t-1} + \frac{\Delta t}{\tau} (-h_{t-1} + W x_t)",
        "scalar Delta_t, tau\nh[t] = h[t-1] + (Delta_t / tau) * (-h[t-1] + W @ x[t])",
    ),
    "blocks in a row": (
        r"h_t = \tanh\left(\begin{bmatrix} W & U \end{bmatrix} \begin{bmatrix} h_{t-1} \\ x_t \end{bmatrix} + b\right)",
        "h[t] = tanh((W @ h[t-1] + U @ x[t]) + b)",
    ),
    "old and new": (r"h_{new} = \tanh(W h_{old} + U x + b)", RNN_CELL),
    "an output layer": (
        r"""h_t = \tanh(W h_{t-1} + U x_t + b) \\
y_t = V h_t + c""",
        RNN_CELL + "\ny[t] = V @ h[t] + c",
    ),
    "two times two": (
        r"h_t = h_{t-1}^2 + (1 - h_{t-1})^3 \odot \tanh^2(U x_t)",
        "h[t] = square(h[t-1]) + ((1 - h[t-1]) * (1 - h[t-1]) * (1 - h[t-1])) * square(tanh(U @ x[t]))",
    ),
    "the larger of two": (
        r"h_t = \max(0, W h_{t-1}) + \max(h_{t-1}, U x_t)",
        "h[t] = relu(W @ h[t-1]) + max(h[t-1], U @ x[t])",
    ),
    "an inner product": (
        r"h_t = (q_t^\top h_{t-1}) \tanh(U x_t) \\ q_t = V x_t",
        "h[t] = dot(q[t], h[t-1]) * tanh(U @ x[t])\nq[t] = V @ x[t]",
    ),
}
