# The update gate's gradient has the wrong sign
# cell: gru
# names: Wxz=W_z[x],Whz=W_z[h],Wxr=W_r[x],Whr=W_r[h],Wxn=W_h[x],Whn=W_h[h],bz=b_z,br=b_r,bn=b_h,x=x,h0=h
# verdict: wrong
# slip: wrong sign|sign of a summand
# times: within

import numpy as np

T, B, D, H = 3, 2, 3, 4
shapes = {"x": (T, B, D), "h0": (B, H), "Wy": (H, 2)}
for k in "zrn":
    shapes |= {"Wx" + k: (D, H), "Wh" + k: (H, H), "b" + k: (H,)}


def sig(a):
    return 1 / (1 + np.exp(-a))


def unroll(P):
    h, tape = P["h0"], []
    for x in P["x"]:
        z = sig(x @ P["Wxz"] + h @ P["Whz"] + P["bz"])
        r = sig(x @ P["Wxr"] + h @ P["Whr"] + P["br"])
        n = np.tanh(x @ P["Wxn"] + (r * h) @ P["Whn"] + P["bn"])
        h_new = (1 - z) * h + z * n
        tape.append((x, h, z, r, n, h_new))
        h = h_new
    return tape


def forward(P):
    y = unroll(P)[-1][-1] @ P["Wy"]
    return np.sum(y**2) / 2


def backward(P):
    tape = unroll(P)
    G = {k: np.zeros(v.shape) for k, v in P.items()}
    y = tape[-1][-1] @ P["Wy"]
    G["Wy"] = tape[-1][-1].T @ y
    dh = y @ P["Wy"].T
    for t in range(len(tape) - 1, -1, -1):
        x, h, z, r, n, _ = tape[t]
        dn = dh * z * (1 - n**2)
        dz = dh * (h - n) * z * (1 - z)
        drh = dn @ P["Whn"].T
        dr = drh * h * r * (1 - r)
        for k, d in (("z", dz), ("r", dr), ("n", dn)):
            G["Wx" + k] += x.T @ d
            G["b" + k] += np.sum(d, axis=0)
            G["x"][t] += d @ P["Wx" + k].T
        G["Whz"] += h.T @ dz
        G["Whr"] += h.T @ dr
        G["Whn"] += (r * h).T @ dn
        dh = dh * (1 - z) + dz @ P["Whz"].T + dr @ P["Whr"].T + drh * r
    G["h0"] = dh
    return G
