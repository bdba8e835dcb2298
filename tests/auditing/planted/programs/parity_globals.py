import numpy as np

# Learn the parity of three bits with one hidden layer. Everything is global.


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def sigmoid_derivative(x):
    return x * (1 - x)


# Input datasets
inputs = np.array([[a, b, c] for a in (0, 1) for b in (0, 1) for c in (0, 1)])
expected_output = inputs.sum(axis=1, keepdims=True) % 2

epochs = 600
lr = 0.8
inputLayerNeurons, hiddenLayerNeurons, outputLayerNeurons = 3, 8, 1

# Random weights and bias initialization
np.random.seed(6)
hidden_weights = np.random.uniform(-1, 1, size=(inputLayerNeurons, hiddenLayerNeurons))
hidden_bias = np.random.uniform(-1, 1, size=(1, hiddenLayerNeurons))
output_weights = np.random.uniform(-1, 1, size=(hiddenLayerNeurons, outputLayerNeurons))
output_bias = np.random.uniform(-1, 1, size=(1, outputLayerNeurons))

# Training algorithm
for _ in range(epochs):
    # Forward propagation
    hidden_layer_activation = np.dot(inputs, hidden_weights)
    hidden_layer_activation += hidden_bias
    hidden_layer_output = sigmoid(hidden_layer_activation)

    output_layer_activation = np.dot(hidden_layer_output, output_weights)
    output_layer_activation += output_bias
    predicted_output = sigmoid(output_layer_activation)

    # Backpropagation
    error = expected_output - predicted_output
    total_error = 0.5 * np.sum(error ** 2)
    d_predicted_output = error * sigmoid_derivative(predicted_output)

    error_hidden_layer = d_predicted_output.dot(output_weights.T)
    d_hidden_layer = error_hidden_layer * sigmoid_derivative(hidden_layer_output)

    # Updating weights and biases
    output_weights += hidden_layer_output.T.dot(d_predicted_output) * lr
    output_bias += np.sum(d_predicted_output, axis=0, keepdims=True) * lr
    hidden_weights += inputs.T.dot(d_hidden_layer) * lr
    hidden_bias += np.sum(d_hidden_layer, axis=0, keepdims=True) * lr

    if _ % 100 == 0:
        print("epoch", _, "error", total_error)

print("Final hidden weights:", *hidden_weights)
print("Final output weights:", *output_weights)
print("Output from the network after training:", *predicted_output)
