"""The fourth sowing: new programs in the styles of public code, three to five faults in each.

Written blind: the sower has not read how the audit finds faults. Lines and causes were fixed before
the run; fourth_run.txt keeps it as it fell, batch by batch, since the misses of one batch were read
and mended while the next was written. The batches of fourth_last.py were shown to nobody before
their run at the end. (There is no batch 8: it was seven clean programs.)
"""

from __future__ import annotations

from tests.auditing.planted.fourth_last import BATCH5, BATCH6, BATCH9
from tests.auditing.planted.fourth_late import BATCH4, BATCH7
from tests.auditing.planted.plant import Plant, plants

BATCH1: list[Plant] = [
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("course_momentum", "np.multiply(da2, np.int64(a2 > 0))", "np.multiply(da2, np.int64(da2 > 0))"),  # noqa: E501 - a sentence or a table row
        ("sequential_adam", "np.where(self.x > 0, 1, self.alpha)", "np.where(grad_output > 0, 1, self.alpha)"),  # noqa: E501 - a sentence or a table row
        ("multilabel_swish", "d_act * swish_grad(pre)", "d_act * swish_grad(act)"),
    ),
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("course_momentum", "dW2 = np.dot(dz2, a1.T)", "dW2 = 1. / m * np.dot(dz2, a1.T)"),
        ("pm_logistic", "gb = s.sum() / N", "gb = s.sum()"),
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("course_momentum", "lambd / m * W1", "lambd * W1"),
        ("iris_softmax", "dW += reg * W", "dW += 2 * reg * W"),
        ("pm_logistic", "gw = X.T @ s / N + lam * w", "gw = X.T @ s / N + lam / N * w"),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("course_momentum", 'parameters["b" + str(l + 1)] = parameters', "b = parameters"),
        ("iris_softmax", "self.W -= learning_rate * grad", "self.w = self.W - learning_rate * grad"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "averaged twice", "mean-twice",
        ("course_momentum", "dz3 = 1. / m * (a3 - Y)", "dz3 = 1. / m ** 2 * (a3 - Y)"),
    ),
    *plants(
        "another loss printed than descended", "other-loss",
        ("iris_softmax", "np.sum(-np.log(probs[np.arange(num_train), y]))", "np.sum(-np.log(probs))",  # noqa: E501 - a sentence or a table row
         ("loss = np.sum(-np.log(probs))", "probs[np.arange(num_train), y] -= 1", "dW = X.T.dot(probs)")),  # noqa: E501 - a sentence or a table row
        ("pm_logistic", "np.log1p(np.exp(-margins)).mean()", "np.maximum(0, 1 - margins).mean()",
         ("np.maximum(0, 1 - margins)", "s = -t / (1 +")),
    ),
    *plants(
        "the derivative of another loss than the printed one", "other-loss",
        ("multilabel_swish", "d_logits = (probs - tags) / n",
         "d_logits = (probs - tags) * probs * (1 - probs) / n"),
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("iris_softmax", "self.W -= learning_rate * grad", "self.W += learning_rate * grad"),
        ("pm_logistic", "s = -t / (1 + np.exp(margins))", "s = t / (1 + np.exp(margins))"),
    ),
    *plants(
        "derivative of another activation", "derivative-wrong",
        ("sequential_adam", "(1 - self.out ** 2)", "self.out * (1 - self.out)"),
        ("multilabel_swish", "return s + x * s * (1.0 - s)", "return s * (1.0 - s)"),
    ),
    *plants(
        "bias gradient summed to one number", "bias-sum",
        ("sequential_adam", "np.sum(grad_output, axis=0, keepdims=True)", "np.sum(grad_output, keepdims=True)"),  # noqa: E501 - a sentence or a table row
        ("multilabel_swish", "d_b_in = d_pre.sum(axis=0)", "d_b_in = d_pre.sum()"),
    ),
    *plants(
        "the gradient of another parameter", "wrong-gradient",
        ("sequential_adam", "g = layer.grads[k]", 'g = layer.grads["b"]'),
    ),
    *plants(
        "gradients of earlier passes added up", "accumulates",
        ("sequential_adam", 'self.grads["W"] = np.matmul(self.x.T, grad_output)',
         'self.grads["W"] = self.grads.get("W", 0) + np.matmul(self.x.T, grad_output)'),
    ),
]  # fmt: skip

