# Derivatives by the gates are taken for those by their pre-activations
# cell: lstm
# names: Wx=[W_i[x];W_f[x];W_o[x];W_C[x]].T,Wh=[W_i[h];W_f[h];W_o[h];W_C[h]].T,b=[b_i;b_f;b_o;b_C],x=x,h0=h,c0=C
# verdict: wrong
# slip: missing slope
# times: within

import numpy as np

N, T, D, H = 2, 4, 3, 5
shapes = {
    "x": (N, T, D),
    "Wx": (D, 4 * H),
    "Wh": (H, 4 * H),
    "b": (4 * H,),
    "h0": (N, H),
    "c0": (N, H),
    "target": (N, T, H),
}


def sigmoid(a):
    return 1.0 / (1.0 + np.exp(-a))


def steps(x, Wx, Wh, b, h0, c0):
    h, c = h0, c0
    hs, caches = [], []
    for t in range(x.shape[1]):
        a = x[:, t] @ Wx + h @ Wh + b
        ai, af, ao, ag = np.split(a, 4, axis=1)
        i, f, o, g = sigmoid(ai), sigmoid(af), sigmoid(ao), np.tanh(ag)
        c_new = f * c + i * g
        tc = np.tanh(c_new)
        caches.append((x[:, t], h, c, i, f, o, g, tc))
        h, c = o * tc, c_new
        hs.append(h)
    return np.stack(hs, axis=1), caches


def forward(x, Wx, Wh, b, h0, c0, target):
    hs, _ = steps(x, Wx, Wh, b, h0, c0)
    return 0.5 * np.sum((hs - target) ** 2)


def backward(x, Wx, Wh, b, h0, c0, target):
    hs, caches = steps(x, Wx, Wh, b, h0, c0)
    dhs = hs - target
    dx = np.zeros_like(x)
    dWx, dWh, db = np.zeros_like(Wx), np.zeros_like(Wh), np.zeros_like(b)
    dh, dc = np.zeros_like(h0), np.zeros_like(c0)
    for t in range(len(caches) - 1, -1, -1):
        x_t, h_prev, c_prev, i, f, o, g, tc = caches[t]
        dh = dh + dhs[:, t]
        dc = dc + dh * o * (1 - tc * tc)
        di, df, do, dg = dc * g, dc * c_prev, dh * tc, dc * i
        da = np.hstack([di, df, do, dg])
        dx[:, t] = da @ Wx.T
        dWx += x_t.T @ da
        dWh += h_prev.T @ da
        db += da.sum(axis=0)
        dh = da @ Wh.T
        dc = dc * f
    return {"x": dx, "Wx": dWx, "Wh": dWh, "b": db, "h0": dh, "c0": dc}
