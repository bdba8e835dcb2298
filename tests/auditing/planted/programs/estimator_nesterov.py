"""An estimator with fit and predict: two sigmoid layers, Nesterov momentum, a held-out set to stop early."""
import numpy as np


class MLPRegressorScratch:
    def __init__(self, n_hidden=5, eta=0.4, mu=0.7, max_epochs=150, patience=15, random_state=0):
        self.n_hidden = n_hidden
        self.eta = eta
        self.mu = mu
        self.max_epochs = max_epochs
        self.patience = patience
        self.random = np.random.RandomState(random_state)

    @staticmethod
    def _sigmoid(z):
        return 1.0 / (1.0 + np.exp(-np.clip(z, -250, 250)))

    def _init_weights(self, n_features):
        self.w_h = self.random.normal(0.0, 0.7, size=(n_features, self.n_hidden))
        self.b_h = np.zeros(self.n_hidden)
        self.w_out = self.random.normal(0.0, 0.7, size=(self.n_hidden, 1))
        self.b_out = np.zeros(1)
        self.v_w_h = np.zeros_like(self.w_h)
        self.v_b_h = np.zeros_like(self.b_h)
        self.v_w_out = np.zeros_like(self.w_out)
        self.v_b_out = np.zeros_like(self.b_out)

    def _forward(self, X):
        z_h = np.dot(X, self.w_h) + self.b_h
        a_h = self._sigmoid(z_h)
        z_out = np.dot(a_h, self.w_out) + self.b_out
        a_out = self._sigmoid(z_out)
        return z_h, a_h, z_out, a_out

    def _mse(self, y, a_out):
        return np.mean((y - a_out) ** 2)

    def _step(self, X, y):
        z_h, a_h, z_out, a_out = self._forward(X)
        delta_out = 2.0 * (a_out - y) / y.size * a_out * (1.0 - a_out)
        grad_w_out = np.dot(a_h.T, delta_out)
        grad_b_out = np.sum(delta_out, axis=0)
        delta_h = np.dot(delta_out, self.w_out.T) * a_h * (1.0 - a_h)
        grad_w_h = np.dot(X.T, delta_h)
        grad_b_h = np.sum(delta_h, axis=0)

        v_prev = self.v_w_h
        self.v_w_h = self.mu * self.v_w_h - self.eta * grad_w_h
        self.w_h += -self.mu * v_prev + (1 + self.mu) * self.v_w_h
        v_prev = self.v_b_h
        self.v_b_h = self.mu * self.v_b_h - self.eta * grad_b_h
        self.b_h += -self.mu * v_prev + (1 + self.mu) * self.v_b_h
        v_prev = self.v_w_out
        self.v_w_out = self.mu * self.v_w_out - self.eta * grad_w_out
        self.w_out += -self.mu * v_prev + (1 + self.mu) * self.v_w_out
        v_prev = self.v_b_out
        self.v_b_out = self.mu * self.v_b_out - self.eta * grad_b_out
        self.b_out += -self.mu * v_prev + (1 + self.mu) * self.v_b_out
        return self._mse(y, a_out)

    def fit(self, X, y, X_valid, y_valid):
        self._init_weights(X.shape[1])
        best, waited = np.inf, 0
        for epoch in range(self.max_epochs):
            cost = self._step(X, y)
            valid = self._mse(y_valid, self.predict(X_valid))
            if epoch % 25 == 0:
                print(f"{epoch}/{self.max_epochs} | train MSE {cost:.5f} | valid MSE {valid:.5f}")
            if valid < best - 1e-6:
                best, waited = valid, 0
            else:
                waited += 1
                if waited >= self.patience:
                    print("stopped at epoch", epoch)
                    break
        return self

    def predict(self, X):
        return self._forward(X)[-1]


data = np.random.RandomState(33)
X = data.uniform(-2, 2, size=(90, 3))
y = 0.5 + 0.4 * np.sin(X[:, :1] + X[:, 1:2]) * np.cos(X[:, 2:])
model = MLPRegressorScratch()
model.fit(X[:70], y[:70], X[70:], y[70:])
