# The recurrent weight is not transposed on the way back
# cell: rnn
# names: Wxh=W_x,Whh=W_h,bh=b,x=x,hprev=h
# verdict: wrong
# slip: missing transpose
# times: carried

import numpy as np

rng = np.random.default_rng(3)
vocab, hidden, T = 5, 4, 4
arrays = {
    "x": rng.normal(size=(T, vocab)),
    "targets": rng.integers(0, vocab, T),
    "Wxh": rng.normal(size=(hidden, vocab)),
    "Whh": rng.normal(size=(hidden, hidden)),
    "Why": rng.normal(size=(vocab, hidden)),
    "bh": rng.normal(size=(hidden, 1)),
    "by": rng.normal(size=(vocab, 1)),
    "hprev": rng.normal(size=(hidden, 1)),
}


def forward(x, targets, Wxh, Whh, Why, bh, by, hprev):
    hs, ps, loss = {-1: hprev}, {}, 0
    for t in range(len(x)):
        hs[t] = np.tanh(Wxh @ x[t][:, None] + Whh @ hs[t - 1] + bh)
        y = Why @ hs[t] + by
        ps[t] = np.exp(y) / np.sum(np.exp(y))
        loss += -np.log(ps[t][targets[t], 0])
    return loss, (hs, ps)


def backward(x, targets, Wxh, Whh, Why, bh, by, hprev, cache):
    hs, ps = cache
    dx = np.zeros_like(x)
    dWxh, dWhh, dWhy = np.zeros_like(Wxh), np.zeros_like(Whh), np.zeros_like(Why)
    dbh, dby = np.zeros_like(bh), np.zeros_like(by)
    dhnext = np.zeros_like(hprev)
    for t in reversed(range(len(x))):
        dy = np.copy(ps[t])
        dy[targets[t]] -= 1
        dWhy += dy @ hs[t].T
        dby += dy
        dh = Why.T @ dy + dhnext
        draw = (1 - hs[t] * hs[t]) * dh
        dbh += draw
        dWxh += draw @ x[t][None, :]
        dWhh += draw @ hs[t - 1].T
        dx[t] = (Wxh.T @ draw)[:, 0]
        dhnext = Whh @ draw
    return dx, dWxh, dWhh, dWhy, dbh, dby, dhnext
