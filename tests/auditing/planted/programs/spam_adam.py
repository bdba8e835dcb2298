"""Logistic regression for spam, fitted with Adam, ridge penalty on the weights."""
import numpy as np


class LogisticRegression:
    def __init__(self, lr=0.1, n_iter=60, l2=0.05):
        self.lr = lr
        self.n_iter = n_iter
        self.l2 = l2

    def sigmoid(self, t):
        return 1.0 / (1.0 + np.exp(-t))

    def cost(self, y, p):
        nll = -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))
        return nll + self.l2 / 2 * np.dot(self.coef_, self.coef_)

    def fit(self, X, y):
        n_samples, n_features = X.shape
        self.coef_ = np.zeros(n_features)
        self.intercept_ = 0.0
        m_w, v_w = np.zeros(n_features), np.zeros(n_features)
        m_b, v_b = 0.0, 0.0
        for t in range(1, self.n_iter + 1):
            p = self.sigmoid(X.dot(self.coef_) + self.intercept_)
            cost = self.cost(y, p)
            if t % 20 == 1:
                print("iteration", t, "cost", cost)

            residual = p - y
            g_w = X.T.dot(residual) / n_samples + self.l2 * self.coef_
            g_b = residual.mean()

            m_w = 0.9 * m_w + 0.1 * g_w
            v_w = 0.999 * v_w + 0.001 * g_w ** 2
            m_b = 0.9 * m_b + 0.1 * g_b
            v_b = 0.999 * v_b + 0.001 * g_b ** 2
            first, second = 1 - 0.9 ** t, 1 - 0.999 ** t
            self.coef_ -= self.lr * (m_w / first) / (np.sqrt(v_w / second) + 1e-8)
            self.intercept_ -= self.lr * (m_b / first) / (np.sqrt(v_b / second) + 1e-8)
        return self

    def predict(self, X):
        return (self.sigmoid(X.dot(self.coef_) + self.intercept_) > 0.5).astype(int)


rng = np.random.RandomState(19)
words = rng.poisson(1.2, size=(70, 5)).astype(float)
is_spam = (words @ np.array([1.0, -0.8, 0.5, 0.0, -0.3]) + 0.5 * rng.randn(70) > 0.6).astype(int)
clf = LogisticRegression().fit(words, is_spam)
print("accuracy", (clf.predict(words) == is_spam).mean())
