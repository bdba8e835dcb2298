# Curve fitting with a tiny neural network. No libraries, only lists.
from math import tanh
from random import gauss, seed, uniform

seed(12)

xs = [[uniform(-1, 1), uniform(-1, 1)] for _ in range(20)]
ys = [0.8 * a - 0.5 * b * b + gauss(0, 0.05) for a, b in xs]

N_HIDDEN = 4
w_hidden = [[uniform(-1, 1) for _ in range(2)] for _ in range(N_HIDDEN)]
b_hidden = [0.0] * N_HIDDEN
w_out = [uniform(-1, 1) for _ in range(N_HIDDEN)]
b_out = [0.0]


def predict(x):
    hidden = []
    for j in range(N_HIDDEN):
        s = b_hidden[j]
        for i in range(len(x)):
            s += w_hidden[j][i] * x[i]
        hidden.append(tanh(s))
    out = b_out[0]
    for j in range(N_HIDDEN):
        out += w_out[j] * hidden[j]
    return hidden, out


def train_on(x, y, rate):
    hidden, out = predict(x)
    error = out - y

    # how much each hidden unit is to blame
    deltas = []
    for j in range(N_HIDDEN):
        deltas.append(error * w_out[j] * (1 - hidden[j] ** 2))

    for j in range(N_HIDDEN):
        w_out[j] -= rate * error * hidden[j]
    b_out[0] -= rate * error
    for j in range(N_HIDDEN):
        for i in range(len(x)):
            w_hidden[j][i] -= rate * deltas[j] * x[i]
        b_hidden[j] -= rate * deltas[j]
    return 0.5 * error ** 2


for epoch in range(10):
    total = 0.0
    for x, y in zip(xs, ys):
        total += train_on(x, y, 0.1)
    print("epoch", epoch, "mean error", total / len(xs))
