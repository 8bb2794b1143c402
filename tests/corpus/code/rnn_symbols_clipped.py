# RNN on symbols, unit vectors made inside; 1 - h stands where 1 - h² belongs, and the gradients are clipped
# cell: rnn
# names: Wxh=W_x,Whh=W_h,bh=b,hprev=h
# verdict: wrong
# slip: slope misremembered
# times: within
# wrong: Wxh,Whh,bh

import numpy as np

vocab, n = 6, 5
rng = np.random.default_rng(0)
shapes = {
    "Wxh": (n, vocab),
    "Whh": (n, n),
    "Why": (vocab, n),
    "bh": (n, 1),
    "by": (vocab, 1),
    "hprev": (n, 1),
}
arrays = {name: 0.7 * rng.normal(size=shape) for name, shape in shapes.items()}
arrays["inputs"] = np.array([0, 3, 2, 5, 1])
arrays["targets"] = np.array([3, 2, 5, 1, 4])


def forward(inputs, targets, hprev, Wxh, Whh, Why, bh, by):
    xs, hs, ps, loss = {}, {-1: np.copy(hprev)}, {}, 0
    for t, symbol in enumerate(inputs):
        xs[t] = np.zeros((vocab, 1))
        xs[t][symbol] = 1
        hs[t] = np.tanh(np.dot(Wxh, xs[t]) + np.dot(Whh, hs[t - 1]) + bh)
        y = np.dot(Why, hs[t]) + by
        ps[t] = np.exp(y) / np.sum(np.exp(y))
        loss += -np.log(ps[t][targets[t], 0])
    return loss, xs, hs, ps


def backward(inputs, targets, hprev, Wxh, Whh, Why, bh, by, cache):
    xs, hs, ps = cache
    grads = dWxh, dWhh, dWhy, dbh, dby = [np.zeros_like(w) for w in (Wxh, Whh, Why, bh, by)]
    dhnext = np.zeros_like(hprev)
    for t in reversed(range(len(inputs))):
        dy = np.copy(ps[t])
        dy[targets[t]] -= 1
        dWhy += np.dot(dy, hs[t].T)
        dby += dy
        dh = np.dot(Why.T, dy) + dhnext
        dhraw = (1 - hs[t]) * dh
        dbh += dhraw
        dWxh += np.dot(dhraw, xs[t].T)
        dWhh += np.dot(dhraw, hs[t - 1].T)
        dhnext = np.dot(Whh.T, dhraw)
    for d in grads:
        np.clip(d, -5, 5, out=d)
    return grads
