"""The fourth sowing's last batches, which nobody read before their final run.

Batches 5 and 6 were written before any miss of the others was known, batch 9 after.
"""

from __future__ import annotations

from tests.auditing.planted.plant import Plant, plants

_DROP_BACK = """    dA1 = np.dot(W2.T, dZ2) * D1 / keep_prob
    dZ1 = dA1 * (1 - np.power(A1, 2))
    dW1 = 1 / m * np.dot(dZ1, X.T)
    db1 = 1 / m * np.sum(dZ1, axis=1, keepdims=True)

    # Step 4: update
    W1 = W1 - learning_rate * dW1
    b1 = b1 - learning_rate * db1
    W2 = W2 - learning_rate * dW2
"""
_DROP_EARLY = """    W2 = W2 - learning_rate * dW2
    dA1 = np.dot(W2.T, dZ2) * D1 / keep_prob
    dZ1 = dA1 * (1 - np.power(A1, 2))
    dW1 = 1 / m * np.dot(dZ1, X.T)
    db1 = 1 / m * np.sum(dZ1, axis=1, keepdims=True)

    # Step 4: update
    W1 = W1 - learning_rate * dW1
    b1 = b1 - learning_rate * db1
"""
BATCH5: list[Plant] = [
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("lambda_mlp", "lambda a: 1 - np.exp(-a)", "lambda a: 1 / (1 + np.exp(-a))",
         ("lambda a: 1 / (1 + np.exp(-a))", "dZ = dA * f_prime")),
        ("scalar_neurons", "self.w5 * deriv_sigmoid(sum_h1)", "self.w5 * deriv_sigmoid(h1)"),
        ("namedtuple_ridge", "d_hidden / (1 + pre ** 2)", "d_hidden / (1 + hidden ** 2)"),
        ("dropout_course", "(1 - np.power(A1, 2))", "(1 - np.power(H1, 2))"),
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("lambda_mlp", "self.B[k] = self.B[k] - alpha", "self.B[k] = self.B[k] + alpha"),
        ("scalar_neurons", "d_L_d_sum = -2 * (y_true", "d_L_d_sum = 2 * (y_true"),
        ("pegasos", "b = b + eta * push_b", "b = b - eta * push_b"),
    ),
    *plants(
        "difference taken the other way round", "sign",
        ("poisson_glm", "X.T @ (mu - counts)", "X.T @ (counts - mu)"),
        ("cbow_negative", "ds = (p - label) / B", "ds = (label - p) / B"),
    ),
    *plants(
        "the derivative of another loss than the printed one", "other-loss",
        ("lambda_mlp", "dA = 2 * (self.A[-1] - Y) / m",
         "dA = (self.A[-1] - Y) / (self.A[-1] * (1 - self.A[-1])) / m"),
        ("poisson_glm", "mu = np.exp(X @ beta + log_exposure)", "mu = np.exp(X @ beta)",
         ("mu = np.exp(X @ beta)", "X.T @ (mu - counts)")),
        ("cbow_negative", "ds = (p - label) / B", "ds = (p - label) * p * (1 - p) / B"),
        ("pegasos", "violated = yb * (xb @ w + b) < 1", "violated = yb * (xb @ w + b) < 0"),
    ),
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("lambda_mlp", "dZ.sum(axis=1, keepdims=True)", "dZ.mean(axis=1, keepdims=True)"),
        ("dropout_course", "db1 = 1 / m * np.sum(dZ1", "db1 = np.sum(dZ1"),
        ("pegasos", "np.sum(yb[violated]) / len(rows)", "np.sum(yb[violated])"),
    ),
    *plants(
        "the network's input as target", "target-is-input",
        ("lambda_mlp", "dA = 2 * (self.A[-1] - Y) / m", "dA = 2 * (self.A[-1] - self.A[0][:2]) / m"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("poisson_glm", "log_exposure) + ridge * beta\n", "log_exposure) + 2 * ridge * beta\n"),
        ("namedtuple_ridge", "2 * l2 * params.w_out", "l2 * params.w_out"),
        ("pegasos", "(1 - eta * lam) * w", "(1 + eta * lam) * w"),
    ),
    *plants(
        "a gradient of the wrong array", "wrong-array",
        ("scalar_neurons", "learn_rate * d_L_d_h2 * x[1]", "learn_rate * d_L_d_h2 * x[0]",
         ("self.w4 -= learn_rate",)),
        ("scalar_neurons", "d_L_d_sum * self.w6 *", "d_L_d_sum * self.w5 *",
         ("d_L_d_h2 = d_L_d_sum * self.w5",)),
        ("cbow_negative", "ds[:, :, None] * h[:, None, :]", "ds[:, :, None] * dh[:, None, :]"),
        ("namedtuple_ridge", "b_hidden=d_pre.sum(axis=0)", "b_hidden=d_hidden.sum(axis=0)"),
        ("dropout_course", "np.dot(dZ2, H1.T)", "np.dot(dZ2, A1.T)"),
    ),
    *plants(
        "the gradient of another parameter", "wrong-gradient",
        ("scalar_neurons", "self.b2 -= learn_rate * d_L_d_h2", "self.b2 -= learn_rate * d_L_d_h1"),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("cbow_negative", "param -= lr * grad", "param = param - lr * grad"),
    ),
    *plants(
        "bias gradient summed to one number", "bias-sum",
        ("namedtuple_ridge", "b_hidden=d_pre.sum(axis=0)", "b_hidden=d_pre.sum()"),
    ),
    *plants(
        "derivative of another activation", "derivative-wrong",
        ("namedtuple_ridge", "d_hidden / (1 + pre ** 2)", "d_hidden * (1 - hidden ** 2)"),
    ),
    *plants(
        "weights overwritten before the backward pass reads them", "overwritten",
        ("dropout_course", _DROP_BACK, _DROP_EARLY,
         ("W2 = W2 - learning_rate", "dA1 = np.dot(W2.T, dZ2)")),
    ),
]  # fmt: skip

