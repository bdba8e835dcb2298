"""A batch's gradient as a sum over its examples, column vectors, one hidden layer, sigmoid and softmax."""
import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


class Net:
    def __init__(self, n_in, n_hidden, n_out):
        self.wih = np.random.normal(0.0, n_in ** -0.5, (n_hidden, n_in))
        self.bh = np.zeros((n_hidden, 1))
        self.who = np.random.normal(0.0, n_hidden ** -0.5, (n_out, n_hidden))
        self.bo = np.zeros((n_out, 1))

    def train_batch(self, batch, lr):
        d_wih, d_bh = np.zeros_like(self.wih), np.zeros_like(self.bh)
        d_who, d_bo = np.zeros_like(self.who), np.zeros_like(self.bo)
        loss = 0.0
        for inputs_list, target in batch:
            inputs = np.array(inputs_list, ndmin=2).T
            hidden = sigmoid(np.dot(self.wih, inputs) + self.bh)
            final = softmax(np.dot(self.who, hidden) + self.bo)
            targets = np.zeros_like(final)
            targets[target] = 1
            loss -= np.sum(targets * np.log(final))

            output_errors = final - targets
            hidden_errors = np.dot(self.who.T, output_errors) * hidden * (1 - hidden)
            d_who += np.dot(output_errors, hidden.T)
            d_bo += output_errors
            d_wih += np.dot(hidden_errors, inputs.T)
            d_bh += hidden_errors
        n = len(batch)
        self.wih -= lr * d_wih / n
        self.bh -= lr * d_bh / n
        self.who -= lr * d_who / n
        self.bo -= lr * d_bo / n
        return loss / n


np.random.seed(13)
classes = np.random.randint(0, 3, 48)
records = np.random.randn(48, 3) + 1.2 * np.eye(3)[classes]
data = list(zip(records.tolist(), classes))
net = Net(3, 5, 3)
for epoch in range(20):
    losses = [net.train_batch(data[k:k + 12], lr=0.8) for k in range(0, 48, 12)]
    if epoch % 5 == 0:
        print("epoch", epoch, "loss", sum(losses) / len(losses))
