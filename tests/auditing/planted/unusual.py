"""Correct code with unusual scaling: no finding may be made here."""

from __future__ import annotations

from tests.auditing.planted.plant import Plant, plants

UNUSUAL_THIRD: list[Plant] = [
    *plants(
        "unusual but right", "none",
        # a divisor that is neither the batch nor anything else
        ("huber_step", "np.clip(error, -DELTA, DELTA) / len(y)", "np.clip(error, -DELTA, DELTA) / 10"),  # noqa: E501 - a sentence or a table row
        # a constant divisor though the last batch is shorter
        ("layers_list", "return grad / len(self.labels)", "return grad / 32"),
        ("weighted_class", "(self.A2 - y) / len(y)", "(self.A2 - y) / 96"),
        # the learning rate folded into the gradient
        ("float32_class", "        self.W1 -= rate * self.dW1\n        self.b1 -= rate * self.db1\n        self.W2 -= rate * self.dW2\n        self.b2 -= rate * self.db2\n        self.W3 -= rate * self.dW3\n        self.b3 -= rate * self.db3\n",  # noqa: E501 - a sentence or a table row
         "        for name in ('W1', 'b1', 'W2', 'b2', 'W3', 'b3'):\n            gradient = rate * getattr(self, 'd' + name)\n            setattr(self, name, getattr(self, name) - gradient)\n"),  # noqa: E501 - a sentence or a table row
        # the 2 of a square left out, the mean over outputs a sum
        ("autoencoder", "g_out = 2 * (X_hat - X) / n", "g_out = (X_hat - X) / n"),
        ("momentum_lists", "dout = 2 * residual / residual.size", "dout = residual / len(x)"),
        # N − 1
        ("ridge", "    m = len(y)\n    J_history = []", "    m = len(y) - 1\n    J_history = []"),
        ("l1_softmax", "loss = -np.sum(np.log(probs[np.arange(N), y])) / N + lam * np.sum(np.abs(W))",  # noqa: E501 - a sentence or a table row
         "loss = -np.sum(np.log(probs[np.arange(N), y])) + lam * N * np.sum(np.abs(W))"),
        # a mean of each feature's mean
        ("autoencoder", "((X_hat - X) ** 2).sum(axis=1).mean()", "((X_hat - X) ** 2).mean(axis=0).mean()"),  # noqa: E501 - a sentence or a table row
        # cost and gradient scaled together
        ("square_lists", "mse = np.mean((acts[-1] - y) ** 2)", "mse = 255 * np.mean((acts[-1] - y) ** 2)"),  # noqa: E501 - a sentence or a table row
        # decayed rates
        ("logistic_fit", "self.n_iter += 1", "self.n_iter += 1\n            self.lr *= 0.999"),
        ("deep_columns", "update_parameters(parameters, grads, learning_rate)\n        if",
         "update_parameters(parameters, grads, learning_rate / (1 + 0.01 * i))\n        if"),
        # a rate of its own for the bias, by name
        ("poisson_counts", "self.intercept - lr * grad_intercept",
         "self.intercept - 2 * lr * grad_intercept"),
        # scale-free optimizers do not mind a sum
        ("adagrad_dict", "ds = (p - y) / m", "ds = p - y"),
        ("equal_adam", "dZ2 = (self.A2 - Y) / Y.shape[1]", "dZ2 = 100 * (self.A2 - Y)"),
        # the norm of the whole gradient clipped: one factor for all
        ("rmsprop_lists", "            rmsprop(Ws, gWs, sW)\n",
         "            norm = np.sqrt(sum(np.sum(g ** 2) for g in gWs + gbs))\n            scale = min(1.0, 0.1 / norm)\n            gWs, gbs = [g * scale for g in gWs], [g * scale for g in gbs]\n            rmsprop(Ws, gWs, sW)\n"),  # noqa: E501 - a sentence or a table row
        # ½ dropped from the printed cost alone
        ("linear_map", "loss = np.sum(difference ** 2) / 2 / (len(before) - 1)",
         "loss = np.sum(difference ** 2)"),
        # the update divided by the size of the data set instead of the batch
        ("per_example", "    def update_mini_batch(self, mini_batch, eta):\n",
         "    def update_mini_batch(self, mini_batch, eta):\n        eta = eta * len(mini_batch) / 40\n"),  # noqa: E501 - a sentence or a table row
        # Nesterov's momentum
        ("momentum_lists", "            params[i] = params[i] + velocity[i]\n",
         "            params[i] = params[i] + mu * velocity[i] - rate * grads[i]\n"),
        # weights that decay apart from the printed cost (a common habit)
        ("weighted_class", "            self.params[key] -= lr * self.grads[key]\n",
         "            self.params[key] *= 1 - lr * 0.01\n            self.params[key] -= lr * self.grads[key]\n"),  # noqa: E501 - a sentence or a table row
        # the running mean of the loss is what is printed
        ("rnn", '    if n % 30 == 0:\n        print("iter %d, loss: %f" % (n, loss))\n',
         '    smooth_loss = loss if n == 0 else smooth_loss * 0.9 + loss * 0.1\n    if n % 30 == 0:\n        print("iter %d, loss: %f" % (n, smooth_loss))\n'),  # noqa: E501 - a sentence or a table row
        # and its gradient clipped, element by element, far beyond what it reaches
        ("rnn", "        dhnext = np.dot(Whh.T, dhraw)\n",
         "        dhnext = np.dot(Whh.T, dhraw)\n    for dparam in [dWxh, dWhh, dWhy, dbh, dby]:\n        np.clip(dparam, -50, 50, out=dparam)\n"),  # noqa: E501 - a sentence or a table row
    ),
]  # fmt: skip

