# The path into h through the output gate is forgotten
# cell: lstm
# names: Wf=W_f[x,h],Wi=W_i[x,h],Wc=W_C[x,h],Wo=W_o[x,h],bf=b_f,bi=b_i,bc=b_C,bo=b_o,xs=x,h_init=h,c_init=C
# verdict: wrong
# slip: lost path
# times: carried

import numpy as np

GATES = ["Wf", "Wi", "Wc", "Wo"]
n, m, T = 3, 4, 4
arrays = {name: (n, m + n) for name in GATES}
arrays.update({name.replace("W", "b"): (n, 1) for name in GATES})
arrays.update(xs=(T, m, 1), h_init=(n, 1), c_init=(n, 1))


class Step:
    pass


class LSTM:
    def __init__(self, params):
        self.p = params
        self.caches = []

    @staticmethod
    def squash(a):
        return 0.5 * (1 + np.tanh(0.5 * a))

    def forward(self):
        p = self.p
        h, c = p["h_init"], p["c_init"]
        for x in p["xs"]:
            s = Step()
            s.stack = np.vstack((x, h))
            s.f = self.squash(np.dot(p["Wf"], s.stack) + p["bf"])
            s.i = self.squash(np.dot(p["Wi"], s.stack) + p["bi"])
            s.cand = np.tanh(np.dot(p["Wc"], s.stack) + p["bc"])
            s.o = self.squash(np.dot(p["Wo"], s.stack) + p["bo"])
            s.c_old = c
            c = s.f * c + s.i * s.cand
            s.c = c
            s.out = np.tanh(c)
            h = s.o * s.out
            s.h = h
            self.caches.append(s)
        return sum(float_free(s.h) for s in self.caches)

    def backward(self):
        p = self.p
        d = {k: np.zeros_like(v) for k, v in p.items()}
        dh_later = np.zeros((n, 1))
        dc_later = np.zeros((n, 1))
        for t, s in reversed(list(enumerate(self.caches))):
            dh = np.cos(s.h) + dh_later
            dc = dh * s.o * (1 - s.out**2) + dc_later
            d_o = dh * s.out * s.o * (1 - s.o)
            d_f = dc * s.c_old * s.f * (1 - s.f)
            d_i = dc * s.cand * s.i * (1 - s.i)
            d_c = dc * s.i * (1 - s.cand**2)
            for w, g in zip(GATES, (d_f, d_i, d_c, d_o), strict=True):
                d[w] += np.dot(g, s.stack.T)
                d[w.replace("W", "b")] += g
            dstack = sum(
                np.dot(p[w].T, g) for w, g in zip(GATES, (d_f, d_i, d_c, d_o), strict=True)
            )
            d["xs"][t] = dstack[:m]
            dh_later = dstack[m:] - np.dot(p["Wo"][:, m:].T, d_o)
            dc_later = s.f * dc
        d["h_init"], d["c_init"] = dh_later, dc_later
        return d


def float_free(h):
    return np.sum(np.sin(h))


def forward(params):
    return LSTM(params).forward()


def backward(params):
    model = LSTM(params)
    model.forward()
    return {"d" + name: value for name, value in model.backward().items()}
