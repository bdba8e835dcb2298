# Notebook turned into a script: two ELU layers, RMSprop, stops when validation stops improving
import numpy as np

np.random.seed(33)

# %% data
n = 120
X = np.random.uniform(-1.5, 1.5, size=(n, 3))
y = X[:, 0] ** 2 - X[:, 1] * X[:, 2] + 0.05 * np.random.randn(n)
X_tr, y_tr = X[:90], y[:90, None]
X_va, y_va = X[90:], y[90:, None]

# %% model
def elu(z, a=1.0):
    return np.where(z > 0, z, a * (np.exp(z) - 1))

def delu(z, a=1.0):
    return np.where(z > 0, 1.0, a * np.exp(z))

H1, H2 = 8, 5
W1 = np.random.randn(3, H1) / np.sqrt(3)
b1 = np.zeros((1, H1))
W2 = np.random.randn(H1, H2) / np.sqrt(H1)
b2 = np.zeros((1, H2))
W3 = np.random.randn(H2, 1) / np.sqrt(H2)
b3 = np.zeros((1, 1))
params = [W1, b1, W2, b2, W3, b3]
cache = [np.zeros_like(p) for p in params]
lr, decay, eps = 0.005, 0.9, 1e-8

def predict(x):
    return elu(elu(x @ W1 + b1) @ W2 + b2) @ W3 + b3

# %% training
best, wait, patience = np.inf, 0, 10
epoch = 0
while epoch < 150:
    for k in range(0, 90, 30):
        xb, yb = X_tr[k:k+30], y_tr[k:k+30]
        Z1 = xb @ W1 + b1
        A1 = elu(Z1)
        Z2 = A1 @ W2 + b2
        A2 = elu(Z2)
        out = A2 @ W3 + b3
        loss = np.mean((out - yb) ** 2)

        dout = 2 * (out - yb) / len(yb)
        dW3 = A2.T @ dout
        db3 = dout.sum(axis=0, keepdims=True)
        dZ2 = dout @ W3.T * delu(Z2)
        dW2 = A1.T @ dZ2
        db2 = dZ2.sum(axis=0, keepdims=True)
        dZ1 = dZ2 @ W2.T * delu(Z1)
        dW1 = xb.T @ dZ1
        db1 = dZ1.sum(axis=0, keepdims=True)

        for i, g in enumerate([dW1, db1, dW2, db2, dW3, db3]):
            cache[i] = decay * cache[i] + (1 - decay) * g ** 2
            params[i] -= lr * g / (np.sqrt(cache[i]) + eps)

    val = np.mean((predict(X_va) - y_va) ** 2)
    if val < best:
        best, wait = val, 0
    else:
        wait += 1
        if wait >= patience:
            break
    if epoch % 25 == 0:
        print("epoch %3d  train mse %.4f  val mse %.4f" % (epoch, loss, val))
    epoch += 1