UNUSUAL_FOURTH: list[Plant] = [
    *plants(
        "unusual but right", "none",
        # rates that decay with the epoch
        ("course_momentum", "grads, v, beta, learning_rate)\n        if",
         "grads, v, beta, learning_rate * 0.99 ** i)\n        if"),
        # a scale-free optimizer does not mind a factor
        ("sequential_adam", "return 2 * self.diff / self.diff.size", "return self.diff"),
        # a mean over the outputs too, the printed one a sum
        ("multilabel_swish", "(probs - tags) / n", "(probs - tags) / probs.size"),
        # both halves left out of the printed cost
        ("funk_svd", "total += 0.5 * err ** 2\n            total += 0.5 * reg *",
         "total += err ** 2\n            total += reg *"),
        # a layer with a rate of its own, by name
        ("conv1d", "K -= learning_rate * dK\n        K_bias -= learning_rate * dK_bias\n",
         "K -= 0.3 * learning_rate * dK\n        K_bias -= 0.3 * learning_rate * dK_bias\n"),
        # sums for means
        ("denoising_tied", "d_recon = err / len(clean)", "d_recon = 0.05 * err"),
        ("elu_rmsprop", "dout = 2 * (out - yb) / len(yb)", "dout = out - yb"),
        # the constant of the normal density
        ("gaussian_nll", "return 0.5 * np.mean(", "return 0.5 * np.log(2 * np.pi) + 0.5 * np.mean("),  # noqa: E501 - a sentence or a table row
        # a wider margin
        ("multiclass_svm", "correct_class_score + 1 ", "correct_class_score + 2 "),
        # smoothed labels
        ("mlp_lists", "T = np.eye(n_classes)[labels]",
         "T = 0.9 * np.eye(n_classes)[labels] + 0.1 / n_classes"),
        # the mean turned into a sum with a smaller rate, in both lines
        ("logreg_class", "(1 / n_samples) * np.dot(X.T, (y_predicted - y))\n            db = (1 / n_samples) * np",  # noqa: E501 - a sentence or a table row
         "np.dot(X.T, (y_predicted - y)) / 64\n            db = 1 / 64 * np"),
        # a metric printed beside the loss
        ("sequence_rnn", "        print(", "        print('accuracy', np.mean((prob > 0.5) == targets))\n        print("),  # noqa: E501 - a sentence or a table row
        # decay apart from the printed cost
        ("residual_net", "p[k] -= lr * velocity[k]", "p[k] -= lr * (velocity[k] + 1e-3 * p[k])"),
    ),
]  # fmt: skip

UNUSUAL_FIFTH: list[Plant] = [
    *plants(
        "unusual but right", "none",
        # momentum with the rate's sign in the other line, in both
        ("spiral_objects",
         "layer.weight_momentums - self.current_learning_rate * layer.dweights\n        layer.weight_momentums = weight_updates\n        bias_updates = self.momentum * layer.bias_momentums - self.current_learning_rate * layer.dbiases\n        layer.bias_momentums = bias_updates\n        layer.weights += weight_updates\n        layer.biases += bias_updates\n",  # noqa: E501 - a sentence or a table row
         "layer.weight_momentums + self.current_learning_rate * layer.dweights\n        layer.weight_momentums = weight_updates\n        bias_updates = self.momentum * layer.bias_momentums + self.current_learning_rate * layer.dbiases\n        layer.bias_momentums = bias_updates\n        layer.weights -= weight_updates\n        layer.biases -= bias_updates\n"),  # noqa: E501 - a sentence or a table row
        # the 2 of the square left out of every gradient
        ("house_lists",
         "grad_w[j] += 2 / n * error * row[j]\n                grad_b += 2 / n * error\n",
         "grad_w[j] += error * row[j] / n\n                grad_b += error / n\n"),
        # a fixed divisor that is no batch's size
        ("tuple_grads", "d3 = (probs - targets) / len(targets)", "d3 = (probs - targets) / 20"),
        # the printed objective for each known rating
        ("masked_factors", "return data + penalty", "return (data + penalty) / M.sum()"),
        # a mean printed, a sum descended
        ("parity_globals", "0.5 * np.sum(error ** 2)", "np.mean(np.square(error))"),
        # a scale-free optimizer does not mind the batch's size
        ("zip_batches_adam", "grad = (np.exp(logp) - one_hot) / len(logits)",
         "grad = np.exp(logp) - one_hot"),
        # the whole gradient doubled
        ("sparse_flat", "grad = np.concatenate((W1grad", "grad = 2 * np.concatenate((W1grad"),
        # a rate that falls to nothing, in the update line
        ("scalar_engine", "-0.03 * p.grad", "-0.002 * (20 - k) * p.grad"),
    ),
]  # fmt: skip
