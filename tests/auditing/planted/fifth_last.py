"""The fifth sowing's last batches, shown to nobody before their run at the end."""

from __future__ import annotations

from tests.auditing.planted.plant import Plant, plants

BATCH3: list[Plant] = [
    *plants(
        "derivative of a hidden activation applied twice", "derivative-twice",
        ("neuron_dicts", "errors.append(error)",
         'errors.append(error * transfer_derivative(layer[j]["output"]))',
         ("errors.append(error * transfer", 'layer[j]["delta"] = errors[j]')),
    ),
    *plants(
        "difference taken the other way round", "sign",
        ("neuron_dicts", 'layer[j]["output"] - expected[j]', 'expected[j] - layer[j]["output"]'),
    ),
    *plants(
        "error sent back without the weights", "wrong-array",
        ("neuron_dicts", 'error += neuron["weights"][j] * neuron["delta"]', 'error += neuron["delta"]'),  # noqa: E501 - a sentence or a table row
        ("sparse_flat", "W2.T.dot(delta3)", "np.ones_like(W2).T.dot(delta3)"),
    ),
    *plants(
        "half of an activation's derivative", "derivative-wrong",
        ("neuron_dicts", "return output * (1.0 - output)", "return 1.0 - output"),
    ),
    *plants(
        "learning rate twice", "factor",
        ("neuron_dicts", 'neuron["weights"][-1] -= l_rate * ', 'neuron["weights"][-1] -= l_rate * l_rate * '),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "gradient of a weight with the pre-activation in place of the activation", "wrong-array",
        ("parity_globals", "hidden_layer_output.T.dot", "hidden_layer_activation.T.dot"),
        ("zip_batches_adam", "self.h2.T @ grad", "self.a2.T @ grad"),
    ),
    *plants(
        "bias gradient summed over the wrong axis", "bias-sum",
        ("parity_globals", "np.sum(d_hidden_layer, axis=0, keepdims=True)", "np.sum(d_hidden_layer, axis=1)"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "the derivative of another loss than the printed one", "other-loss",
        ("parity_globals", "error * sigmoid_derivative(predicted_output)", "error",
         ("d_predicted_output = error",)),
    ),
    *plants(
        "weight gradient taken before the activation's derivative", "wrong-array",
        ("parity_globals", "inputs.T.dot(d_hidden_layer)", "inputs.T.dot(error_hidden_layer)"),
    ),
    *plants(
        "a step that ascends, in the weights", "sign",
        ("parity_globals", "hidden_weights += inputs", "hidden_weights -= inputs"),
    ),
    *plants(
        "a column met a flat array", "broadcast",
        ("parity_globals", "error = expected_output - predicted_output",
         "error = (expected_output.ravel() - predicted_output).mean(axis=1, keepdims=True)"),
    ),
    *plants(
        "the gradient of another parameter", "wrong-gradient",
        ("zip_batches_adam", "return [g_w1, g_b1, g_w2, g_b2, g_w3, g_b3]",
         "return [g_w1, g_b2, g_w2, g_b1, g_w3, g_b3]"),
    ),
    *plants(
        "a square matrix the wrong way round", "transposed",
        ("zip_batches_adam", "(grad @ self.w2.T)", "(grad @ self.w2)"),
    ),
    *plants(
        "mask of a relu the wrong way round", "derivative-wrong",
        ("zip_batches_adam", "(self.a2 > 0)", "(self.a2 < 0)"),
    ),
    *plants(
        "only the diagonal of the softmax Jacobian", "softmax-diagonal",
        ("zip_batches_adam", "grad = (np.exp(logp) - one_hot) / len(logits)",
         "grad = (np.exp(logp) - one_hot) * np.exp(logp) * (1 - np.exp(logp)) / len(logits)"),
    ),
    *plants(
        "rows of another batch in one gradient", "wrong-array",
        ("zip_batches_adam", "self.x.T @ grad", "X[:len(grad)].T @ grad"),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("zip_batches_adam", "p -= self.lr * m_hat", "p = p - self.lr * m_hat"),
    ),
    *plants(
        "a penalty in the printed cost, left out of the gradient", "penalty",
        ("sparse_flat", "(W2.T.dot(delta3) + beta * sparsity_delta[:, np.newaxis])",
         "W2.T.dot(delta3)"),
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("sparse_flat", "W1grad = delta2.dot(data.T) / m + lamb * W1",
         "W1grad = delta2.dot(data.T) / m + 2 * lamb * W1"),
    ),
    *plants(
        "1/m missing in one bias or weight only", "factor",
        ("sparse_flat", "b2grad = np.sum(delta3, axis=1) / m", "b2grad = np.sum(delta3, axis=1)"),
    ),
    *plants(
        "derivative of another activation", "derivative-wrong",
        ("sparse_flat", "* a2 * (1 - a2)", "* (1 - a2 ** 2)"),
    ),
    *plants(
        "averaged twice", "mean-twice",
        ("sparse_flat", "delta3 = -(data - h) * h * (1 - h)", "delta3 = -(data - h) * h * (1 - h) / m"),  # noqa: E501 - a sentence or a table row
    ),
]  # fmt: skip

_ZERO = """    for p in n.parameters():
        p.grad = 0.0
    loss.backward()
"""
BATCH4: list[Plant] = [
    *plants(
        "gradients of earlier passes added up", "accumulates",
        ("names_mlp", "    dC = np.zeros_like(C)\n", "    if i == 0:\n        dC = np.zeros_like(C)\n",  # noqa: E501 - a sentence or a table row
         ("dC = np.zeros_like(C)", "dC[Xb[k, j]] +=")),
        ("scalar_engine", _ZERO, "    loss.backward()\n", ("loss.backward()", "p.data += -0.03")),
    ),
    *plants(
        "some examples left out of one gradient", "wrong-array",
        ("names_mlp", "dC[Xb[k, j]] += demb[k, j]", "dC[Xb[k, j]] = demb[k, j]"),
        ("solver_model", "dw = x.T.dot(dout)", "dw = x[:-1].T.dot(dout[:-1])"),
    ),
    *plants(
        "bias gradient taken before the activation's derivative", "wrong-array",
        ("names_mlp", "db1 = dhpreact.sum(0)", "db1 = dh.sum(0)"),
    ),
    *plants(
        "weight gradient taken before the activation's derivative", "wrong-array",
        ("names_mlp", "dW1 = embcat.T @ dhpreact", "dW1 = embcat.T @ dh"),
    ),
    *plants(
        "half of an activation's derivative", "derivative-wrong",
        ("names_mlp", "(1.0 - h ** 2)", "(1.0 - h)"),
    ),
    *plants(
        "the network's input as target", "target-is-input",
        ("names_mlp", "dlogits[np.arange(n), Yb] -= 1", "dlogits[np.arange(n), Xb[:, -1]] -= 1"),
    ),
    *plants(
        "another loss printed than descended", "other-loss",
        ("solver_model", "loss = np.sum(margins) / N", "loss = np.sum(margins ** 2) / N",
         ("np.sum(margins ** 2)", "dx[margins > 0] = 1", "dx[np.arange(N), y] -= num_pos")),
    ),
    *plants(
        "a step that ascends, in the weights", "sign",
        ("solver_model", "next_w = w + v", "next_w = w - v",
         ("next_w = w - v", 'v = config["momentum"] * v -')),
        ("scalar_engine", "p.data += -0.03 * p.grad", "p.data += 0.03 * p.grad"),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("solver_model", "affine_backward(da, fc_cache)", "affine_backward(dout, fc_cache)"),
        ("scalar_engine", "self.grad += (1 - t ** 2) * out.grad",
         "self.grad += 1.0 * out.grad"),
    ),
    *plants(
        "slope of a leaky relu for a plain one", "derivative-wrong",
        ("solver_model", "return dout * (cache > 0)",
         "return dout * np.where(cache > 0, 1.0, 0.1)"),
    ),
    *plants(
        "a weight's update that is never written back", "never-written",
        ("solver_model", "self.model.params[p] = next_w", "w = next_w"),
        ("hashed_clicks", "w[i] -= alpha / (sqrt(n[i]) + 1.) * (",
         "wi = w[i] - alpha / (sqrt(n[i]) + 1.) * ("),
    ),
    *plants(
        "a gradient of the wrong array", "wrong-array",
        ("scalar_engine", "self.grad += other.data * out.grad",
         "self.grad += self.data * out.grad"),
    ),
    *plants(
        "derivative of another activation", "derivative-wrong",
        ("scalar_engine", "self.grad += (1 - t ** 2) * out.grad",
         "self.grad += t * (1 - t) * out.grad"),
    ),
    *plants(
        "difference taken the other way round", "sign",
        ("hashed_clicks", "((p - y) + L2 * w[i])", "((y - p) + L2 * w[i])"),
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("hashed_clicks", "((p - y) + L2 * w[i])", "((p - y) - L2 * w[i])"),
    ),
    *plants(
        "the derivative of another loss than the printed one", "other-loss",
        ("hashed_clicks", "((p - y) + L2 * w[i])", "((p - y) * p * (1. - p) + L2 * w[i])"),
    ),
]  # fmt: skip

BATCH5: list[Plant] = [
    *plants(
        "1/m missing in one bias or weight only", "factor",
        ("admission_records", "learnrate * del_b_output / n_records", "learnrate * del_b_output"),
        ("factor_machine", "g_w0 = np.sum(residual) / n", "g_w0 = np.sum(residual)"),
    ),
    *plants(
        "difference taken the other way round", "sign",
        ("admission_records", "error = y - output", "error = output - y"),
    ),
    *plants(
        "derivative of a hidden activation applied twice", "derivative-twice",
        ("admission_records", "del_w_input_hidden += hidden_error_term * x[:, None]",
         "del_w_input_hidden += hidden_error_term * hidden_output * (1 - hidden_output) * x[:, None]"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "bias gradient taken before the activation's derivative", "wrong-array",
        ("admission_records", "del_b_hidden += hidden_error_term", "del_b_hidden += hidden_error"),
    ),
    *plants(
        "gradient of a weight with the pre-activation in place of the activation", "wrong-array",
        ("admission_records", "output_error_term * hidden_output\n", "output_error_term * hidden_input\n"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "learning rate twice", "factor",
        ("admission_records", "learnrate * del_b_hidden", "learnrate ** 2 * del_b_hidden"),
    ),
    *plants(
        "a gradient of the wrong array", "wrong-array",
        ("factor_machine", "g_V -= (X ** 2).T.dot(residual)", "g_V -= X.T.dot(residual)"),
    ),
    *plants(
        "a penalty in the printed cost, left out of the gradient", "penalty",
        ("factor_machine", "        g_V += self.reg_v * self.V\n", "",
         ("g_V = X.T.dot", "g_V -= (X")),
    ),
    *plants(
        "a weight's update that is never written back", "never-written",
        ("factor_machine", "self.w0 -= self.learning_rate * g_w0",
         "w0 = self.w0 - self.learning_rate * g_w0"),
    ),
    *plants(
        "averaged twice", "mean-twice",
        ("factor_machine", "residual = self._predict(X) - y\n        g_w0",
         "residual = (self._predict(X) - y) / n\n        g_w0",
         ("residual = (self._predict(X) - y) / n",)),
    ),
    *plants(
        "a square matrix the wrong way round", "transposed",
        ("attention_tiny", 'dk = dscores.transpose(0, 2, 1) @ c["q"]', 'dk = dscores @ c["q"]'),
        ("attention_tiny", 'dv = c["att"].transpose(0, 2, 1) @ dcontext',
         'dv = c["att"] @ dcontext'),
    ),
    *plants(
        "only the diagonal of the softmax Jacobian", "softmax-diagonal",
        ("attention_tiny",
         'dscores = c["att"] * (datt - (datt * c["att"]).sum(axis=-1, keepdims=True))',
         'dscores = c["att"] * (1 - c["att"]) * datt'),
    ),
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("attention_tiny", "    dscores /= np.sqrt(D)\n", "",
         ('dscores = c["att"]', "dq = dscores", "dk = dscores")),
    ),
    *plants(
        "bias gradient summed to one number", "bias-sum",
        ("attention_tiny", "dlogits.sum(axis=0)", "dlogits.sum()"),
    ),
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("mini_keras", "self.activation.grad(self.z)",
         "self.activation.grad(self.activation.call(self.z))"),
    ),
    *plants(
        "the derivative of another loss than the printed one", "other-loss",
        ("mini_keras", "np.tanh(y_pred - y_true) / len(y_true)", "(y_pred - y_true) / len(y_true)"),
    ),
    *plants(
        "bias gradient summed over the wrong axis", "bias-sum",
        ("mini_keras", "local.sum(axis=0, keepdims=True)", "local.sum(axis=1, keepdims=True)"),
    ),
    *plants(
        "half of an activation's derivative", "derivative-wrong",
        ("mini_keras", "return s * (1 - s)", "return 1 - s"),
    ),
    *plants(
        "the network's input as target", "target-is-input",
        ("mini_keras", "self.loss.grad(y, y_pred)", "self.loss.grad(X, y_pred)"),
    ),
    *plants(
        "weight gradient taken before the activation's derivative", "wrong-array",
        ("mini_keras", "self.inputs.T @ local", "self.inputs.T @ upstream"),
    ),
]  # fmt: skip

UNSEEN = [*BATCH3, *BATCH4, *BATCH5]
