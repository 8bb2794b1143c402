# the output gate does not hand its slope back to the cell that it has seen
# cell: lstm_peephole
# names: Wxf=W_f[x],Whf=W_f[h],Wcf=W_f[C],Wxi=W_i[x],Whi=W_i[h],Wci=W_i[C],Wxc=W_C[x],Whc=W_C[h]
# names: Wxo=W_o[x],Who=W_o[h],Wco=W_o[C],bf=b_f,bi=b_i,bc=b_C,bo=b_o,hprev=h,cprev=C
# verdict: wrong
# slip: lost path
# times: within

import numpy as np

letters, units = 5, 4
arrays = {"inputs": [1, 3, 0, 2], "targets": [3, 0, 2, 4]}
shapes = {"hprev": (units, 1), "cprev": (units, 1), "Why": (letters, units), "by": (letters, 1)}
for gate in "fico":
    shapes |= {"Wx" + gate: (units, letters), "Wh" + gate: (units, units), "b" + gate: (units, 1)}
for gate in "fio":
    shapes["Wc" + gate] = (units, units)


def sig(a):
    return 1 / (1 + np.exp(-a))


def run(inputs, targets, hprev, cprev, w):
    h, c, tape, loss = hprev, cprev, [], 0
    for symbol, wanted in zip(inputs, targets, strict=True):
        x = np.zeros((letters, 1))
        x[symbol] = 1
        pre = {k: w["Wx" + k] @ x + w["Wh" + k] @ h + w["b" + k] for k in "fico"}
        f, i = sig(pre["f"] + w["Wcf"] @ c), sig(pre["i"] + w["Wci"] @ c)
        g, c_old = np.tanh(pre["c"]), c
        c = f * c + i * g
        o = sig(pre["o"] + w["Wco"] @ c)
        h_old, h = h, o * np.tanh(c)
        e = np.exp(w["Why"] @ h + w["by"])
        p = e / np.sum(e)
        loss -= np.log(p[wanted, 0] + 1e-9)
        tape.append((x, h_old, c_old, f, i, g, o, c, h, p, wanted))
    return loss, tape


def forward(inputs, targets, hprev, cprev, **w):
    return run(inputs, targets, hprev, cprev, w)[0]


def backward(inputs, targets, hprev, cprev, **w):
    _, tape = run(inputs, targets, hprev, cprev, w)
    d = {name: np.zeros_like(a) for name, a in w.items()}
    dh, dc = np.zeros_like(hprev), np.zeros_like(cprev)
    for x, h_old, c_old, f, i, g, o, c, h, p, wanted in reversed(tape):
        dy = p.copy()
        dy[wanted] -= 1
        d["Why"] += dy @ h.T
        d["by"] += dy
        dh = dh + w["Why"].T @ dy
        da = {"o": dh * np.tanh(c) * o * (1 - o)}
        dc = dc + dh * o * (1 - np.tanh(c) ** 2)
        da["f"], da["i"] = dc * c_old * f * (1 - f), dc * g * i * (1 - i)
        da["c"] = dc * i * (1 - g * g)
        for k, a in da.items():
            d["Wx" + k] += a @ x.T
            d["Wh" + k] += a @ h_old.T
            d["b" + k] += a
        d["Wcf"] += da["f"] @ c_old.T
        d["Wci"] += da["i"] @ c_old.T
        d["Wco"] += da["o"] @ c.T
        dh = sum(w["Wh" + k].T @ a for k, a in da.items())
        dc = dc * f + w["Wcf"].T @ da["f"] + w["Wci"].T @ da["i"]
    return {**d, "hprev": dh, "cprev": dc}
