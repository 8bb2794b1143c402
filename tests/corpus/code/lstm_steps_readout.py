# The loss is a mean over the batch, the gradient that enters is not
# cell: lstm
# names: W=[W_f[x,h];W_C[x,h];W_i[x,h];W_o[x,h]].T,b=[b_f;b_C;b_i;b_o],inputs=x,h0=h,c0=C
# verdict: wrong
# slip: slope of the loss

import numpy as np

batch, size, units, length = 3, 2, 4, 3
shapes = {
    "W": (size + units, 4 * units),
    "b": (1, 4 * units),
    "V": (units, 2),
    "inputs": (length, batch, size),
    "h0": (batch, units),
    "c0": (batch, units),
}


def sigmoid(z):
    return np.where(z.real > 0, 1 / (1 + np.exp(-z)), np.exp(z) / (1 + np.exp(z)))


def step_forward(W, b, x, h, c):
    joined = np.concatenate((x, h), axis=1)
    a = joined @ W + b
    f = sigmoid(a[:, :units])
    g = np.tanh(a[:, units : 2 * units])
    i = sigmoid(a[:, 2 * units : 3 * units])
    o = sigmoid(a[:, 3 * units :])
    c_next = f * c + i * g
    h_next = o * np.tanh(c_next)
    return h_next, c_next, (joined, f, g, i, o, c, c_next)


def step_backward(W, dh, dc, saved):
    joined, f, g, i, o, c, c_next = saved
    squashed = np.tanh(c_next)
    dc = dc + dh * o * (1 - squashed**2)
    da = np.concatenate(
        (
            dc * c * f * (1 - f),
            dc * i * (1 - g**2),
            dc * g * i * (1 - i),
            dh * squashed * o * (1 - o),
        ),
        axis=1,
    )
    djoined = da @ W.T
    return (
        djoined[:, :size],
        djoined[:, size:],
        dc * f,
        joined.T @ da,
        da.sum(axis=0, keepdims=True),
    )


def forward(params):
    h, c, loss = params["h0"], params["c0"], 0
    for x in params["inputs"]:
        h, c, _ = step_forward(params["W"], params["b"], x, h, c)
        loss = loss + np.mean((h @ params["V"]) ** 2)
    return loss


def backward(params):
    W, b, V = params["W"], params["b"], params["V"]
    h, c, saved, hs = params["h0"], params["c0"], [], []
    for x in params["inputs"]:
        h, c, cache = step_forward(W, b, x, h, c)
        saved.append(cache)
        hs.append(h)
    grads = {name: np.zeros_like(value) for name, value in params.items()}
    dh, dc = np.zeros_like(h), np.zeros_like(c)
    for t in reversed(range(len(saved))):
        dy = 2 * (hs[t] @ V) / 2
        grads["V"] += hs[t].T @ dy
        dx, dh, dc, dW, db = step_backward(W, dh + dy @ V.T, dc, saved[t])
        grads["inputs"][t] = dx
        grads["W"] += dW
        grads["b"] += db
    grads["h0"], grads["c0"] = dh, dc
    return grads