_LINE = """    m = m - L * D_m  # Update m
    c = c - L * D_c  # Update c
"""
_LINE_EARLY = """    m = m - L * D_m  # Update m
    c = c - L * (-2 / n) * sum(Y - (m * X + c))  # Update c
"""
BATCH6: list[Plant] = [
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("line_fit", "D_c = (-2 / n) * sum(", "D_c = -2 * sum("),
        ("batchnorm_net", "dx = inv_std / N * (", "dx = inv_std * ("),
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("line_fit", "c = c - L * D_c", "c = c + L * D_c"),
        ("rbf_network", "X[:, None, :] - self.centres[None, :, :] ", "self.centres[None, :, :] - X[:, None, :] ",  # noqa: E501 - a sentence or a table row
         ("self.diff = self.centres", "d_centres = ", "net.centres -= rate")),
    ),
    *plants(
        "difference taken the other way round", "sign",
        ("one_vs_all", "X.T @ (h - y)", "X.T @ (y - h)"),
        ("digits_scratch", "dZ2 = A2 - one_hot_Y", "dZ2 = one_hot_Y - A2"),
    ),
    *plants(
        "weights overwritten before the backward pass reads them", "overwritten",
        ("line_fit", _LINE, _LINE_EARLY, ("m = m - L * D_m", "c = c - L * (-2")),
    ),
    *plants(
        "another loss printed than descended", "other-loss",
        ("line_fit", "sum((Y - Y_pred) ** 2) / n)", "sum(abs(Y - Y_pred)) / n)",
         ("sum(abs(Y - Y_pred))", "D_m = ")),
        ("batchnorm_net", "-log_probs[np.arange(N), y].mean()",
         "((np.exp(log_probs) - np.eye(scores.shape[1])[y]) ** 2).sum(axis=1).mean()",
         ("loss = ((np.exp", "dscores[np.arange(N), y] -= 1", "dscores = np.exp(log_probs)")),
    ),
    *plants(
        "bias gradient summed to one number", "bias-sum",
        ("digits_scratch", "db1 = 1 / m * np.sum(dZ1, axis=1, keepdims=True)", "db1 = 1 / m * np.sum(dZ1)"),  # noqa: E501 - a sentence or a table row
        ("batchnorm_net", "dbeta = dout.sum(axis=0)", "dbeta = dout.sum()"),
    ),
    *plants(
        "a square matrix the wrong way round", "transposed",
        ("digits_scratch", "W2.T.dot(dZ2)", "W2.dot(dZ2)"),
    ),
    *plants(
        "the gradient of another parameter", "wrong-gradient",
        ("digits_scratch", "b1 = b1 - alpha * db1", "b1 = b1 - alpha * db2"),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("digits_scratch", "W2.T.dot(dZ2) * ReLU_deriv(Z1)", "W2.T.dot(dZ2)"),
        ("rbf_network", "d_sq = d_phi * self.phi / self.width ** 2", "d_sq = d_phi / self.width ** 2"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("batchnorm_net", "dn = dh * (n > 0)", "dn = dh * (a > 0)"),
    ),
    *plants(
        "a gradient of the wrong array", "wrong-array",
        ("batchnorm_net", "dgamma = np.sum(dout * x_hat, axis=0)", "dgamma = np.sum(dout * gamma, axis=0)"),  # noqa: E501 - a sentence or a table row
        ("rbf_network", "d_phi = d_out[:, None] * self.weights", "d_phi = d_out[:, None] * d_weights"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "averaged twice", "mean-twice",
        ("rbf_network", "d_out = residual / len(y)", "d_out = residual / len(y) ** 2"),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("rbf_network", 'net.centres -= rate * gradients["centres"]',
         'centres = net.centres - rate * gradients["centres"]'),
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("one_vs_all", "grad + (lambda_ / m) * temp", "grad + lambda_ * temp"),
        ("one_vs_all", "    temp[0] = 0        #", "    #",
         ("(lambda_ / m) * temp", "temp = theta.copy()")),
    ),
]  # fmt: skip

_BPR = """        grad_i = -s * self.user[u] + self.reg * self.item[i]
        grad_j = s * self.user[u] + self.reg * self.item[j]
        self.user[u] -= self.lr * grad_u
"""
_BPR_EARLY = """        self.user[u] -= self.lr * grad_u
        grad_i = -s * self.user[u] + self.reg * self.item[i]
        grad_j = s * self.user[u] + self.reg * self.item[j]
"""
BATCH9: list[Plant] = [
    *plants(
        "penalty gradient off", "penalty",
        ("softmax_naive", "dW += 2 * reg * W", "dW += reg * W"),
        ("bpr_ranking", "grad_u = -s * (self.item[i] - self.item[j]) + self", "grad_u = -s * (self.item[i] - self.item[j]) - self"),  # noqa: E501 - a sentence or a table row
        ("elastic_net", "l1 = self.l1_ratio * np.sign(w)", "l1 = self.l1_ratio * w"),
        ("elastic_net", "l2 = (1 - self.l1_ratio) * w\n", "l2 = 2 * (1 - self.l1_ratio) * w\n"),
    ),
    *plants(
        "a gradient of the wrong array", "wrong-array",
        ("softmax_naive", "(p - (j == y[i])) * X[i]", "(p - (j == y[i])) * X[j]"),
        ("summed_examples", "np.dot(output_errors, hidden.T)", "np.dot(output_errors, np.dot(self.wih, inputs).T)"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("softmax_naive", "W = W - 0.3 * grad", "W = W + 0.3 * grad"),
        ("bpr_ranking", "self.item_bias[j] -= self.lr * s", "self.item_bias[j] += self.lr * s"),
        ("elastic_net", "grad_w = -(y - y_pred)", "grad_w = (y - y_pred)"),
    ),
    *plants(
        "weights overwritten before the backward pass reads them", "overwritten",
        ("bpr_ranking", _BPR, _BPR_EARLY, ("self.user[u] -=", "grad_i = ", "grad_j = ")),
    ),
    *plants(
        "another loss printed than descended", "other-loss",
        ("elastic_net", "np.mean(0.5 * (y - y_pred) ** 2)", "np.mean(np.abs(y - y_pred))",
         ("objective = np.mean(np.abs", "grad_w = -")),
        ("softmax_naive", "loss += -f[y[i]] + np.log(sum_exp)", "loss += 1 - np.exp(f[y[i]]) / sum_exp",  # noqa: E501 - a sentence or a table row
         ("loss += 1 - np.exp", "dW[:, j] +=", "p = np.exp(f[j])")),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("summed_examples", "np.dot(self.who.T, output_errors) * hidden * (1 - hidden)",
         "np.dot(self.who.T, output_errors)"),
    ),
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("summed_examples", "self.bh -= lr * d_bh / n", "self.bh -= lr * d_bh"),
    ),
    *plants(
        "gradients of earlier passes added up", "accumulates",
        ("summed_examples", "        d_wih, d_bh = np.zeros_like(self.wih), np.zeros_like(self.bh)\n",  # noqa: E501 - a sentence or a table row
         "        if not hasattr(self, 'sum_wih'):\n            self.sum_wih = np.zeros_like(self.wih)\n        d_wih, d_bh = self.sum_wih, np.zeros_like(self.bh)\n",  # noqa: E501 - a sentence or a table row
         ("d_wih, d_bh = self.sum_wih", "d_wih += ", "self.wih -= ")),
    ),
]  # fmt: skip
