# What is handed on to the step before is the slope that came in, not the whole gradient by C
# cell: lstm
# names: Wx=[W_i[x];W_f[x];W_o[x];W_C[x]].T,Wh=[W_i[h];W_f[h];W_o[h];W_C[h]].T
# names: b=[b_i;b_f;b_o;b_C],x=x,prev_h=h,prev_c=C
# verdict: wrong
# slip: wrong adjoint
# wrong: prev_c

import numpy as np

N, D, H = 3, 4, 5
shapes = {
    "x": (N, D),
    "prev_h": (N, H),
    "prev_c": (N, H),
    "Wx": (D, 4 * H),
    "Wh": (H, 4 * H),
    "b": (4 * H,),
}
rng = np.random.default_rng(5)
dnext_h, dnext_c = rng.normal(size=(2, N, H))


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def step_forward(x, prev_h, prev_c, Wx, Wh, b):
    a = x.dot(Wx) + prev_h.dot(Wh) + b
    i, f, o = (sigmoid(a[:, k * H : (k + 1) * H]) for k in range(3))
    g = np.tanh(a[:, 3 * H :])
    next_c = f * prev_c + i * g
    next_h = o * np.tanh(next_c)
    return next_h, next_c, (x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c)


def step_backward(dnext_h, dnext_c, cache):
    x, prev_h, prev_c, Wx, Wh, i, f, o, g, next_c = cache
    squashed = np.tanh(next_c)
    do = dnext_h * squashed
    dc = dnext_c + dnext_h * o * (1 - squashed**2)
    df, di, dg = dc * prev_c, dc * g, dc * i
    da = np.concatenate(
        [i * (1 - i) * di, f * (1 - f) * df, o * (1 - o) * do, (1 - g**2) * dg], axis=1
    )
    return da.dot(Wx.T), da.dot(Wh.T), dnext_c * f, x.T.dot(da), prev_h.T.dot(da), da.sum(axis=0)


def forward(**arrays):
    next_h, next_c, _ = step_forward(**arrays)
    return np.sum(next_h * dnext_h) + np.sum(next_c * dnext_c)


def backward(**arrays):
    *_, cache = step_forward(**arrays)
    return step_backward(dnext_h, dnext_c, cache)
