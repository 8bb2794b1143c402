"""Texts that make no cell without asking, each with words that the refusal must say."""

# name: (what is written, words of the error)
QUESTIONS: dict[str, tuple[str, str]] = {
    "matrix and circle": (
        r"h_t = \tanh(W_h r_t \odot h_{t-1} + U x_t)" "\n" r"r_t = \sigma(W x_t)",
        r"two ways: (W_h r_t) ⊙ h_{t-1} and W_h (r_t ⊙ h_{t-1})",
    ),
    "matrix, dot and circle": (
        r"h_t = \tanh(W \cdot r_t \odot h_{t-1})" "\n" r"r_t = \sigma(V x_t)",
        "two ways",
    ),
    "matrix and two signals": (
        r"h_t = \tanh(W r_t h_{t-1})" "\n" r"r_t = \sigma(V x_t)",
        "two ways",
    ),
    "small letter beside a signal": (
        r"c_t = \tanh(w_c c_{t-1} + U x_t)",
        "'w_c' may be a scalar, a vector (entry by entry) or a matrix; state it, as in  % w_c : diagonal",
    ),
    "star after a capital": (
        r"h_t = \tanh(W * h_{t-1} + U * x_t)",
        "'W' may be a matrix or be multiplied entry by entry; state it, as in  % W : matrix",
    ),
    "times after a capital": (
        r"h_t = \tanh(W \times h_{t-1} + U x_t)",
        "may be a matrix or be multiplied entry by entry",
    ),
    "matrix here, elementwise there": (
        r"h_t = \tanh(W h_{t-1} + W \odot x_t)",
        "'W' stands here as a vector and on line 1 as a matrix",
    ),
    "unknown activation g": (r"h_t = g(W h_{t-1} + U x_t)", "state it, as in  % g = tanh"),
    "unknown activation phi": (r"h_t = \phi(W h_{t-1} + U x_t)", "'\\phi(…)' may be an activation"),
    "unknown activation f, also a gate": (
        r"f_t = \sigma(W_f x_t)" "\n" r"h_t = f(W h_{t-1} + U x_t)",
        "may be an activation, or the signal f",
    ),
    "Wikipedia's sigma_g": (r"h_t = \sigma_g(W h_{t-1} + U x_t)", "% sigma_g = tanh"),
    "misspelt activation": (
        "% g = tanhh\n" r"h_t = g(W h_{t-1} + U x_t)",
        "g cannot be 'tanhh'; did you mean 'tanh'",
    ),
    "misspelt kind": (
        "% w : diagnal\n" r"h_t = \tanh(w h_{t-1} + U x_t)",
        "w cannot be 'diagnal'; did you mean 'diagonal'",
    ),
    "components": (
        r"h_t = \tanh(\sum_j W_{ij} h_{j,t-1})",
        "write the equation for whole vectors",
    ),
    "a derivative on the right": (
        r"h_t = \tanh(W h_{t-1}) + \frac{\partial h_t}{\partial x_t}",
        "a cell has forward equations only",
    ),
    "row vectors": (r"h_t = \tanh(h_{t-1} W + x_t U)", "so write the matrix first, W x"),
    "row vectors, bold capitals": (
        r"H_t = \tanh(X_t W_{xh} + H_{t-1} W_{hh} + b)",
        "so write the matrix first, W x",
    ),
    "one name, two spellings": (
        r"h_t = \tanh(W^f h_{t-1} + W^{(f)} x_t)",
        "would both be called W__f",
    ),
    "two layers": (
        r"h_t^{l} = \tanh(W h_{t-1}^{l} + U h_t^{l-1})",
        "'l-1' is neither the time (t, t-1) nor part of a name",
    ),
    "index and time without a comma": (
        r"h_{it} = \tanh(W h_{t-1} + U x_t)" "\n" r"h_t = h_{it}",
        "write a comma before the time",
    ),
    "future": (r"h_t = \tanh(W h_{t+1} + U x_t)", "lies in the future"),
    "two steps back": (r"h_t = \tanh(W h_{t-2} + U x_t)", "is read as a chain"),
    "the next state defined": (
        r"h_{t+1} = \tanh(W h_t + U x_t)",
        "an equation defines h_t; write h_t = …",
    ),
    "nothing recurs": (r"h_t = \tanh(U x_t)", "nothing recurs"),
    "a signal without an equation": (
        r"c_t = f_t \odot c_{t-1} + U x_t",
        "'f' has no equation; state it, as in  % f : input",
    ),
    "a cycle": (
        r"h_t = \tanh(W c_t + U x_t)" "\n" r"c_t = \tanh(V h_t + h_{t-1})",
        "a cycle within one step: h_t needs c_t needs h_t; read one of them at t-1",
    ),
    "defined twice": (
        r"h_t = \tanh(W h_{t-1})" "\n" r"h_t = \tanh(U x_t)",
        "'h' is defined on line 1 already",
    ),
    "an inequality": (r"h_t \le \tanh(W h_{t-1})", "no equation of a signal"),
    "a sum on the left": (r"h_t + 1 = \tanh(W h_{t-1})", "cannot stand left of ="),
    "outer product": (
        r"c_t = c_{t-1} + v_t k_t^\top" "\n" r"v_t = V x_t" "\n" r"k_t = K x_t",
        "an outer product v k^T makes a matrix",
    ),
    "dots": (r"h_t = \tanh(W h_{t-1} + \dots + U x_t)", "dots leave something out"),
    "branches by sign": (
        r"h_t = \begin{cases} W h_{t-1} & x_t > 0 \\ 0 & \text{otherwise} \end{cases}",
        "a choice by time only",
    ),
    "a letter that is taken": (r"I_t = \tanh(W I_{t-1} + U x_t)", "'I' is the identity matrix"),
    "a matrix that multiplies nothing": (
        r"h_t = \tanh(W + U x_t + W h_{t-1})",
        "used as a matrix here and as a vector on line 1",
    ),
    "a plus in a circle": (
        r"h_t = \tanh(W (h_{t-1} \oplus x_t))",
        "may be a sum or a concatenation",
    ),
    "a normalisation or a logarithm": (
        r"h_t = \tanh(\mathrm{LN}(W h_{t-1}))",
        "LN may be the logarithm or a layer normalisation",
    ),
    "the larger of three": (
        r"h_t = \max(h_{t-1}, x_t, 0)",
        "max takes other arguments: max(a, b)",
    ),
    "weights at each step": (
        r"h_t = \tanh(W_t h_{t-1})",
        "'W_t' has no equation and stands like a matrix",
    ),
    "the last step": (
        r"h_t = \tanh(W h_{t-1} + U x_t)" "\n" r"y = V h_T + c",
        "'h_T' is h at one time",
    ),
    "the first step": (
        r"h_1 = \tanh(W h_0 + U x_1)" "\n" r"h_t = \tanh(W h_{t-1} + U x_t)",
        "'h_1' is h at one time",
    ),
    "a prime": (
        r"h_t = \tanh(W h_{t-1} + W' x_t)",
        "'W'' may be the transpose of W or another parameter",
    ),
    "functions before a sum": (
        r"\begin{pmatrix} f_t\\g_t\end{pmatrix} = \begin{pmatrix}\sigma\\\tanh\end{pmatrix} W h_{t-1} + b",
        "the functions may hold for the whole sum",
    ),
    "a signal of something": (
        r"h_t(x_t) = \tanh(W h_{t-1})",
        "cannot stand left of =",
    ),
    "sizes that clash": (
        r"h_t = \tanh([h_{t-1}, x_t])",
        "different shapes",
    ),
}
