# LSTM with derivative helpers that take the activated value, lists of everything, a loss at the end
# cell: lstm
# names: U_f=W_f[h],W_f=W_f[x],U_i=W_i[h],W_i=W_i[x],U_c=W_C[h],W_c=W_C[x],U_o=W_o[h]
# names: W_o=W_o[x],b_f=b_f,b_i=b_i,b_c=b_C,b_o=b_o,x=x,h_0=h,c_0=C
# verdict: right

import numpy as np

shapes = {"x": (4, 2), "h_0": (3,), "c_0": (3,), "u": (3,)}
for gate in ("f", "i", "c", "o"):
    shapes["W_" + gate] = (3, 2)
    shapes["U_" + gate] = (3, 3)
    shapes["b_" + gate] = (3,)


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def dsigmoid(y):
    return y * (1 - y)


def dtanh(y):
    return 1 - y * y


def unfold(w):
    h, c = [w["h_0"]], [w["c_0"]]
    f, i, g, o = [None], [None], [None], [None]
    for x in w["x"]:
        net = {k: w["W_" + k] @ x + w["U_" + k] @ h[-1] + w["b_" + k] for k in "fico"}
        f.append(sigmoid(net["f"]))
        i.append(sigmoid(net["i"]))
        g.append(np.tanh(net["c"]))
        o.append(sigmoid(net["o"]))
        c.append(f[-1] * c[-1] + i[-1] * g[-1])
        h.append(o[-1] * np.tanh(c[-1]))
    return h, c, f, i, g, o


def forward(w):
    h = unfold(w)[0]
    return np.dot(w["u"], h[-1]) ** 2


def backward(w):
    h, c, f, i, g, o = unfold(w)
    grad = {key: np.zeros(value.shape) for key, value in w.items()}
    grad["u"] = 2 * np.dot(w["u"], h[-1]) * h[-1]
    dh = 2 * np.dot(w["u"], h[-1]) * w["u"]
    dc = np.zeros(3)
    for t in range(len(w["x"]), 0, -1):
        dc = dc + dh * o[t] * dtanh(np.tanh(c[t]))
        net = {
            "o": dh * np.tanh(c[t]) * dsigmoid(o[t]),
            "f": dc * c[t - 1] * dsigmoid(f[t]),
            "i": dc * g[t] * dsigmoid(i[t]),
            "c": dc * i[t] * dtanh(g[t]),
        }
        dh = np.zeros(3)
        for k, d in net.items():
            grad["W_" + k] += np.outer(d, w["x"][t - 1])
            grad["U_" + k] += np.outer(d, h[t - 1])
            grad["b_" + k] += d
            grad["x"][t - 1] += w["W_" + k].T @ d
            dh += w["U_" + k].T @ d
        dc = dc * f[t]
    grad["h_0"], grad["c_0"] = dh, dc
    return grad
