"""A small 1-d convolution: filters over a signal, ReLU, average pooling, logistic output."""
import numpy as np

rng = np.random.RandomState(21)


def make_signals(n=60, length=14):
    t = np.arange(length)
    y = rng.randint(0, 2, n)
    freq = np.where(y == 1, 1.6, 0.7)
    x = np.sin(freq[:, None] * t + rng.uniform(0, 6, (n, 1))) + 0.3 * rng.randn(n, length)
    return x, y.astype(float)


def windows_of(x, size):
    """(N, T) -> (N, T - size + 1, size)"""
    return np.stack([x[:, i:i + x.shape[1] - size + 1] for i in range(size)], axis=2)


X, y = make_signals()
n_filters, kernel_size = 4, 3
K = rng.randn(n_filters, kernel_size) * 0.5
K_bias = np.zeros(n_filters)
v = rng.randn(n_filters) * 0.5
c = np.zeros(1)

learning_rate = 0.5
batch_size = 20
for epoch in range(25):
    order = rng.permutation(len(X))
    epoch_loss = 0.0
    for start in range(0, len(X), batch_size):
        idx = order[start:start + batch_size]
        xb, yb = X[idx], y[idx]

        cols = windows_of(xb, kernel_size)            # N, T', k
        conv = cols @ K.T + K_bias                    # N, T', F
        act = np.maximum(conv, 0)
        pooled = act.mean(axis=1)                     # N, F
        prob = 1 / (1 + np.exp(-(pooled @ v + c)))
        batch_loss = -np.mean(yb * np.log(prob) + (1 - yb) * np.log(1 - prob))
        epoch_loss += batch_loss

        dlogit = (prob - yb) / len(yb)
        dv = pooled.T @ dlogit
        dc = dlogit.sum()
        dpooled = np.outer(dlogit, v)
        dact = np.repeat(dpooled[:, None, :], act.shape[1], axis=1) / act.shape[1]
        dconv = dact * (conv > 0)
        dK = np.einsum('ntf,ntk->fk', dconv, cols)
        dK_bias = dconv.sum(axis=(0, 1))

        K -= learning_rate * dK
        K_bias -= learning_rate * dK_bias
        v -= learning_rate * dv
        c -= learning_rate * dc
    if epoch % 5 == 0:
        print(f'epoch {epoch}: loss {epoch_loss / 3:.4f}')
