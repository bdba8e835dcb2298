"""The seventh sowing's closed half: eight programs, shown to nobody before their run at the end."""

from __future__ import annotations

from tests.auditing.planted.plant import Plant, plants

_OUTER_BACK = """\
        delta_hidden = self.w_output.T.dot(delta_out) * self.hidden * (1 - self.hidden)

        self.w_output -= eta * np.outer(delta_out, self.hidden)
"""
_OUTER_EARLY = """        self.w_output -= eta * np.outer(delta_out, self.hidden)
        delta_hidden = self.w_output.T.dot(delta_out) * self.hidden * (1 - self.hidden)

"""
_RING_BACK = """    delta_h1 = delta_h2 @ w_hh.T * sigmoid(net_h1, deriv=True)

    w_ho = w_ho - alpha * out_h2.T @ delta_o
    w_hh = w_hh - alpha * out_h1.T @ delta_h2
"""
_RING_EARLY = """
    w_ho = w_ho - alpha * out_h2.T @ delta_o
    w_hh = w_hh - alpha * out_h1.T @ delta_h2
    delta_h1 = delta_h2 @ w_hh.T * sigmoid(net_h1, deriv=True)
"""
_ADAM_LOOP = """            for k in ("W", "b"):
                g = layer["d" + k]
"""
_ADAM_HALF = """            for k in ("W",):
                g = layer["d" + k]
"""
CLOSED1: list[Plant] = [
    *plants(
        "weights overwritten before the backward pass reads them", "overwritten",
        ("outer_products", _OUTER_BACK, _OUTER_EARLY, ("self.w_output -=", "delta_hidden = self")),
        ("ring_globals", _RING_BACK, _RING_EARLY, ("w_hh = w_hh - alpha", "delta_h1 = delta_h2")),
    ),
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("tumour_columns", "(1 - np.power(A1, 2))", '(1 - np.power(cache["Z1"], 2))'),
        ("parameter_objects",
         "        self.x = x\n        return np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1)",
         "        self.x = np.where(x > 0, x, np.exp(np.minimum(x, 0)) - 1)\n        return self.x",
         ("self.x = np.where", "return grad * np.where")),
        ("list_params_mlp", "(1 - h1 ** 2)", "(1 - h2 ** 2)", ("d1 = d2 @",)),
        ("tide_tuples", "(1 - hidden ** 2)", "(1 - np.tanh(hidden) ** 2)"),
        ("ring_globals", "sigmoid(net_h1, deriv=True)", "sigmoid(out_h1, deriv=True)"),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("tumour_columns", "np.dot(W2.T, dZ2) * (1 - np.power(A1, 2))", "np.dot(W2.T, dZ2)"),
        ("parameter_objects",
         "return grad * np.where(self.x > 0, 1.0, np.exp(np.minimum(self.x, 0)))",
         "return grad.copy()"),
        ("list_params_mlp", "d2 = d3 @ W3.T * (1 - h2 ** 2)", "d2 = d3 @ W3.T"),
        ("outer_products", "dot(delta_out) * self.hidden * (1 - self.hidden)", "dot(delta_out)"),
        ("layer_dicts_adam", '(delta @ layer["W"].T) * (self.layers[i - 1]["z"] > 0)',
         'delta @ layer["W"].T'),
        ("tide_tuples", "d_output.dot(params.W2.T) * (1 - hidden ** 2)", "d_output.dot(params.W2.T)"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "derivative of a hidden activation applied twice", "derivative-twice",
        ("list_params_mlp", "h1.T @ d2", "h1.T @ (d2 * (1 - h2 ** 2))"),
        ("ring_globals", "sigmoid(net_h2, deriv=True)", "sigmoid(net_h2, deriv=True) ** 2"),
    ),
    *plants(
        "half of an activation's derivative", "derivative-wrong",
        ("outer_products", "dot(delta_out) * self.hidden * (1 - self.hidden)",
         "dot(delta_out) * (1 - self.hidden)"),
        ("tide_tuples", "(1 - hidden ** 2)", "(1 - hidden)"),
    ),
    *plants(
        "derivative of another activation", "derivative-wrong",
        ("tumour_columns", "(1 - np.power(A1, 2))", "(A1 * (1 - A1))"),
        ("parameter_objects", "1.0, np.exp(np.minimum(self.x, 0)))", "1.0, 0.0)"),
    ),
    *plants(
        "mask of a relu the wrong way round", "derivative-wrong",
        ("layer_dicts_adam", '(self.layers[i - 1]["z"] > 0)', '(self.layers[i - 1]["z"] < 0)'),
    ),
    *plants(
        "a square matrix the wrong way round", "transposed",
        ("list_params_mlp", "d2 @ W2.T", "d2 @ W2"),
        ("ring_globals", "delta_h2 @ w_hh.T", "delta_h2 @ w_hh"),
    ),
    *plants(
        "bias gradient summed to one number", "bias-sum",
        ("tumour_columns", "np.sum(dZ1, axis=1, keepdims=True)", "np.sum(dZ1)"),
        ("parameter_objects", "grad.sum(axis=0, keepdims=True)", "grad.sum()"),
        ("outer_products", "self.b_hidden -= eta * delta_hidden",
         "self.b_hidden -= eta * delta_hidden.sum()"),
        ("layer_dicts_adam", "delta.sum(axis=0)", "delta.sum()"),
        ("tide_tuples", "np.sum(d_hidden, axis=0)", "np.sum(d_hidden)"),
        ("squared_hinge_ova", "dscore.sum(axis=0)", "dscore.sum()"),
    ),
    *plants(
        "bias gradient summed over the wrong axis", "bias-sum",
        ("ring_globals", "delta_h2.sum(axis=0, keepdims=True)",
         "delta_h2.sum(axis=1, keepdims=True)"),
    ),
    *plants(
        "gradient of a weight with the pre-activation in place of the activation", "wrong-array",
        ("list_params_mlp", "h1.T @ d2", "(X @ W1 + b1).T @ d2"),
        ("ring_globals", "out_h1.T @ delta_h2", "net_h1.T @ delta_h2"),
    ),
    *plants(
        "a gradient of the wrong array", "wrong-array",
        ("parameter_objects", "grad @ self.weight.data.T", "grad @ self.weight.grad.T"),
        ("squared_hinge_ova", "dscore.T @ X", "slack.T @ X"),
        ("ring_globals", "out_h2.T @ delta_o", "out_h1.T @ delta_o"),
    ),
    *plants(
        "rows of another batch in one gradient", "wrong-array",
        ("list_params_mlp", "gradients(params, X[batch], y[batch])",
         "gradients(params, X[batch], y[:len(batch)])",
         ("grads = gradients(params", "d3 = (p - y)")),
    ),
    *plants(
        "some examples left out of one gradient", "wrong-array",
        ("layer_dicts_adam", 'layer["x"].T @ delta', 'layer["x"][1:].T @ delta[1:]'),
    ),
    *plants(
        "the gradient of another parameter", "wrong-gradient",
        ("tumour_columns", 'learning_rate * grads["db1"]', 'learning_rate * grads["db2"]',
         ("b1 = b1 - ",)),
        ("list_params_mlp", "X.T @ d1, d1.sum(0)", "X.T @ d1, d2.sum(0)"),
        ("tide_tuples", "b1=np.sum(d_hidden, axis=0)", "b1=np.sum(d_output, axis=0)"),
    ),
]  # fmt: skip

