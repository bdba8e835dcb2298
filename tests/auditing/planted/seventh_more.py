"""The seventh sowing's second open batch."""

from __future__ import annotations

from tests.auditing.planted.plant import Plant, plants

_ROBUST_BACK = """            g_hidden = np.outer(g, self.coef_out) * self._sigmoid(self.z)
            grad_coef_hidden = X.T @ g_hidden
            grad_bias_hidden = g_hidden.sum(axis=0)

            self.coef_out -= self.lr * grad_coef_out
"""
_ROBUST_EARLY = """            self.coef_out -= self.lr * grad_coef_out
            g_hidden = np.outer(g, self.coef_out) * self._sigmoid(self.z)
            grad_coef_hidden = X.T @ g_hidden
            grad_bias_hidden = g_hidden.sum(axis=0)

"""
_HINGE_BACK = """            da1 = (W2.T @ da2) * (a1 > 0)
            dW1 = da1 @ x.T + lam * W1
            db1 = da1.sum(axis=1, keepdims=True)

            W1 = W1 - eta * dW1
            b1 = b1 - eta * db1
            W2 = W2 - eta * dW2
            b2 = b2 - eta * db2
"""
_HINGE_EARLY = """            W2 = W2 - eta * dW2
            b2 = b2 - eta * db2
            da1 = (W2.T @ da2) * (a1 > 0)
            dW1 = da1 @ x.T + lam * W1
            db1 = da1.sum(axis=1, keepdims=True)

            W1 = W1 - eta * dW1
            b1 = b1 - eta * db1
"""
OPEN2: list[Plant] = [
    *plants(
        "weights overwritten before the backward pass reads them", "overwritten",
        ("robust_regressor", _ROBUST_BACK, _ROBUST_EARLY,
         ("self.coef_out -=", "g_hidden = np.outer")),
        ("hinge_mlp", _HINGE_BACK, _HINGE_EARLY, ("W2 = W2 - eta", "da1 = (W2.T")),
    ),
    *plants(
        "only the diagonal of the softmax Jacobian", "softmax-diagonal",
        ("digits_momentum", "return A * (dA - np.sum(dA * A, axis=0, keepdims=True))",
         "return dA * A * (1 - A)"),
    ),
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("digits_momentum", "sigmoid_backward(dA, Z)\n        grads",
         "sigmoid_backward(dA, A)\n        grads", ("dZ = softmax_backward", "s = sigmoid(Z)")),
        ("robust_regressor", "self._sigmoid(self.z)\n", "self._sigmoid(self.h)\n",
         ("g_hidden = np.outer",)),
        ("hinge_mlp", "(a2 > 0)", "(a1 > 0)", ("da2 = (w3.T",)),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("robust_regressor", "np.outer(g, self.coef_out) * self._sigmoid(self.z)",
         "np.outer(g, self.coef_out)"),
        ("hinge_mlp", "da1 = (W2.T @ da2) * (a1 > 0)", "da1 = W2.T @ da2"),
    ),
    *plants(
        "derivative of a hidden activation applied twice", "derivative-twice",
        ("robust_regressor", "* self._sigmoid(self.z)\n", "* self._sigmoid(self.z) ** 2\n"),
    ),
    *plants(
        "half of an activation's derivative", "derivative-wrong",
        ("digits_momentum", "return dA * s * (1 - s)", "return dA * s"),
    ),
    *plants(
        "derivative of another activation", "derivative-wrong",
        ("robust_regressor", "* self._sigmoid(self.z)\n", "* (self.z > 0)\n"),
    ),
    *plants(
        "a square matrix the wrong way round", "transposed",
        ("hinge_mlp", "(W2.T @ da2)", "(W2 @ da2)"),
    ),
    *plants(
        "bias gradient summed to one number", "bias-sum",
        ("digits_momentum", "dZ.sum(axis=1, keepdims=True)", "dZ.sum()"),
        ("robust_regressor", "g_hidden.sum(axis=0)", "g_hidden.sum()"),
        ("hinge_mlp", "da1.sum(axis=1, keepdims=True)", "da1.sum()"),
    ),
    *plants(
        "gradient of a weight with the pre-activation in place of the activation", "wrong-array",
        ("robust_regressor", "self.h.T @ g", "self.z.T @ g"),
        ("hinge_mlp", "da2 @ h1.T", "da2 @ a1.T"),
    ),
    *plants(
        "a gradient of the wrong array", "wrong-array",
        ("rent_notebook", "X.T @ np.sign(residuals)", "features.T @ np.sign(residuals)"),
    ),
    *plants(
        "rows of another batch in one gradient", "wrong-array",
        ("hinge_mlp", "da1 @ x.T", "da1 @ data[:, k:k + batch].T"),
    ),
    *plants(
        "the gradient of another parameter", "wrong-gradient",
        ("hinge_mlp", "b1 - eta * db1", "b1 - eta * db2"),
        ("rent_notebook", "momentum * vel_w - learning_rate * grad_w",
         "momentum * vel_w - learning_rate * grad_b"),
    ),
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("digits_momentum", "dZ @ A_prev.T", "dZ @ A_prev.T / m"),
        ("robust_regressor", "grad_bias_out = g.sum()", "grad_bias_out = g.mean()"),
        ("hinge_mlp", "da2.sum(axis=1, keepdims=True)", "da2.mean(axis=1, keepdims=True)"),
        ("rent_notebook", "X.T @ np.sign(residuals) / n_flats", "X.T @ np.sign(residuals)"),
    ),
    *plants(
        "another momentum for one parameter", "factor",
        ("digits_momentum", '(1 - beta) * grads["db%d" % l]', 'grads["db%d" % l]',
         ('velocity["db%d" % l] = beta',)),
    ),
    *plants(
        "learning rate twice", "factor",
        ("rent_notebook", "weights + vel_w", "weights + learning_rate * vel_w"),
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("hinge_mlp", "lam * W1\n", "lam / 2 * W1\n", ("dW1 = da1",)),
        ("rent_notebook", "2 * l2 * weights", "l2 * np.sign(weights)"),
    ),
    *plants(
        "a penalty in the printed cost, left out of the gradient", "penalty",
        ("hinge_mlp", "dw3 = df @ h2.T + lam * w3", "dw3 = df @ h2.T"),
    ),
    *plants(
        "a column met a flat array", "broadcast",
        ("rent_notebook", "np.abs(residuals).mean()",
         "np.abs(y_hat.reshape(-1, 1) - y).mean()"),
    ),
    *plants(
        "the derivative of another loss than the printed one", "other-loss",
        ("digits_momentum", "dA = -Y / (AL + 1e-12) / m", "dA = 2 * (AL - Y) / m"),
        ("robust_regressor", "np.clip(residual, -self.delta, self.delta) / n_samples",
         "residual / n_samples"),
        ("hinge_mlp", "np.where(t * f < 1, -t, 0)", "np.where(t * f < 0, -t, 0)"),
        ("rent_notebook", "X.T @ np.sign(residuals) / n_flats", "X.T @ residuals / n_flats"),
    ),
    *plants(
        "another loss printed than descended", "other-loss",
        ("robust_regressor", "cost = self._huber(residual)", "cost = np.mean(residual ** 2)",
         ("cost = np.mean", "g = np.clip", "self.history_.append", "print(k,")),
        ("hinge_mlp", "np.maximum(0, 1 - t * f).mean()", "np.log(1 + np.exp(-t * f)).mean()",
         ("hinge = np.log", "return hinge", "total += hinge", "df = np.where", "print('Epoch")),
        ("rent_notebook", "np.abs(residuals).mean()", "(residuals ** 2).mean()",
         ("mae = (res", "grad_w = X", "grad_b = np", "mae_history.append", "print(f")),
    ),
    *plants(
        "difference taken the other way round", "sign",
        ("digits_momentum", "dA = -Y / (AL", "dA = Y / (AL"),
        ("hinge_mlp", "np.where(t * f < 1, -t, 0)", "np.where(t * f < 1, t, 0)"),
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("digits_momentum", '- lr * velocity["dW%d" % l]', '+ lr * velocity["dW%d" % l]'),
        ("robust_regressor", "self.bias_hidden -= self.lr", "self.bias_hidden += self.lr"),
        ("hinge_mlp", "b2 - eta * db2", "b2 + eta * db2"),
        ("rent_notebook", "vel_w - learning_rate", "vel_w + learning_rate"),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("digits_momentum", '        velocity["dW%d" % l] = beta *', "        v = beta *",
         ("v = beta *", 'params["W%d" % l] = params["W%d" % l] - lr')),
        ("robust_regressor", "self.bias_hidden -= self.lr * grad_bias_hidden",
         "bias_hidden = self.bias_hidden - self.lr * grad_bias_hidden"),
        ("rent_notebook", "    bias = bias + vel_b\n", "    new_bias = bias + vel_b\n"),
    ),
]  # fmt: skip

UNUSUAL_OPEN2: list[Plant] = [
    *plants(
        "unusual but right", "none",
        # a sigmoid by way of tanh
        ("digits_momentum", "1.0 / (1.0 + np.exp(-Z))", "0.5 * (1 + np.tanh(Z / 2))"),
        # the clipped residual as a scaled one
        ("robust_regressor", "np.clip(residual, -self.delta, self.delta)",
         "residual / np.maximum(1, np.abs(residual) / self.delta)"),
        # the slope at the kink itself
        ("hinge_mlp", "np.where(t * f < 1, -t, 0)", "np.where(t * f <= 1, -t, 0)"),
        # a mean over the rows
        ("rent_notebook", "X.T @ np.sign(residuals) / n_flats",
         "np.mean(X * np.sign(residuals)[:, None], axis=0)"),
    ),
]  # fmt: skip

__all__ = ["OPEN2", "UNUSUAL_OPEN2"]
