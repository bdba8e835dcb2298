"""Beginner's network with every weight a number of its own: two inputs, two hidden neurons, one output."""
import numpy as np


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def deriv_sigmoid(x):
    fx = sigmoid(x)
    return fx * (1 - fx)


def mse_loss(y_true, y_pred):
    return ((y_true - y_pred) ** 2).mean()


class OurNetwork:
    def __init__(self):
        rng = np.random.RandomState(12)
        self.w1, self.w2, self.w3, self.w4, self.w5, self.w6 = rng.normal(size=6)
        self.b1, self.b2, self.b3 = rng.normal(size=3)

    def feedforward(self, x):
        h1 = sigmoid(self.w1 * x[0] + self.w2 * x[1] + self.b1)
        h2 = sigmoid(self.w3 * x[0] + self.w4 * x[1] + self.b2)
        return sigmoid(self.w5 * h1 + self.w6 * h2 + self.b3)

    def train(self, data, all_y_trues, learn_rate=0.3, epochs=30):
        for epoch in range(epochs):
            for x, y_true in zip(data, all_y_trues):
                sum_h1 = self.w1 * x[0] + self.w2 * x[1] + self.b1
                h1 = sigmoid(sum_h1)
                sum_h2 = self.w3 * x[0] + self.w4 * x[1] + self.b2
                h2 = sigmoid(sum_h2)
                sum_o1 = self.w5 * h1 + self.w6 * h2 + self.b3
                y_pred = sigmoid(sum_o1)

                # --- partial derivatives: d_L_d_w1 is "dL / dw1"
                d_L_d_sum = -2 * (y_true - y_pred) * deriv_sigmoid(sum_o1)
                d_L_d_h1 = d_L_d_sum * self.w5 * deriv_sigmoid(sum_h1)
                d_L_d_h2 = d_L_d_sum * self.w6 * deriv_sigmoid(sum_h2)

                # neuron h1
                self.w1 -= learn_rate * d_L_d_h1 * x[0]
                self.w2 -= learn_rate * d_L_d_h1 * x[1]
                self.b1 -= learn_rate * d_L_d_h1
                # neuron h2
                self.w3 -= learn_rate * d_L_d_h2 * x[0]
                self.w4 -= learn_rate * d_L_d_h2 * x[1]
                self.b2 -= learn_rate * d_L_d_h2
                # neuron o1
                self.w5 -= learn_rate * d_L_d_sum * h1
                self.w6 -= learn_rate * d_L_d_sum * h2
                self.b3 -= learn_rate * d_L_d_sum

            if epoch % 10 == 0:
                y_preds = np.apply_along_axis(self.feedforward, 1, data)
                loss = mse_loss(all_y_trues, y_preds)
                print("Epoch %d loss: %.3f" % (epoch, loss))


# weight (minus 60 kg) and height (minus 170 cm), in tens
data = np.array([[-0.2, -0.1], [2.5, 0.6], [1.7, 0.4], [-1.5, -0.6], [0.8, 0.9], [-0.7, -1.2]])
all_y_trues = np.array([1, 0, 0, 1, 0, 1])
network = OurNetwork()
network.train(data, all_y_trues)
