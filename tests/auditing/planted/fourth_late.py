"""The fourth sowing's later batches; see fourth.py."""

from __future__ import annotations

from tests.auditing.planted.plant import Plant, plants

_BAG_BACK = """    dsent = dpre @ W.T
    demb = np.zeros_like(emb)
    for k in range(sentences.shape[1]):
        np.add.at(demb, sentences[:, k], dsent / sentences.shape[1])

    emb -= lr * demb
    W -= lr * dW
"""
_BAG_EARLY = """    W -= lr * dW
    dsent = dpre @ W.T
    demb = np.zeros_like(emb)
    for k in range(sentences.shape[1]):
        np.add.at(demb, sentences[:, k], dsent / sentences.shape[1])

    emb -= lr * demb
"""
BATCH4: list[Plant] = [
    *plants(
        "penalty gradient off", "penalty",
        ("lasso_columns", "grad + lam * np.sign(theta)", "grad + lam * np.sign(theta) / m"),
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("lasso_columns", "theta0 = theta0 - alpha * grad0", "theta0 = theta0 + alpha * grad0"),
        ("logreg_class", "self.weights = self.weights - self.lr", "self.weights = self.weights + self.lr"),  # noqa: E501 - a sentence or a table row
        ("pinball", "np.where(u > 0, -self.tau, 1 - self.tau)", "np.where(u > 0, self.tau, self.tau - 1)"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("lasso_columns", "grad0 = np.sum(diff) / m", "grad0 = np.sum(diff)"),
        ("pinball", "self.lr * g.sum()", "self.lr * g.mean()"),
        ("embedding_mlp", "sentences[:, k], dsent / sentences.shape[1])", "sentences[:, k], dsent)"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "another loss printed than descended", "other-loss",
        ("lasso_columns", "J = np.sum(diff ** 2)", "J = np.sum(np.abs(diff))",
         ("J = np.sum(np.abs(diff))", "grad = np.dot(diff, X.T)")),
    ),
    *plants(
        "the derivative of another loss than the printed one", "other-loss",
        ("pinball", "np.where(u > 0, -self.tau, 1 - self.tau)", "np.where(u > 0, self.tau - 1, self.tau)"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "a column met a flat array", "broadcast",
        ("logreg_class", "y = y.reshape(-1, 1)\n", "",
         ("np.dot(X.T, (y_predicted - y))", "np.sum(y_predicted - y)", "y = ((X @")),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("logreg_class", "self.bias = self.bias - self.lr", "bias = self.bias - self.lr"),
        ("adam_functional", "        layers = tuple(", "        new_layers = tuple(",
         ("new_layers = tuple(", "updated = [[adam_update(", "return param - lr")),
    ),
    *plants(
        "derivative of the output applied though it had cancelled", "derivative-twice",
        ("logreg_class", "np.dot(X.T, (y_predicted - y))",
         "np.dot(X.T, (y_predicted - y) * y_predicted * (1 - y_predicted))"),
    ),
    *plants(
        "a gradient of the wrong array", "wrong-array",
        ("logreg_class", "np.dot(X.T, (y_predicted - y))", "np.dot(X.T, (linear_model - y))"),
        ("residual_net", 'g["V"] = h1.T @ dr', 'g["V"] = h2.T @ dr'),
        ("adam_functional", "(x.T @ g_z, g_z.sum(axis=0))", "(x.T @ g_z, g_h.sum(axis=0))"),
    ),
    *plants(
        "a square matrix the wrong way round", "transposed",
        ("residual_net", 'dr @ p["V"].T', 'dr @ p["V"]'),
    ),
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("residual_net", "dh1 * (1 - h1 ** 2)", "dh1 * (1 - h2 ** 2)"),
        ("adam_functional", "g_z = g_h * (z > 0)", "g_z = g_h * (g_h > 0)"),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("residual_net", "dr = dh2 * (1 - r ** 2)", "dr = dh2"),
        ("embedding_mlp", "dpre = dhid * (1 - hid ** 2)", "dpre = dhid"),
    ),
    *plants(
        "gradients of earlier passes added up", "accumulates",
        ("residual_net", "velocity[k] = mu * velocity[k] + g[k]", "velocity[k] = velocity[k] + g[k]"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "only the diagonal of the softmax Jacobian", "softmax-diagonal",
        ("adam_functional", "(np.exp(logp) - onehot) / x.shape[0]",
         "(np.exp(logp) - onehot) * np.exp(logp) * (1 - np.exp(logp)) / x.shape[0]"),
    ),
    *plants(
        "weights overwritten before the backward pass reads them", "overwritten",
        ("embedding_mlp", _BAG_BACK, _BAG_EARLY, ("W -= lr * dW", "dsent = dpre @ W.T")),
    ),
    *plants(
        "averaged twice", "mean-twice",
        ("embedding_mlp", "(prob - labels) / len(labels)", "(prob - labels) / len(labels) ** 2"),
    ),
]  # fmt: skip

BATCH7: list[Plant] = [
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("spring_scalars", "grad_b = (error * load).sum() / N", "grad_b = (error * load).sum()"),
        ("exam_scalars", "theta0 -= alpha * d0 / m", "theta0 -= alpha * d0"),
    ),
    *plants(
        "the gradient of another parameter", "wrong-gradient",
        ("spring_scalars", "c = c - step_size * grad_c", "c = c - step_size * grad_b"),
        ("exam_scalars", "theta2 -= alpha * d2 / m", "theta2 -= alpha * d1 / m"),
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("spring_scalars", "a = a - step_size * grad_a", "a = a + step_size * grad_a"),
        ("two_neurons", "self.bias_out -= eta", "self.bias_out += eta"),
    ),
    *plants(
        "a gradient of the wrong array", "wrong-array",
        ("exam_scalars", "d1 += diff * x1", "d1 += diff * x2"),
        ("two_neurons", "delta_hidden * x2", "delta_hidden * x1", ("self.u2 -= eta",)),
    ),
    *plants(
        "another loss printed than descended", "other-loss",
        ("spring_scalars", "(error ** 2).sum() / (2 * N)", "abs(error).sum() / (2 * N)",
         ("cost = abs(error)", "grad_a = ", "grad_b = ", "grad_c = ")),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("two_neurons", "delta_out * self.v * (1 - h ** 2)", "delta_out * self.v"),
    ),
    *plants(
        "weights overwritten before the backward pass reads them", "overwritten",
        ("two_neurons", "        delta_hidden = delta_out * self.v * (1 - h ** 2)\n\n        self.v -= eta * delta_out * h\n",  # noqa: E501 - a sentence or a table row
         "        self.v -= eta * delta_out * h\n        delta_hidden = delta_out * self.v * (1 - h ** 2)\n\n",  # noqa: E501 - a sentence or a table row
         ("self.v -= eta", "delta_hidden = delta_out * self.v")),
    ),
]  # fmt: skip
