"""Regression that predicts mean and log variance: negative log likelihood, one tanh layer."""
import numpy as np


def init(n_in, n_hid, seed=4):
    rng = np.random.RandomState(seed)
    return {
        'Wh': rng.randn(n_in, n_hid), 'bh': rng.randn(n_hid),
        'Wm': rng.randn(n_hid, 1) * 0.3, 'bm': np.zeros(1),
        'Wv': rng.randn(n_hid, 1) * 0.3, 'bv': np.zeros(1),
    }


def forward(p, x):
    h = np.tanh(x @ p['Wh'] + p['bh'])
    mean = h @ p['Wm'] + p['bm']
    logvar = h @ p['Wv'] + p['bv']
    return h, mean, logvar


def nll(mean, logvar, y):
    return 0.5 * np.mean(logvar + (y - mean) ** 2 / np.exp(logvar))


def gradients(p, x, y, h, mean, logvar):
    n = len(x)
    g = {}
    inv_var = np.exp(-logvar)
    g_mean = (mean - y) * inv_var / n
    g_logvar = 0.5 * (1 - (y - mean) ** 2 * inv_var) / n
    g['Wm'] = h.T @ g_mean
    g['bm'] = g_mean.sum(axis=0)
    g['Wv'] = h.T @ g_logvar
    g['bv'] = g_logvar.sum(axis=0)
    g_h = g_mean @ p['Wm'].T + g_logvar @ p['Wv'].T
    g_pre = g_h * (1 - h ** 2)
    g['Wh'] = x.T @ g_pre
    g['bh'] = g_pre.sum(axis=0)
    return g


def main():
    rng = np.random.RandomState(2)
    x = rng.uniform(-2, 2, (80, 1))
    y = np.sin(2 * x) + (0.1 + 0.2 * np.abs(x)) * rng.randn(80, 1)
    p = init(1, 8)
    lr = 0.05
    for step in range(200):
        h, mean, logvar = forward(p, x)
        loss = nll(mean, logvar, y)
        g = gradients(p, x, y, h, mean, logvar)
        for key in p:
            p[key] = p[key] - lr * g[key]
        if step % 50 == 0:
            print('step', step, 'nll', loss)


main()
