"""The sixth sowing's second open batch: four programs more, shown to those who mended."""

from __future__ import annotations

from tests.auditing.planted.plant import Plant, plants

OPEN3: list[Plant] = [
    *plants(
        "difference taken the other way round", "sign",
        ("salary_line", "m_gradient += -(2 / n) * x * (y - (m * x + b))",
         "m_gradient += -(2 / n) * x * ((m * x + b) - y)"),
        ("layer_records", "dA = 2 * (Y_hat - Y) / m", "dA = 2 * (Y - Y_hat) / m"),
        ("review_generator", "error = (p - y) / len(y)", "error = (y - p) / len(y)"),
        ("poly_lists", "gradient[k] += 2 * e * x ** k / N", "gradient[k] += -2 * e * x ** k / N"),
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("salary_line", "new_b = b - learning_rate", "new_b = b + learning_rate"),
        ("layer_records", 'layer["b"] -= learning_rate', 'layer["b"] += learning_rate'),
    ),
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("salary_line", "b_gradient += -(2 / n) * (y", "b_gradient += -2 * (y"),
        ("layer_records", "np.sum(dZ, axis=1, keepdims=True)", "np.mean(dZ, axis=1, keepdims=True)"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "learning rate forgotten for one parameter", "factor",
        ("salary_line", "new_b = b - learning_rate * b_gradient", "new_b = b - b_gradient"),
        ("layer_records", 'layer["b"] -= learning_rate * layer["db"]', 'layer["b"] -= layer["db"]'),
    ),
    *plants(
        "a gradient of the wrong array", "wrong-array",
        ("salary_line", "m_gradient += -(2 / n) * x * (y", "m_gradient += -(2 / n) * y * (y"),
        ("poly_lists", "2 * e * x ** k / N", "2 * e * x / N"),
    ),
    *plants(
        "the gradient of another parameter", "wrong-gradient",
        ("salary_line", "m - learning_rate * m_gradient", "m - learning_rate * b_gradient"),
        ("review_generator", 'grads["b1"] = delta.sum(axis=0)', 'grads["b1"] = grads["w2"]'),
    ),
    *plants(
        "another loss printed than descended", "other-loss",
        ("salary_line", "total += (y - (m * x + b)) ** 2", "total += abs(y - (m * x + b))",
         ("total += abs", "return total /", "b_gradient += ", "m_gradient += ", "compute_error(b, m, points))")),  # noqa: E501 - a sentence or a table row
        ("poly_lists", "cost = sum(e ** 2 for", "cost = sum(e ** 4 for",
         ("cost = sum", "gradient[k] += 2 * e", "print(step, cost)")),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("salary_line", "return new_b, new_m", "return b, new_m",
         ("return b, new_m", "new_b = b - ", "b, m = step_gradient")),
        ("review_generator", "setattr(self, name, getattr(self, name) - step)",
         "value = getattr(self, name) - step"),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("layer_records", 'dZ = activate_backward(layer["activation"], dA, layer["Z"])', "dZ = dA"),
        ("review_generator", "delta = back * self.h * (1 - self.h)", "delta = back"),
    ),
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("layer_records", 'activate_backward(layer["activation"], dA, layer["Z"])',
         'activate_backward(layer["activation"], dA, activate(layer["activation"], layer["Z"]))'),
        ("review_generator", "back * self.h * (1 - self.h)",
         "back * sigmoid(self.h) * (1 - sigmoid(self.h))"),
    ),
    *plants(
        "half of an activation's derivative", "derivative-wrong",
        ("layer_records", "return dA * s * (1 - s)", "return dA * (1 - s)"),
    ),
    *plants(
        "derivative of another activation", "derivative-wrong",
        ("review_generator", "back * self.h * (1 - self.h)", "back * (1 - self.h ** 2)"),
    ),
    *plants(
        "bias gradient summed to one number", "bias-sum",
        ("layer_records", "np.sum(dZ, axis=1, keepdims=True)", "np.sum(dZ)"),
        ("review_generator", 'grads["b1"] = delta.sum(axis=0)', 'grads["b1"] = delta.sum()'),
    ),
    *plants(
        "weight gradient taken before the activation's derivative", "wrong-array",
        ("layer_records", 'dZ @ layer["A_prev"].T', 'dA @ layer["A_prev"].T'),
        ("review_generator", "X.T @ delta", "X.T @ back"),
    ),
    *plants(
        "the derivative of another loss than the printed one", "other-loss",
        ("review_generator", "error = (p - y) / len(y)", "error = (p - y) * p * (1 - p) / len(y)"),
    ),
    *plants(
        "a penalty in the printed cost, left out of the gradient", "penalty",
        ("poly_lists", "        gradient[k] += 2 * ridge * coefficients[k]\n", "        pass\n",
         ("gradient[k] += 2 * e", "pass", "coefficients[k] -= ")),
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("poly_lists", "gradient[k] += 2 * ridge", "gradient[k] += 20 * ridge"),
    ),
    *plants(
        "gradients of earlier passes added up", "accumulates",
        ("poly_lists", "    gradient = [0.0] * (DEGREE + 1)\n",
         "    gradient = gradient if step else [0.0] * (DEGREE + 1)\n",
         ("gradient = gradient if", "gradient[k] += ")),
    ),
]  # fmt: skip
