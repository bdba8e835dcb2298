"""Matrix factorization of a table of ratings with gaps: all known entries at once, biases, decay of the rate."""
import numpy as np

np.random.seed(11)
n_users, n_items, k = 14, 10, 3
true = np.random.randn(n_users, k).dot(np.random.randn(k, n_items)) * 0.6 + 3
R = np.clip(np.round(true), 1, 5)
M = (np.random.rand(n_users, n_items) < 0.7).astype(float)  # 1 where a rating is known
mu = R[M == 1].mean()


class MatrixFactorizer:
    def __init__(self, k, lr, lam):
        self.k, self.lr, self.lam = k, lr, lam
        self.history = []

    def predict(self):
        return mu + self.bu[:, None] + self.bi[None, :] + self.U.dot(self.V.T)

    def objective(self, E):
        data = 0.5 * np.sum(E ** 2)
        penalty = 0.5 * self.lam * (np.sum(self.U ** 2) + np.sum(self.V ** 2))
        return data + penalty

    def fit(self, R, M, epochs):
        self.U = np.random.normal(scale=0.3, size=(R.shape[0], self.k))
        self.V = np.random.normal(scale=0.3, size=(R.shape[1], self.k))
        self.bu = np.zeros(R.shape[0])
        self.bi = np.zeros(R.shape[1])
        lr = self.lr
        for epoch in range(epochs):
            E = M * (self.predict() - R)
            self.history.append(self.objective(E))
            U_grad = E.dot(self.V) + self.lam * self.U
            V_grad = E.T.dot(self.U) + self.lam * self.V
            bu_grad = E.sum(axis=1)
            bi_grad = E.sum(axis=0)
            self.U -= lr * U_grad
            self.V -= lr * V_grad
            self.bu -= lr * bu_grad
            self.bi -= lr * bi_grad
            lr *= 0.999
            if epoch % 40 == 0:
                print("Iteration: %d ; objective = %.4f" % (epoch, self.history[-1]))


mf = MatrixFactorizer(k, lr=0.02, lam=0.1)
mf.fit(R, M, epochs=161)
print("RMSE on the known ratings:", np.sqrt(np.sum((M * (mf.predict() - R)) ** 2) / M.sum()))
