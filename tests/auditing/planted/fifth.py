"""A fifth sowing: 20 more programs as they are found in public code, in styles of their own.

Written blind, as the fourth: the sower has not read how the audit finds faults, and each program's
gradients were compared with central differences of the cost that it prints before anything was
planted. Lines and causes were fixed before the run; fifth_run.txt keeps it as it fell. The misses
of batches 1 and 2 were then shown; those of fifth_last.py, and its programs, were shown to nobody
before their run at the end.
"""

from __future__ import annotations

from tests.auditing.planted.fifth_last import BATCH3, BATCH4, BATCH5, UNSEEN
from tests.auditing.planted.plant import Plant, plants

_BIAS_RESET = """        for i in range(self.n_iters):
            grad_w = [0.0] * len(self.weights)
            grad_b = 0.0
"""
_BIAS_KEPT = """        grad_b = 0.0
        for i in range(self.n_iters):
            grad_w = [0.0] * len(self.weights)
"""
BATCH1: list[Plant] = [
    *plants(
        "mask of a relu the wrong way round", "derivative-wrong",
        ("spiral_objects", "self.dinputs[self.inputs <= 0] = 0", "self.dinputs[self.inputs > 0] = 0"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "averaged twice", "mean-twice",
        ("spiral_objects", "self.dinputs / samples", "self.dinputs / samples ** 2"),
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("spiral_objects", "+= 2 * self.weight_l2 * self.weights", "+= self.weight_l2 * self.weights"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "a penalty in the printed cost, left out of the gradient", "penalty",
        ("passengers_notebook", "(y_head - y_train).T) / m + lambd / m * w",
         "(y_head - y_train).T) / m"),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("spiral_objects", "dense1.backward(activation1.dinputs)", "dense1.backward(dense2.dinputs)"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("spiral_objects", "layer.biases += bias_updates", "layer.biases -= bias_updates"),
    ),
    *plants(
        "bias gradient summed to one number", "bias-sum",
        ("spiral_objects", "np.sum(dvalues, axis=0, keepdims=True)", "np.sum(dvalues)"),
    ),
    *plants(
        "learning rate forgotten for one parameter", "factor",
        ("house_lists", "self.bias -= self.lr * grad_b", "self.bias -= grad_b"),
    ),
    *plants(
        "a gradient of the wrong array", "wrong-array",
        ("house_lists", "2 / n * error * row[j]", "2 / n * error * row[0]"),
    ),
    *plants(
        "difference taken the other way round", "sign",
        ("house_lists", "error = self.predict_one(row) - target",
         "error = target - self.predict_one(row)"),
    ),
    *plants(
        "gradients of earlier passes added up", "accumulates",
        ("house_lists", _BIAS_RESET, _BIAS_KEPT, ("grad_b = 0.0", "grad_b += 2 / n")),
    ),
    *plants(
        "another loss printed than descended", "other-loss",
        ("house_lists", "cost += error ** 2 / n", "cost += abs(error) / n",
         ("cost += abs(error)", "grad_w[j] += 2", "grad_b += 2")),
        ("passengers_notebook",
         "loss = -y_train * np.log(y_head) - (1 - y_train) * np.log(1 - y_head)",
         "loss = (y_head - y_train) ** 2",
         ("loss = (y_head", "cost = np.sum(loss)", "derivative_weight = np", "derivative_bias = np")),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("house_lists", "grad_b += 2 / n * error", "grad_b += error / n"),
        ("passengers_notebook", "np.sum(y_head - y_train) / m", "np.mean(y_head - y_train) / m"),
    ),
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("tuple_grads", "np.where(z1 > 0, 1.0, SLOPE)", "np.where(h2 > 0, 1.0, SLOPE)"),
    ),
    *plants(
        "a square matrix the wrong way round", "transposed",
        ("tuple_grads", "(d2 @ W2.T)", "(d2 @ W2)"),
    ),
    *plants(
        "slope of a leaky relu for a plain one", "derivative-wrong",
        ("tuple_grads", "np.where(z1 > 0, 1.0, SLOPE)", "(z1 > 0)"),
    ),
    *plants(
        "only the diagonal of the softmax Jacobian", "softmax-diagonal",
        ("tuple_grads", "d3 = (probs - targets) / len(targets)",
         "d3 = (probs - targets) * probs * (1 - probs) / len(targets)"),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("tuple_grads", "params = sgd(params", "new_params = sgd(params"),
    ),
    *plants(
        "a weight's update that is never written back", "never-written",
        ("passengers_notebook", "w = w - learning_rate * grad", "w_new = w - learning_rate * grad"),
    ),
]  # fmt: skip

_FACTORS = """            U_grad = E.dot(self.V) + self.lam * self.U
            V_grad = E.T.dot(self.U) + self.lam * self.V
            bu_grad = E.sum(axis=1)
            bi_grad = E.sum(axis=0)
            self.U -= lr * U_grad
"""
_FACTORS_EARLY = """            U_grad = E.dot(self.V) + self.lam * self.U
            self.U -= lr * U_grad
            V_grad = E.T.dot(self.U) + self.lam * self.V
            bu_grad = E.sum(axis=1)
            bi_grad = E.sum(axis=0)
"""
_DENSE_BACK = """        d_inputs = self.weights.dot(d_totals)
        self.weights -= learn_rate * d_weights
"""
_DENSE_EARLY = """        self.weights -= learn_rate * d_weights
        d_inputs = self.weights.dot(d_totals)
"""
BATCH2: list[Plant] = [
    *plants(
        "weights overwritten before the backward pass reads them", "overwritten",
        ("masked_factors", _FACTORS, _FACTORS_EARLY, ("self.U -= lr * U_grad", "V_grad = E.T.dot")),
        ("conv_loops", _DENSE_BACK, _DENSE_EARLY,
         ("self.weights -= learn_rate", "d_inputs = self.weights.dot")),
    ),
    *plants(
        "a gradient of the wrong array", "wrong-array",
        ("masked_factors", "E.T.dot(self.U) + self.lam", "E.T.dot(U_grad) + self.lam"),
        ("conv_loops", "d_out[i, j, f] * region", "d_out[i, j, f] * self.filters[f]"),
    ),
    *plants(
        "a penalty in the printed cost, left out of the gradient", "penalty",
        ("masked_factors", "V_grad = E.T.dot(self.U) + self.lam * self.V",
         "V_grad = E.T.dot(self.U)"),
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("softplus_outputs", "+ decay * W", "+ 2 * decay * W"),
    ),
    *plants(
        "bias gradient summed to one number", "bias-sum",
        ("masked_factors", "bu_grad = E.sum(axis=1)", "bu_grad = E.sum()"),
        ("estimator_nesterov", "np.sum(delta_h, axis=0)", "np.sum(delta_h)"),
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("masked_factors", "self.bi -= lr * bi_grad", "self.bi += lr * bi_grad"),
    ),
    *plants(
        "gradients of earlier passes added up", "accumulates",
        ("conv_loops", "d_filters = np.zeros(self.filters.shape)",
         'self.d_filters = d_filters = getattr(self, "d_filters", np.zeros(self.filters.shape))',
         ("self.d_filters = d_filters", "d_filters[f] +=")),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("conv_loops", "is_max * d_out[i, j]", "d_out[i, j]",
         ("2 * j:2 * j + 2] = d_out[i, j]",)),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("conv_loops", "self.biases -= learn_rate * d_totals",
         "biases = self.biases - learn_rate * d_totals"),
        ("softplus_outputs", "W -= rate * dW", "W = W - rate * dW"),
    ),
    *plants(
        "derivative of a hidden activation applied twice", "derivative-twice",
        ("estimator_nesterov", "np.dot(X.T, delta_h)", "np.dot(X.T, delta_h * a_h * (1.0 - a_h))"),
    ),
    *plants(
        "the derivative of another loss than the printed one", "other-loss",
        ("estimator_nesterov", "(a_out - y) / y.size * a_out * (1.0 - a_out)",
         "(a_out - y) / y.size"),
    ),
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("estimator_nesterov", "* a_h * (1.0 - a_h)",
         "* self._sigmoid(a_h) * (1.0 - self._sigmoid(a_h))"),
        ("softplus_outputs", "softplus_prime(pre[depth - 1])", "softplus_prime(inputs[depth])"),
    ),
    *plants(
        "averaged twice", "mean-twice",
        ("estimator_nesterov", "/ y.size * a_out", "/ y.size / len(X) * a_out"),
    ),
    *plants(
        "learning rate forgotten for one parameter", "factor",
        ("estimator_nesterov", "self.mu * self.v_b_h - self.eta * grad_b_h",
         "self.mu * self.v_b_h - grad_b_h"),
    ),
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("masked_factors", "bi_grad = E.sum(axis=0)", "bi_grad = E.mean(axis=0)"),
        ("softplus_outputs", "delta.sum(axis=0)", "delta.mean(axis=0)"),
    ),
    *plants(
        "derivative of another activation", "derivative-wrong",
        ("softplus_outputs", "return 1 / (1 + np.exp(-z))",
         "return np.exp(-z) / (1 + np.exp(-z)) ** 2"),
    ),
    *plants(
        "the network's input as target", "target-is-input",
        ("softplus_outputs", "delta = (inputs[-1] - Y) / len(Y)",
         "delta = (inputs[-1] - inputs[0]) / len(Y)"),
    ),
]  # fmt: skip

FIFTH = [*BATCH1, *BATCH2, *UNSEEN]
__all__ = ["BATCH1", "BATCH2", "BATCH3", "BATCH4", "BATCH5", "FIFTH", "UNSEEN"]
