import numpy as np

# 1. data: is the point inside the circle?
np.random.seed(14)
points = np.random.uniform(-1, 1, (80, 2))
inside = (np.sqrt((points ** 2).sum(axis=1)) < 0.7).astype(float).reshape(80, 1)

# 2. network 2 - 5 - 5 - 1
w_ih = np.random.normal(0, 1, (2, 5))
w_hh = np.random.normal(0, 1, (5, 5))
w_ho = np.random.normal(0, 1, (5, 1))
bias_h1 = np.zeros((1, 5))
bias_h2 = np.zeros((1, 5))
bias_o = np.zeros((1, 1))


def sigmoid(x, deriv=False):
    if deriv:
        return sigmoid(x) * (1 - sigmoid(x))
    return 1 / (1 + np.exp(-x))


# 3. training
alpha = 2.0
for i in range(200):
    net_h1 = points @ w_ih + bias_h1
    out_h1 = sigmoid(net_h1)
    net_h2 = out_h1 @ w_hh + bias_h2
    out_h2 = sigmoid(net_h2)
    net_o = out_h2 @ w_ho + bias_o
    out_o = sigmoid(net_o)

    mse = ((inside - out_o) ** 2).mean()
    if i % 40 == 0:
        print('iteration', i, 'MSE', mse)

    delta_o = 2 * (out_o - inside) * sigmoid(net_o, deriv=True) / len(points)
    delta_h2 = delta_o @ w_ho.T * sigmoid(net_h2, deriv=True)
    delta_h1 = delta_h2 @ w_hh.T * sigmoid(net_h1, deriv=True)

    w_ho = w_ho - alpha * out_h2.T @ delta_o
    w_hh = w_hh - alpha * out_h1.T @ delta_h2
    w_ih = w_ih - alpha * points.T @ delta_h1
    bias_o = bias_o - alpha * delta_o.sum(axis=0, keepdims=True)
    bias_h2 = bias_h2 - alpha * delta_h2.sum(axis=0, keepdims=True)
    bias_h1 = bias_h1 - alpha * delta_h1.sum(axis=0, keepdims=True)

    alpha *= 0.999

# 4. result
print('accuracy', ((out_o > 0.5) == inside).mean())