CLOSED2: list[Plant] = [
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("tumour_columns", "db2 = (1 / m) * np.sum(", "db2 = np.sum("),
        ("parameter_objects", "grad.sum(axis=0, keepdims=True)", "grad.mean(axis=0, keepdims=True)"),  # noqa: E501 - a sentence or a table row
        ("list_params_mlp", "h2.T @ d3,", "h2.T @ d3 / len(X),"),
        ("ring_globals", "delta_o.sum(axis=0", "delta_o.mean(axis=0"),
        ("squared_hinge_ova", "dscore.sum(axis=0)", "dscore.mean(axis=0)"),
    ),
    *plants(
        "learning rate forgotten for one parameter", "factor",
        ("outer_products", "self.w_hidden -= eta * np", "self.w_hidden -= np"),
    ),
    *plants(
        "averaged twice", "mean-twice",
        ("tumour_columns", "dZ2 = A2 - Y", "dZ2 = (A2 - Y) / m"),
        ("squared_hinge_ova", "slack * T / n", "slack * T / n ** 2"),
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("tumour_columns", "(lambd / m) * W2", "lambd * W2"),
        ("squared_hinge_ova", "dscore.T @ X + self.W", "dscore.T @ X + 0.5 * self.W"),
    ),
    *plants(
        "a penalty in the printed cost, left out of the gradient", "penalty",
        ("tumour_columns", " + (lambd / m) * W1", "", ("dW1 = (1 / m)",)),
        ("squared_hinge_ova", "dscore.T @ X + self.W", "dscore.T @ X"),
    ),
    *plants(
        "gradients of earlier passes added up", "accumulates",
        ("parameter_objects", "        optimizer.zero_grad()\n", "",
         ("self.weight.grad += ", "self.bias.grad += ", "buf += p.grad", "p.data -= ",
          "net.backward(", "optimizer.step()")),
    ),
    *plants(
        "a column met a flat array", "broadcast",
        ("list_params_mlp", "bce_with_logits(logits, y)\n", "bce_with_logits(logits, y.ravel())\n",
         ("loss = bce_with", "return np.mean(np.logaddexp")),
        ("ring_globals", "((inside - out_o) ** 2)", "((inside.ravel() - out_o) ** 2)"),
    ),
    *plants(
        "the network's input as target", "target-is-input",
        ("parameter_objects", "diff = prediction - y", "diff = prediction - x[:, :1]"),
        ("tide_tuples", "r = output - y", "r = output - X[:, -1:]"),
    ),
    *plants(
        "the derivative of another loss than the printed one", "other-loss",
        ("tumour_columns", "dZ2 = A2 - Y", "dZ2 = (A2 - Y) * A2 * (1 - A2)"),
        ("parameter_objects", "net.backward(2 * diff / diff.size)",
         "net.backward(np.sign(diff) / diff.size)"),
        ("list_params_mlp", "d3 = (p - y)", "d3 = (logits - y)"),
        ("layer_dicts_adam", "        delta[np.arange(len(labels)), labels] -= 1\n", "",
         ("delta = probs.copy()", "delta /= len(labels)")),
        ("tide_tuples", "np.where(np.abs(r) < DELTA, r, DELTA * np.sign(r))", "r",
         ("d_output = r",)),
        ("ring_globals", "2 * (out_o - inside) * sigmoid(net_o, deriv=True)", "(out_o - inside)"),
        ("squared_hinge_ova", "self.C * slack * T", "self.C * (slack > 0) * T"),
    ),
    *plants(
        "another loss printed than descended", "other-loss",
        ("parameter_objects", "np.mean(diff ** 2)", "np.mean(np.abs(diff))",
         ("losses.append(", "net.backward(2", "print(f")),
        ("list_params_mlp", "np.mean(np.logaddexp(0, logits) - y * logits)",
         "np.mean((logits - y) ** 2)",
         ("return np.mean((logits", "loss = bce", "d3 = (p", "print(")),
        ("outer_products", "loss = -np.log(out[t.argmax()])", "loss = np.sum((out - t) ** 2)",
         ("loss = np.sum", "delta_out = out", "return loss", "total +=", 'print("Epoch')),
        ("layer_dicts_adam", "-np.log(probs[np.arange(len(labels)), labels] + 1e-9).mean()",
         "((probs - np.eye(4)[labels]) ** 2).mean()",
         ("return ((probs", "delta = probs", "labels] -= 1", "epoch_losses.append", "print(")),
        ("squared_hinge_ova", "np.mean(np.sum(slack ** 2, axis=1))",
         "np.mean(np.sum(slack, axis=1))", ("return 0.5", "dscore = ", 'print("iter')),
    ),
    *plants(
        "difference taken the other way round", "sign",
        ("parameter_objects", "diff = prediction - y", "diff = y - prediction",
         ("diff = y", "net.backward(2")),
        ("outer_products", "delta_out = out - t", "delta_out = t - out"),
        ("tide_tuples", "r = output - y", "r = y - output", ("r = y", "d_output = np")),
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("tumour_columns", "W2 - learning_rate", "W2 + learning_rate"),
        ("list_params_mlp", "p - lr * g", "p + lr * g"),
        ("layer_dicts_adam", "layer[k] -= self.lr", "layer[k] += self.lr"),
        ("ring_globals", "bias_h2 - alpha", "bias_h2 + alpha"),
        ("squared_hinge_ova", "0.5 * self.v_W + grad_W", "0.5 * self.v_W - grad_W"),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("tumour_columns", '    return {"W1": W1, "b1": b1, "W2": W2, "b2": b2}\n\n\ndef nn_model',
         '    return {"W1": W1, "b1": b1, "W2": W2, "b2": parameters["b2"]}\n\n\ndef nn_model',
         ('"b2": parameters["b2"]}', "b2 = b2 - ")),
        ("parameter_objects", "return [self.weight, self.bias]", "return [self.weight]",
         ("return [self.weight]", "self.bias.grad +=", "p.data -= ")),
        ("list_params_mlp", "            params = [p - lr", "            new_params = [p - lr"),
        ("outer_products", "self.b_hidden -= eta * delta_hidden",
         "self.b_hidden - eta * delta_hidden"),
        ("layer_dicts_adam", _ADAM_LOOP, _ADAM_HALF,
         ('for k in ("W",)', "layer[k] -=", 'layer["db"] = ')),
        ("tide_tuples", "        params, caches, loss = step(", "        _, caches, loss = step(",
         ("_, caches, loss", "params = Params(*(p")),
        ("ring_globals", "    w_ih = w_ih - alpha", "    w_ih_new = w_ih - alpha"),
        ("squared_hinge_ova", "            self.v_b = 0.5", "            v_b = 0.5",
         ("            v_b = 0.5", "self.b -= ")),
    ),
]  # fmt: skip

