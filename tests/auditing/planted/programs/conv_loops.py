"""A convolutional network for beginners: 3x3 filters by loops, max pooling, softmax; one image at a time."""
import numpy as np

rng = np.random.RandomState(2)


class Conv3x3:
    def __init__(self, num_filters):
        self.num_filters = num_filters
        self.filters = rng.randn(num_filters, 3, 3) / 3

    def iterate_regions(self, image):
        h, w = image.shape
        for i in range(h - 2):
            for j in range(w - 2):
                yield image[i:i + 3, j:j + 3], i, j

    def forward(self, image):
        self.last_input = image
        h, w = image.shape
        output = np.zeros((h - 2, w - 2, self.num_filters))
        for region, i, j in self.iterate_regions(image):
            output[i, j] = np.sum(region * self.filters, axis=(1, 2))
        return output

    def backprop(self, d_out, learn_rate):
        d_filters = np.zeros(self.filters.shape)
        for region, i, j in self.iterate_regions(self.last_input):
            for f in range(self.num_filters):
                d_filters[f] += d_out[i, j, f] * region
        self.filters -= learn_rate * d_filters


class MaxPool2:
    def forward(self, maps):
        self.last_input = maps
        h, w, f = maps.shape
        output = np.zeros((h // 2, w // 2, f))
        for i in range(h // 2):
            for j in range(w // 2):
                output[i, j] = np.amax(maps[2 * i:2 * i + 2, 2 * j:2 * j + 2], axis=(0, 1))
        self.last_output = output
        return output

    def backprop(self, d_out):
        d_input = np.zeros(self.last_input.shape)
        for i in range(d_out.shape[0]):
            for j in range(d_out.shape[1]):
                block = self.last_input[2 * i:2 * i + 2, 2 * j:2 * j + 2]
                is_max = block == self.last_output[i, j]
                d_input[2 * i:2 * i + 2, 2 * j:2 * j + 2] = is_max * d_out[i, j]
        return d_input


class Softmax:
    def __init__(self, input_len, nodes):
        self.weights = rng.randn(input_len, nodes) / np.sqrt(input_len)
        self.biases = np.zeros(nodes)

    def forward(self, x):
        self.last_shape = x.shape
        self.last_input = x.flatten()
        totals = self.last_input.dot(self.weights) + self.biases
        exp = np.exp(totals)
        return exp / exp.sum()

    def backprop(self, d_totals, learn_rate):
        d_weights = np.outer(self.last_input, d_totals)
        d_inputs = self.weights.dot(d_totals)
        self.weights -= learn_rate * d_weights
        self.biases -= learn_rate * d_totals
        return d_inputs.reshape(self.last_shape)


def bars(n):
    labels = rng.randint(0, 3, n)
    images = rng.rand(n, 6, 6) * 0.4
    for image, label in zip(images, labels):
        at = rng.randint(1, 5)
        if label == 0:
            image[at] += 1
        elif label == 1:
            image[:, at] += 1
        else:
            image += np.eye(6)
    return images - 0.4, labels


images, labels = bars(30)
conv = Conv3x3(3)
pool = MaxPool2()
softmax = Softmax(2 * 2 * 3, 3)


def train(image, label, lr=0.05):
    out = softmax.forward(pool.forward(conv.forward(image)))
    loss = -np.log(out[label])
    gradient = out.copy()
    gradient[label] -= 1
    gradient = softmax.backprop(gradient, lr)
    gradient = pool.backprop(gradient)
    conv.backprop(gradient, lr)
    return loss, int(np.argmax(out) == label)


for epoch in range(4):
    loss = 0
    num_correct = 0
    for i, (image, label) in enumerate(zip(images, labels)):
        value, correct = train(image, label)
        print("epoch %d step %d: loss %.3f" % (epoch, i, value))
        loss += value
        num_correct += correct
    print("epoch %d: average loss %.3f, accuracy %d/%d" % (epoch, loss / len(images), num_correct, len(images)))
