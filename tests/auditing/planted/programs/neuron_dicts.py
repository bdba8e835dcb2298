# Backpropagation with plain lists: a network is a list of layers, a layer a list of dicts, one per neuron
from math import exp
from random import Random

rand = Random(1)


def initialize_network(n_inputs, n_hidden, n_outputs):
    network = []
    hidden_layer = [{"weights": [rand.uniform(-1, 1) for _ in range(n_inputs + 1)]} for _ in range(n_hidden)]
    network.append(hidden_layer)
    output_layer = [{"weights": [rand.uniform(-1, 1) for _ in range(n_hidden + 1)]} for _ in range(n_outputs)]
    network.append(output_layer)
    return network


def activate(weights, inputs):
    activation = weights[-1]  # the bias stands last
    for i in range(len(weights) - 1):
        activation += weights[i] * inputs[i]
    return activation


def transfer(activation):
    return 1.0 / (1.0 + exp(-activation))


def transfer_derivative(output):
    return output * (1.0 - output)


def forward_propagate(network, row):
    inputs = row
    for layer in network:
        new_inputs = []
        for neuron in layer:
            neuron["output"] = transfer(activate(neuron["weights"], inputs))
            new_inputs.append(neuron["output"])
        inputs = new_inputs
    return inputs


def backward_propagate_error(network, expected):
    for i in reversed(range(len(network))):
        layer = network[i]
        errors = []
        if i != len(network) - 1:
            for j in range(len(layer)):
                error = 0.0
                for neuron in network[i + 1]:
                    error += neuron["weights"][j] * neuron["delta"]
                errors.append(error)
        else:
            for j in range(len(layer)):
                errors.append(layer[j]["output"] - expected[j])
        for j in range(len(layer)):
            layer[j]["delta"] = errors[j] * transfer_derivative(layer[j]["output"])


def update_weights(network, row, l_rate):
    for i in range(len(network)):
        inputs = row
        if i != 0:
            inputs = [neuron["output"] for neuron in network[i - 1]]
        for neuron in network[i]:
            for j in range(len(inputs)):
                neuron["weights"][j] -= l_rate * neuron["delta"] * inputs[j]
            neuron["weights"][-1] -= l_rate * neuron["delta"]


def train_network(network, train, labels, l_rate, n_epoch, n_outputs):
    for epoch in range(n_epoch):
        sum_error = 0
        for row, label in zip(train, labels):
            outputs = forward_propagate(network, row)
            expected = [0 for _ in range(n_outputs)]
            expected[label] = 1
            sum_error += sum((expected[k] - outputs[k]) ** 2 for k in range(n_outputs))
            backward_propagate_error(network, expected)
            update_weights(network, row, l_rate)
        print(">epoch=%d, lrate=%.3f, error=%.3f" % (epoch, l_rate, sum_error))


dataset, labels = [], []
for _ in range(12):
    label = rand.randrange(2)
    labels.append(label)
    dataset.append([rand.gauss(2.0 * label, 0.8), rand.gauss(1.0 - label, 0.8)])
network = initialize_network(2, 3, 2)
train_network(network, dataset, labels, 0.5, 8, 2)
