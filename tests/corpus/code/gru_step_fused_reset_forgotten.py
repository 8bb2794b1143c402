# the state before is handed back past the reset gate
# cell: gru
# names: Wx=[W_z[x];W_r[x];W_h[x]].T,Wh=[W_z[h];W_r[h];W_h[h]].T,b=[b_z;b_r;b_h],x=x,h_prev=h
# verdict: wrong
# slip: lost factor
# wrong: h_prev

import numpy as np

rows, size, units = 3, 2, 5
shapes = {
    "x": (rows, size),
    "h_prev": (rows, units),
    "layer": {"Wx": (size, 3 * units), "Wh": (units, 3 * units), "b": (3 * units,)},
}


def squash(a):
    return 0.5 + 0.5 * np.tanh(a / 2)


class Step:
    def __init__(self, weights):
        self.weights, self.slopes = weights, {}

    def parts(self, name):
        return np.split(self.weights[name], 3, axis=-1)

    def forward(self, x, h):
        (Wxz, Wxr, Wxh), (Whz, Whr, Whh), (bz, br, bh) = map(self.parts, ("Wx", "Wh", "b"))
        z = squash(x @ Wxz + h @ Whz + bz)
        r = squash(x @ Wxr + h @ Whr + br)
        new = np.tanh(x @ Wxh + (r * h) @ Whh + bh)
        self.seen = x, h, z, r, new
        return h + z * (new - h)

    def backward(self, dh):
        x, h, z, r, new = self.seen
        Whz, Whr, Whh = self.parts("Wh")
        dnew = dh * z * (1 - new * new)
        dz = dh * (new - h) * z * (1 - z)
        drh = dnew @ Whh.T
        dr = drh * h * r * (1 - r)
        da = np.hstack([dz, dr, dnew])
        inside = np.hstack([h.T @ dz, h.T @ dr, (r * h).T @ dnew])
        self.slopes = {"Wx": x.T @ da, "Wh": inside, "b": da.sum(0)}
        dh_prev = dh - dh * z + dz @ Whz.T + dr @ Whr.T + drh
        return da @ self.weights["Wx"].T, dh_prev


def forward(x, h_prev, layer):
    return Step(layer).forward(x, h_prev)


def backward(dh_next, x, h_prev, layer):
    step = Step(layer)
    step.forward(x, h_prev)
    dx, dh_prev = step.backward(dh_next)
    return {"dx": dx, "dh_prev": dh_prev, "layer": step.slopes}
