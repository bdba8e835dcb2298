import numpy as np

np.random.seed(10)

# ---- two moons, without sklearn ----
n = 60
t = np.random.rand(n) * np.pi
upper = np.stack([np.cos(t), np.sin(t)], axis=1)
lower = np.stack([1 - np.cos(t), 0.5 - np.sin(t)], axis=1)
X = np.concatenate([upper, lower]) + np.random.normal(scale=0.15, size=(2 * n, 2))
y = np.concatenate([np.zeros(n), np.ones(n)])

# ---- hyperparameters ----
H = 12
learning_rate = 0.01
decay = 0.9
batch_size = 24
epochs = 20

# ---- parameters ----
p = {}
p['W1'] = np.random.randn(2, H) * 0.7
p['b1'] = np.zeros((1, H))
p['W2'] = np.random.randn(H, H) * 0.4
p['b2'] = np.zeros((1, H))
p['W3'] = np.random.randn(H, 1) * 0.4
p['b3'] = np.zeros((1, 1))
cache = {k: np.zeros_like(v) for k, v in p.items()}


def leaky(z, slope=0.01):
    return np.where(z > 0, z, slope * z)


def leaky_prime(z, slope=0.01):
    return np.where(z > 0, 1.0, slope)


# ---- training ----
for epoch in range(epochs):
    perm = np.random.permutation(2 * n)
    running_loss = 0
    for i in range(0, 2 * n, batch_size):
        xb = X[perm[i:i + batch_size]]
        yb = y[perm[i:i + batch_size]].reshape(-1, 1)
        m = xb.shape[0]

        Z1 = xb @ p['W1'] + p['b1']
        A1 = leaky(Z1)
        Z2 = A1 @ p['W2'] + p['b2']
        A2 = leaky(Z2)
        Z3 = A2 @ p['W3'] + p['b3']
        prob = 1 / (1 + np.exp(-Z3))

        loss = -np.mean(yb * np.log(prob) + (1 - yb) * np.log(1 - prob))
        running_loss += loss * m

        g = {}
        dZ3 = (prob - yb) / m
        g['W3'] = A2.T @ dZ3
        g['b3'] = dZ3.sum(axis=0, keepdims=True)
        dZ2 = (dZ3 @ p['W3'].T) * leaky_prime(Z2)
        g['W2'] = A1.T @ dZ2
        g['b2'] = dZ2.sum(axis=0, keepdims=True)
        dZ1 = (dZ2 @ p['W2'].T) * leaky_prime(Z1)
        g['W1'] = xb.T @ dZ1
        g['b1'] = dZ1.sum(axis=0, keepdims=True)

        # RMSprop
        for k in p:
            cache[k] = decay * cache[k] + (1 - decay) * g[k] ** 2
            p[k] -= learning_rate * g[k] / (np.sqrt(cache[k]) + 1e-8)
    if (epoch + 1) % 5 == 0:
        print('epoch', epoch + 1, 'loss', running_loss / (2 * n))
