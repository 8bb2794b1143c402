# The gradient inside the reset is not multiplied by it
# cell: gru_after_keep
# names: W=[W_r;W_z;W_h],U=[U_r;U_z;U_h],b=[b_r;b_z;b_h],bn=c_h,x=x,h0=h
# verdict: wrong
# slip: lost factor
# times: within

import numpy as np

d, k, length = 2, 3, 3
shapes = {"W": (3 * k, d), "U": (3 * k, k), "b": (3 * k,), "bn": (k,), "x": (length, d), "h0": (k,)}


def sigma(a):
    return 1 / (1 + np.exp(-a))


def pieces(v):
    return v[:k], v[k : 2 * k], v[2 * k :]


def step(W, U, b, bn, x, h):
    wr, wz, wn = pieces(W @ x + b)
    ur, uz, un = pieces(U @ h)
    r, z = sigma(wr + ur), sigma(wz + uz)
    inner = un + bn
    n = np.tanh(wn + r * inner)
    return z * h + (1 - z) * n, (x, h, r, z, n, inner)


def forward(W, U, b, bn, x, h0):
    h, memory, total = h0, [], 0.0
    for x_t in x:
        h, saved = step(W, U, b, bn, x_t, h)
        memory.append((saved, h))
        total = total + np.sum(np.exp(h))
    return total, memory


def backward(W, U, b, bn, x, h0, cache):
    dW, dU, db, dbn = (np.zeros_like(a) for a in (W, U, b, bn))
    dx, dh = np.zeros_like(x), np.zeros_like(h0)
    for t in reversed(range(len(cache))):
        (x_t, h_prev, r, z, n, inner), h = cache[t]
        dh = dh + np.exp(h)
        dn = dh * (1 - z) * (1 - n * n)
        dz = dh * (h_prev - n) * z * (1 - z)
        dr = dn * inner * r * (1 - r)
        outside = np.concatenate([dr, dz, dn])
        inside = np.concatenate([dr, dz, dn])
        dW += np.outer(outside, x_t)
        dU += np.outer(inside, h_prev)
        db += outside
        dbn += dn * r
        dx[t] = W.T @ outside
        dh = dh * z + U.T @ inside
    return {"dW": dW, "dU": dU, "db": db, "dbn": dbn, "dx": dx, "dh0": dh}
