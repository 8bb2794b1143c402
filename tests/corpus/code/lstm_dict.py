# LSTM on vectors: a dict of weights for each gate, [h, x] in one vector
# cell: lstm
# names: Wf=W_f,Wi=W_i,Wg=W_C,Wo=W_o,bf=b_f,bi=b_i,bg=b_C,bo=b_o,x=x,h0=h,c0=C
# verdict: right

import numpy as np

n, m, T = 4, 3, 5
shapes = {"x": (T, m), "h0": (n,), "c0": (n,), "v": (n,)}
for gate in "figo":
    shapes["W" + gate] = (n, n + m)
    shapes["b" + gate] = (n,)


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def run(p):
    h, c, cache = p["h0"], p["c0"], []
    for x in p["x"]:
        z = np.concatenate([h, x])
        f = sigmoid(p["Wf"] @ z + p["bf"])
        i = sigmoid(p["Wi"] @ z + p["bi"])
        g = np.tanh(p["Wg"] @ z + p["bg"])
        o = sigmoid(p["Wo"] @ z + p["bo"])
        c_before, c = c, f * c + i * g
        h = o * np.tanh(c)
        cache.append((z, f, i, g, o, c_before, c, h))
    return cache


def forward(p):
    cache = run(p)
    return sum(p["v"] @ step[-1] + 0.5 * np.sum(step[-1] ** 2) for step in cache)


def backward(p):
    cache = run(p)
    grads = {name: np.zeros_like(value) for name, value in p.items()}
    dh_next, dc_next = np.zeros(n), np.zeros(n)
    for t in reversed(range(len(cache))):
        z, f, i, g, o, c_before, c, h = cache[t]
        dh = p["v"] + h + dh_next
        grads["v"] += h
        do = dh * np.tanh(c)
        dc = dh * o * (1 - np.tanh(c) ** 2)
        dc += dc_next
        df = dc * c_before
        di = dc * g
        dg = dc * i
        da = {
            "f": df * f * (1 - f),
            "i": di * i * (1 - i),
            "g": dg * (1 - g**2),
            "o": do * o * (1 - o),
        }
        dz = np.zeros_like(z)
        for gate, d in da.items():
            grads["W" + gate] += np.outer(d, z)
            grads["b" + gate] += d
            dz += p["W" + gate].T @ d
        dh_next, grads["x"][t] = dz[:n], dz[n:]
        dc_next = dc * f
    grads["h0"], grads["c0"] = dh_next, dc_next
    return grads
