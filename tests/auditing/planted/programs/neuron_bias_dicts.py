# Backpropagation in pure Python, no numpy: every neuron is a dictionary
import math
import random

random.seed(7)


def make_layer(n_inputs, n_neurons):
    return [{"weights": [random.uniform(-1, 1) for _ in range(n_inputs)], "bias": random.uniform(-1, 1)}
            for _ in range(n_neurons)]


def sigmoid(x):
    return 1.0 / (1.0 + math.exp(-x))


def forward(network, row):
    inputs = row
    for layer in network:
        outputs = []
        for neuron in layer:
            total = neuron["bias"]
            for w, x in zip(neuron["weights"], inputs):
                total += w * x
            neuron["output"] = sigmoid(total)
            outputs.append(neuron["output"])
        inputs = outputs
    return inputs


def backward(network, expected):
    output_layer = network[-1]
    for k, neuron in enumerate(output_layer):
        error = expected[k] - neuron["output"]
        neuron["delta"] = error * neuron["output"] * (1.0 - neuron["output"])
    for i in range(len(network) - 2, -1, -1):
        for j, neuron in enumerate(network[i]):
            blame = 0.0
            for next_neuron in network[i + 1]:
                blame += next_neuron["weights"][j] * next_neuron["delta"]
            neuron["delta"] = blame * neuron["output"] * (1.0 - neuron["output"])


def update(network, row, l_rate):
    inputs = row
    for layer in network:
        for neuron in layer:
            for j in range(len(inputs)):
                neuron["weights"][j] += l_rate * neuron["delta"] * inputs[j]
            neuron["bias"] += l_rate * neuron["delta"]
        inputs = [neuron["output"] for neuron in layer]


# two clouds of points
data = []
for _ in range(16):
    label = random.randint(0, 1)
    data.append(([random.gauss(1.5 * label, 0.7), random.gauss(-1.0 * label, 0.7)], label))

network = [make_layer(2, 3), make_layer(3, 2)]
for epoch in range(10):
    sum_error = 0.0
    for row, label in data:
        outputs = forward(network, row)
        expected = [1.0 if k == label else 0.0 for k in range(2)]
        sum_error += sum(0.5 * (e - o) ** 2 for e, o in zip(expected, outputs))
        backward(network, expected)
        update(network, row, 0.5)
    print("epoch %d  error %.4f" % (epoch, sum_error))
