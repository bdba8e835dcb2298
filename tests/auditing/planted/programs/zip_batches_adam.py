"""Minibatches by zip, labels by np.eye, three relu layers in an nn.Module-like class and an Adam object."""
import numpy as np

np.random.seed(14)


class Adam:
    def __init__(self, params, lr=0.02, betas=(0.9, 0.99), eps=1e-8):
        self.params = params
        self.lr = lr
        self.b1, self.b2 = betas
        self.eps = eps
        self.t = 0
        self.m = [np.zeros_like(p) for p in params]
        self.v = [np.zeros_like(p) for p in params]

    def step(self, grads):
        self.t += 1
        for p, g, m, v in zip(self.params, grads, self.m, self.v):
            m *= self.b1
            m += (1 - self.b1) * g
            v *= self.b2
            v += (1 - self.b2) * g * g
            m_hat = m / (1 - self.b1 ** self.t)
            v_hat = v / (1 - self.b2 ** self.t)
            p -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)


class Classifier:
    def __init__(self, d, h, c):
        self.w1 = np.random.randn(d, h) * np.sqrt(2 / d)
        self.b1 = np.full(h, 0.05)
        self.w2 = np.random.randn(h, h) * np.sqrt(2 / h)
        self.b2 = np.full(h, 0.05)
        self.w3 = np.random.randn(h, c) * np.sqrt(1 / h)
        self.b3 = np.zeros(c)

    def parameters(self):
        return [self.w1, self.b1, self.w2, self.b2, self.w3, self.b3]

    def __call__(self, x):
        self.x = x
        self.a1 = x @ self.w1 + self.b1
        self.h1 = np.maximum(self.a1, 0)
        self.a2 = self.h1 @ self.w2 + self.b2
        self.h2 = np.maximum(self.a2, 0)
        return self.h2 @ self.w3 + self.b3

    def backward(self, grad):
        g_w3, g_b3 = self.h2.T @ grad, grad.sum(0)
        grad = (grad @ self.w3.T) * (self.a2 > 0)
        g_w2, g_b2 = self.h1.T @ grad, grad.sum(0)
        grad = (grad @ self.w2.T) * (self.a1 > 0)
        g_w1, g_b1 = self.x.T @ grad, grad.sum(0)
        return [g_w1, g_b1, g_w2, g_b2, g_w3, g_b3]


def log_softmax(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def loss_and_grad(logits, one_hot):
    logp = log_softmax(logits)
    loss = -(one_hot * logp).sum() / len(logits)
    grad = (np.exp(logp) - one_hot) / len(logits)
    return loss, grad


y = np.random.randint(0, 3, 80)
X = np.random.randn(80, 4) + np.array([[1.5, 0, 0, 0], [0, 1.5, 0, 1], [0, 0, -1.5, 0]])[y]
Y = np.eye(3)[y]

model = Classifier(4, 7, 3)
optim = Adam(model.parameters())
for epoch in range(1, 16):
    order = np.random.permutation(80)
    batches = zip(np.split(X[order], 4), np.split(Y[order], 4))
    for xb, yb in batches:
        loss, grad = loss_and_grad(model(xb), yb)
        optim.step(model.backward(grad))
    if epoch % 3 == 0:
        print(f"Epoch [{epoch}/15], Loss: {loss:.4f}")
