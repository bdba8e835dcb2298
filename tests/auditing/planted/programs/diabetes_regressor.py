import numpy as np
from sklearn.datasets import load_diabetes


class LinearRegression:

    def __init__(self, learning_rate=0.1, n_iters=100):
        self.lr = learning_rate
        self.n_iters = n_iters
        self.weights = None
        self.bias = None

    def fit(self, X, y):
        n_samples, n_features = X.shape
        self.weights = np.zeros(n_features)
        self.bias = 0

        for i in range(self.n_iters):
            y_pred = np.dot(X, self.weights) + self.bias

            dw = (2 / n_samples) * np.dot(X.T, (y_pred - y))
            db = (2 / n_samples) * np.sum(y_pred - y)

            self.weights -= self.lr * dw
            self.bias -= self.lr * db

            if i % 20 == 0:
                print(f"Iteration {i}: MSE = {self.mse(y, y_pred):.4f}")

    def predict(self, X):
        return np.dot(X, self.weights) + self.bias

    @staticmethod
    def mse(y_true, y_pred):
        return np.mean((y_true - y_pred) ** 2)


if __name__ == "__main__":
    X, y = load_diabetes(return_X_y=True)
    X = (X - X.mean(axis=0)) / X.std(axis=0)
    y = y / 100

    X_train, X_test = X[:350], X[350:]
    y_train, y_test = y[:350], y[350:]

    model = LinearRegression()
    model.fit(X_train, y_train)
    print("Test MSE:", model.mse(y_test, model.predict(X_test)))