_GRAM_BACK = """        dh = np.dot(self.w2, e)
        dw1 = np.outer(x, dh)
        self.w1 -= self.lr * dw1
        self.w2 -= self.lr * dw2
"""
_GRAM_EARLY = """        self.w2 -= self.lr * dw2
        dh = np.dot(self.w2, e)
        dw1 = np.outer(x, dh)
        self.w1 -= self.lr * dw1
"""
_FUNK_BACK = """            dP = -err * Q[i] + reg * P[u]
            dQ = -err * P[u] + reg * Q[i]
            dbu = -err + reg * bu[u]
            dbi = -err + reg * bi[i]

            P[u] -= lr * dP
            Q[i] -= lr * dQ
"""
_FUNK_EARLY = """            dbu = -err + reg * bu[u]
            dbi = -err + reg * bi[i]

            P[u] -= lr * (-err * Q[i] + reg * P[u])
            Q[i] -= lr * (-err * P[u] + reg * Q[i])
"""
_SYN_BACK = """    l2_error = l3_delta.dot(syn2.T)
    l2_delta = l2_error * nonlin(l2, deriv=True)
    l1_error = l2_delta.dot(syn1.T)
    l1_delta = l1_error * nonlin(l1, deriv=True)

    syn2 += alpha * l2.T.dot(l3_delta)
"""
_SYN_EARLY = """    syn2 += alpha * l2.T.dot(l3_delta)
    l2_error = l3_delta.dot(syn2.T)
    l2_delta = l2_error * nonlin(l2, deriv=True)
    l1_error = l2_delta.dot(syn1.T)
    l1_delta = l1_error * nonlin(l1, deriv=True)

"""
BATCH2: list[Plant] = [
    *plants(
        "weights overwritten before the backward pass reads them", "overwritten",
        ("skipgram", _GRAM_BACK, _GRAM_EARLY, ("self.w2 -= self.lr", "dh = np.dot(self.w2, e)")),
        ("funk_svd", _FUNK_BACK, _FUNK_EARLY, ("P[u] -= lr", "Q[i] -= lr")),
        ("online_sgd", "bias = bias - lr * grad_b",
         "bias = bias - lr * 2 * (np.dot(xi, weights) + bias - target)",
         ("bias = bias - lr", "weights = weights - lr")),
        ("syn_layers", _SYN_BACK, _SYN_EARLY, ("syn2 += alpha", "l2_error = l3_delta.dot(syn2.T)")),
    ),
    *plants(
        "difference taken the other way round", "sign",
        ("skipgram", "error = count * y_pred - context", "error = context - count * y_pred"),
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("funk_svd", "dbi = -err + reg", "dbi = err + reg"),
        ("online_sgd", "bias = bias - lr * grad_b", "bias = bias + lr * grad_b"),
    ),
    *plants(
        "a gradient of the wrong array", "wrong-array",
        ("skipgram", "dw1 = np.outer(x, dh)", "dw1 = np.outer(x, h)"),
        ("denoising_tied", "np.dot(noisy.T, d_a)", "np.dot(clean.T, d_a)"),
        ("online_sgd", "grad_w = 2 * error * xi", "grad_w = 2 * error * X[epoch]"),
        ("conv1d", "dv = pooled.T @ dlogit", "dv = conv.mean(axis=1).T @ dlogit"),
        ("syn_layers", "l1.T.dot(l2_delta)", "l1.T.dot(l1_delta)"),
    ),
    *plants(
        "another loss printed than descended", "other-loss",
        ("skipgram", "+ count * np.log(np.sum(np.exp(u)))", "+ np.log(np.sum(np.exp(u)))",
         ("np.log(np.sum(np.exp(u)))", "error = count * y_pred")),
        ("online_sgd", "sse += error ** 2", "sse += abs(error)", ("sse += abs(error)", "grad_w = 2")),  # noqa: E501 - a sentence or a table row
        ("syn_layers", "l3_delta = l3_error * nonlin(l3, deriv=True)", "l3_delta = l3_error"),
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("funk_svd", "dbu = -err + reg * bu[u]", "dbu = -err - reg * bu[u]"),
        ("funk_svd", "-err * P[u] + reg * Q[i]", "-err * P[u] + reg * P[u]"),
    ),
    *plants(
        "the gradient of another parameter", "wrong-gradient",
        ("funk_svd", "Q[i] -= lr * dQ", "Q[i] -= lr * dP"),
    ),
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("conv1d", "act.shape[1], axis=1) / act.shape[1]", "act.shape[1], axis=1)"),
    ),
    *plants(
        "bias gradient summed to one number", "bias-sum",
        ("conv1d", "dconv.sum(axis=(0, 1))", "dconv.sum()"),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("conv1d", "dconv = dact * (conv > 0)", "dconv = dact"),
    ),
    *plants(
        "the network's input as target", "target-is-input",
        ("denoising_tied", "err = recon - clean", "err = recon - noisy"),
    ),
    *plants(
        "derivative of a hidden activation applied twice", "derivative-twice",
        ("denoising_tied", "np.dot(noisy.T, d_a)", "np.dot(noisy.T, d_a * h * (1 - h))"),
    ),
    *plants(
        "averaged twice", "mean-twice",
        ("denoising_tied", "d_recon = err / len(clean)", "d_recon = err / len(clean) ** 2"),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("online_sgd", "weights = weights - lr * grad_w", "new_weights = weights - lr * grad_w"),
    ),
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("syn_layers", "l2_error * nonlin(l2, deriv=True)", "l2_error * nonlin(l1.dot(syn1), deriv=True)"),  # noqa: E501 - a sentence or a table row
    ),
    *plants(
        "a square matrix the wrong way round", "transposed",
        ("syn_layers", "l2_delta.dot(syn1.T)", "l2_delta.dot(syn1)"),
    ),
]  # fmt: skip

