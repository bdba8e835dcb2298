import numpy as np


class Adam:
    """Adam as in the paper; params and grads are lists of arrays of the same shapes."""

    def __init__(self, params, lr=0.01, beta1=0.9, beta2=0.999, eps=1e-8):
        self.params = params
        self.lr = lr
        self.beta1 = beta1
        self.beta2 = beta2
        self.eps = eps
        self.t = 0
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]

    def step(self, grads):
        self.t += 1
        for i in range(len(self.params)):
            g = grads[i]
            self.m[i] = self.beta1 * self.m[i] + (1 - self.beta1) * g
            self.v[i] = self.beta2 * self.v[i] + (1 - self.beta2) * (g * g)
            m_hat = self.m[i] / (1 - self.beta1 ** self.t)
            v_hat = self.v[i] / (1 - self.beta2 ** self.t)
            self.params[i] -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


class MLP:
    def __init__(self, n_in, n_hidden, n_out, seed=0):
        rng = np.random.default_rng(seed)
        self.w1 = rng.normal(0, np.sqrt(2 / n_in), (n_in, n_hidden))
        self.b1 = np.zeros(n_hidden)
        self.w2 = rng.normal(0, np.sqrt(2 / n_hidden), (n_hidden, n_out))
        self.b2 = np.zeros(n_out)

    @property
    def params(self):
        return [self.w1, self.b1, self.w2, self.b2]

    def forward(self, x):
        self.x = x
        self.z1 = x @ self.w1 + self.b1
        self.a1 = np.maximum(0, self.z1)
        return self.a1 @ self.w2 + self.b2

    def backward(self, dout):
        dw2 = self.a1.T @ dout
        db2 = dout.sum(axis=0)
        da1 = dout @ self.w2.T
        dz1 = da1 * (self.z1 > 0)
        dw1 = self.x.T @ dz1
        db1 = dz1.sum(axis=0)
        return [dw1, db1, dw2, db2]


def mse_loss(pred, target):
    diff = pred - target
    loss = (diff ** 2).mean()
    grad = 2 * diff / diff.size
    return loss, grad


rng = np.random.default_rng(7)
x = rng.uniform(-2, 2, size=(128, 3))
y = np.stack([np.sin(x[:, 0]) + x[:, 1], x[:, 1] * x[:, 2]], axis=1)

model = MLP(3, 16, 2)
optimizer = Adam(model.params)
for epoch in range(25):
    order = rng.permutation(len(x))
    epoch_loss = 0.0
    for batch in np.array_split(order, 4):
        pred = model.forward(x[batch])
        loss, grad = mse_loss(pred, y[batch])
        optimizer.step(model.backward(grad))
        epoch_loss += loss / 4
    if epoch % 5 == 0:
        print(f"epoch {epoch:3d}  loss {epoch_loss:.5f}")
