import numpy as np

np.random.seed(5)

N, D, H = 100, 2, 8
lam = 0.001

# two rings, labels -1 and +1
angle = np.random.uniform(0, 2 * np.pi, N)
labels = np.where(np.arange(N) < N // 2, -1, 1).reshape(1, N)
radius = np.where(labels > 0, 2.0, 0.8) + 0.2 * np.random.randn(1, N)
data = np.vstack([radius * np.cos(angle), radius * np.sin(angle)])

W1 = 0.5 * np.random.randn(H, D)
b1 = np.zeros((H, 1))
W2 = 0.5 * np.random.randn(H, H)
b2 = np.zeros((H, 1))
w3 = 0.5 * np.random.randn(1, H)
b3 = np.zeros((1, 1))


def relu(a):
    return np.maximum(a, 0)


def forward(x):
    a1 = W1 @ x + b1
    h1 = relu(a1)
    a2 = W2 @ h1 + b2
    h2 = relu(a2)
    f = w3 @ h2 + b3
    return a1, h1, a2, h2, f


def hinge_loss(f, t):
    hinge = np.maximum(0, 1 - t * f).mean()
    l2 = lam / 2 * ((W1 ** 2).sum() + (W2 ** 2).sum() + (w3 ** 2).sum())
    return hinge + l2


def train(epochs=25, batch=20, eta=0.1):
    global W1, b1, W2, b2, w3, b3
    for epoch in range(epochs):
        order = np.random.permutation(N)
        total = 0.0
        for k in range(0, N, batch):
            x = data[:, order[k:k + batch]]
            t = labels[:, order[k:k + batch]]
            n = x.shape[1]

            a1, h1, a2, h2, f = forward(x)
            total += hinge_loss(f, t)

            df = np.where(t * f < 1, -t, 0) / n
            dw3 = df @ h2.T + lam * w3
            db3 = df.sum(axis=1, keepdims=True)
            da2 = (w3.T @ df) * (a2 > 0)
            dW2 = da2 @ h1.T + lam * W2
            db2 = da2.sum(axis=1, keepdims=True)
            da1 = (W2.T @ da2) * (a1 > 0)
            dW1 = da1 @ x.T + lam * W1
            db1 = da1.sum(axis=1, keepdims=True)

            W1 = W1 - eta * dW1
            b1 = b1 - eta * db1
            W2 = W2 - eta * dW2
            b2 = b2 - eta * db2
            w3 = w3 - eta * dw3
            b3 = b3 - eta * db3
        if epoch % 5 == 0:
            print('Epoch {:3d} | loss {:.5f}'.format(epoch, total / (N // batch)))


train()
errors = np.sum(np.sign(forward(data)[-1]) != labels)
print('errors:', errors)