BATCH3: list[Plant] = [
    *plants(
        "a square matrix the wrong way round", "transposed",
        ("sequence_rnn", "dh = dpre @ self.Wh.T", "dh = dpre @ self.Wh"),
    ),
    *plants(
        "a gradient of the wrong array", "wrong-array",
        ("sequence_rnn", "self.h[t].T @ dpre", "self.h[t + 1].T @ dpre"),
        ("multiclass_svm", "dW[:, j] += X[i]", "dW[:, j] += X[j]"),
        ("gaussian_nll", "g_logvar @ p['Wv'].T", "g_logvar @ p['Wm'].T"),
        ("elu_rmsprop", "dW2 = A1.T @ dZ2", "dW2 = Z1.T @ dZ2"),
    ),
    *plants(
        "derivative of the activation at the wrong argument", "derivative-argument",
        ("sequence_rnn", "(1 - self.h[t + 1] ** 2)", "(1 - self.h[t] ** 2)"),
        ("elu_rmsprop", "dout @ W3.T * delu(Z2)", "dout @ W3.T * delu(A2)"),
    ),
    *plants(
        "derivative of a hidden activation forgotten", "derivative-missing",
        ("sequence_rnn", "dh = dpre @ self.Wh.T", "dh = dh @ self.Wh.T"),
        ("mlp_lists", "delta = (delta @ weights[i].T) * (activations[i] > 0)",
         "delta = delta @ weights[i].T"),
        ("gaussian_nll", "g_pre = g_h * (1 - h ** 2)", "g_pre = g_h"),
    ),
    *plants(
        "one parameter's gradient without, or with another, 1/m", "factor",
        ("sequence_rnn", 'grads["by"] = dlogit.sum(axis=0)', 'grads["by"] = dlogit.mean(axis=0)'),
        ("multiclass_svm", "    db /= num_train\n", "",
         ("db[j] += 1", "db[y[i]] -= 1", "b -= learning_rate * db", "dW /= num_train")),
        ("gaussian_nll", "g_logvar = 0.5 * (1 -", "g_logvar = (1 -"),
        ("adaline", "errors.sum()", "errors.mean()"),
    ),
    *plants(
        "learning rate forgotten for one parameter", "factor",
        ("mlp_lists", "biases[i] += mu * v_b[i] - lr * gb[i]", "biases[i] += mu * v_b[i] - gb[i]"),
    ),
    *plants(
        "penalty gradient off", "penalty",
        ("mlp_lists", "+ weight_decay * weights[i]", "- weight_decay * weights[i]"),
        ("multiclass_svm", "dW += 2 * reg * W", "dW += reg * W"),
    ),
    *plants(
        "only the diagonal of the softmax Jacobian", "softmax-diagonal",
        ("mlp_lists", "delta = (activations[-1] - t) / len(t)",
         "delta = (activations[-1] - t) * activations[-1] * (1 - activations[-1]) / len(t)"),
    ),
    *plants(
        "update with the wrong sign", "sign",
        ("multiclass_svm", "dW[:, y[i]] -= X[i]", "dW[:, y[i]] += X[i]"),
    ),
    *plants(
        "difference taken the other way round", "sign",
        ("adaline", "errors = (y - output)", "errors = (output - y)"),
        ("elu_rmsprop", "dout = 2 * (out - yb)", "dout = 2 * (yb - out)"),
    ),
    *plants(
        "another activation, its derivative forgotten at the output", "other-loss",
        ("adaline", "        return X\n", "        return np.tanh(X)\n",
         ("return np.tanh(X)", "errors = (y - output)", "self.w_[1:] +=", "cost = (errors")),
    ),
    *plants(
        "derivative of another activation", "derivative-wrong",
        ("elu_rmsprop", "np.where(z > 0, 1.0, a * np.exp(z))", "np.where(z > 0, 1.0, 0.0)"),
    ),
    *plants(
        "an update that is never written back", "never-written",
        ("elu_rmsprop", "params[i] -= lr * g", "params[i] = params[i] - lr * g"),
    ),
]  # fmt: skip

UNSEEN = [*BATCH5, *BATCH6, *BATCH9]
FOURTH = [*BATCH1, *BATCH2, *BATCH3, *BATCH4, *BATCH7, *UNSEEN]