UNUSUAL_CLOSED: list[Plant] = [
    *plants(
        "unusual but right", "none",
        # a rate that decays with the iteration
        ("tumour_columns", "update_parameters(parameters, grads, learning_rate)\n        if",
         "update_parameters(parameters, grads, learning_rate * 0.99 ** i)\n        if"),
        # Nesterov's momentum
        ("parameter_objects", "p.data -= self.lr * buf",
         "p.data -= self.lr * (p.grad + self.momentum * buf)"),
        # a sum over all classes, kept from log(0)
        ("outer_products", "-np.log(out[t.argmax()])", "-np.sum(t * np.log(out + 1e-12))"),
        # a relu's output has the sign of its input
        ("layer_dicts_adam", '(self.layers[i - 1]["z"] > 0)', '(layer["x"] > 0)'),
        # a scale-free optimizer does not mind a sum
        ("tide_tuples", "np.where(np.abs(r) < DELTA, r, DELTA * np.sign(r)) / len(y)",
         "np.clip(r, -DELTA, DELTA)"),
        # the mean of squares by way of the norm
        ("ring_globals", "((inside - out_o) ** 2).mean()",
         "np.linalg.norm(inside - out_o) ** 2 / 80"),
        # another momentum for the bias
        ("squared_hinge_ova", "0.5 * self.v_b", "0.9 * self.v_b"),
    ),
]  # fmt: skip

CLOSED = [*CLOSED1, *CLOSED2]
__all__ = ["CLOSED", "CLOSED1", "CLOSED2", "UNUSUAL_CLOSED"]
