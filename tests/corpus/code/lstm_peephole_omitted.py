# The cell gradient lacks everything that comes through the peepholes
# cell: lstm_peephole_diagonal
# names: Wf=W_f,Wi=W_i,Wc=W_C,Wo=W_o,Rf=R_f,Ri=R_i,Rc=R_C,Ro=R_o,pf=p_f
# names: pi=p_i,po=p_o,bf=b_f,bi=b_i,bc=b_C,bo=b_o,x=x,y0=h,c0=C
# verdict: wrong
# slip: lost paths
# times: within

import numpy as np

n, m, T = 3, 2, 4
shapes = {"x": (T, m), "y0": (n,), "c0": (n,)}
for g in "fico":
    shapes |= {"W" + g: (n, m), "R" + g: (n, n), "b" + g: (n,)}
shapes |= {"pf": (n,), "pi": (n,), "po": (n,)}


def logistic(a):
    return 1 / (1 + np.exp(-a))


def states(P):
    x, dtype = P["x"], np.result_type(*P.values())
    S = {k: np.zeros((len(x) + 1, n), dtype) for k in "ficohyC"}
    S["y"][-1], S["C"][-1] = P["y0"], P["c0"]
    for t in range(len(x)):
        y, C = S["y"][t - 1], S["C"][t - 1]
        net = {g: P["W" + g] @ x[t] + P["R" + g] @ y + P["b" + g] for g in "fico"}
        S["f"][t] = logistic(net["f"] + P["pf"] * C)
        S["i"][t] = logistic(net["i"] + P["pi"] * C)
        S["c"][t] = np.tanh(net["c"])
        S["C"][t] = S["f"][t] * C + S["i"][t] * S["c"][t]
        S["o"][t] = logistic(net["o"] + P["po"] * S["C"][t])
        S["h"][t] = np.tanh(S["C"][t])
        S["y"][t] = S["o"][t] * S["h"][t]
    return S


def forward(P):
    y = states(P)["y"][:-1]
    return np.sum(y**3)


def backward(P):
    S, x = states(P), P["x"]
    steps = len(x)
    D = {k: np.zeros((steps + 1, n)) for k in "fico"}
    dC = np.zeros((steps + 1, n))
    for t in range(steps - 1, -1, -1):
        f, i, c, o, h = (S[k][t] for k in "ficoh")
        dy = 3 * S["y"][t] ** 2 + sum(P["R" + g].T @ D[g][t + 1] for g in "fico")
        D["o"][t] = dy * h * o * (1 - o)
        dC[t] = dy * o * (1 - h**2)
        if t + 1 < steps:
            dC[t] += dC[t + 1] * S["f"][t + 1]
        D["c"][t] = dC[t] * i * (1 - c**2)
        D["i"][t] = dC[t] * c * i * (1 - i)
        D["f"][t] = dC[t] * S["C"][t - 1] * f * (1 - f)
    grads = {"x": sum(D[g][:-1] @ P["W" + g] for g in "fico")}
    y_before = np.vstack([P["y0"], S["y"][: steps - 1]])
    C_before = np.vstack([P["c0"], S["C"][: steps - 1]])
    for g in "fico":
        grads["W" + g] = D[g][:-1].T @ x
        grads["R" + g] = D[g][:-1].T @ y_before
        grads["b" + g] = D[g][:-1].sum(axis=0)
    grads["pf"] = np.sum(D["f"][:-1] * C_before, axis=0)
    grads["pi"] = np.sum(D["i"][:-1] * C_before, axis=0)
    grads["po"] = np.sum(D["o"][:-1] * S["C"][:steps], axis=0)
    return grads
