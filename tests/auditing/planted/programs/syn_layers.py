"""The network in a few lines: syn0, syn1, deltas, += ; no biases but a column of ones."""
import numpy as np


def nonlin(x, deriv=False):
    if deriv:
        return x * (1 - x)
    return 1 / (1 + np.exp(-x))


# input dataset: four bits and a constant
X = np.array([[int(b) for b in format(i, '04b')] + [1] for i in range(16)])
# output: parity of the first three, and whether the last two are equal
y = np.array([[(r[0] + r[1] + r[2]) % 2, int(r[2] == r[3])] for r in X])

np.random.seed(1)

# randomly initialize our weights with mean 0
syn0 = 2 * np.random.random((5, 6)) - 1
syn1 = 2 * np.random.random((6, 6)) - 1
syn2 = 2 * np.random.random((6, 2)) - 1
alpha = 0.5

for j in range(1000):
    # Feed forward through layers 0, 1, 2 and 3
    l0 = X
    l1 = nonlin(np.dot(l0, syn0))
    l2 = nonlin(np.dot(l1, syn1))
    l3 = nonlin(np.dot(l2, syn2))

    # how much did we miss the target value?
    l3_error = y - l3
    if (j % 200) == 0:
        print("Error: " + str(np.mean(l3_error ** 2)))

    l3_delta = l3_error * nonlin(l3, deriv=True)
    l2_error = l3_delta.dot(syn2.T)
    l2_delta = l2_error * nonlin(l2, deriv=True)
    l1_error = l2_delta.dot(syn1.T)
    l1_delta = l1_error * nonlin(l1, deriv=True)

    syn2 += alpha * l2.T.dot(l3_delta)
    syn1 += alpha * l1.T.dot(l2_delta)
    syn0 += alpha * l0.T.dot(l1_delta)
