"""GloVe on a tiny co-occurrence table: weighted least squares, a pair at a time, AdaGrad."""
import numpy as np

np.random.seed(2)
V, D = 9, 4
counts = np.random.poisson(1.5, (V, V)) * (1 - np.eye(V, dtype=int))
pairs = [(i, j, counts[i, j]) for i in range(V) for j in range(V) if counts[i, j] > 0]

W = (np.random.rand(V, D) - 0.5) / 2
C = (np.random.rand(V, D) - 0.5) / 2
bw = np.zeros(V)
bc = np.zeros(V)
gW, gC = np.ones((V, D)), np.ones((V, D))
gbw, gbc = np.ones(V), np.ones(V)
x_max, power, eta = 5, 0.75, 0.1

for epoch in range(12):
    np.random.shuffle(pairs)
    global_cost = 0
    for i, j, x in pairs:
        weight = (x / x_max) ** power if x < x_max else 1
        inner = W[i] @ C[j] + bw[i] + bc[j] - np.log(x)
        global_cost += 0.5 * weight * inner ** 2

        slope = weight * inner
        grad_main = slope * C[j]
        grad_context = slope * W[i]

        W[i] -= eta * grad_main / np.sqrt(gW[i])
        C[j] -= eta * grad_context / np.sqrt(gC[j])
        bw[i] -= eta * slope / np.sqrt(gbw[i])
        bc[j] -= eta * slope / np.sqrt(gbc[j])

        gW[i] += grad_main ** 2
        gC[j] += grad_context ** 2
        gbw[i] += slope ** 2
        gbc[j] += slope ** 2
    if epoch % 4 == 0:
        print("epoch", epoch, "cost", global_cost)
