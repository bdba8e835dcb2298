"""A network on admission records, as in an online course: deltas summed record by record, then one update."""
import numpy as np

np.random.seed(42)

# made-up records: gre, gpa, and whether the school's rank is 1
n_records, n_features = 36, 3
features = np.random.normal(size=(n_records, n_features))
features[:, 2] = features[:, 2] > 0
targets = (features[:, 0] + features[:, 1] + features[:, 2] > 0.6).astype(int)


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


# hyperparameters
n_hidden = 3
epochs = 60
learnrate = 3.0

last_loss = None
weights_input_hidden = np.random.normal(scale=1 / n_features ** .5, size=(n_features, n_hidden))
weights_hidden_output = np.random.normal(scale=1 / n_features ** .5, size=n_hidden)
bias_hidden = np.zeros(n_hidden)
bias_output = np.zeros(1)

for e in range(epochs):
    del_w_input_hidden = np.zeros(weights_input_hidden.shape)
    del_w_hidden_output = np.zeros(weights_hidden_output.shape)
    del_b_hidden = np.zeros(n_hidden)
    del_b_output = np.zeros(1)
    loss = 0
    for x, y in zip(features, targets):
        # forward pass
        hidden_input = np.dot(x, weights_input_hidden) + bias_hidden
        hidden_output = sigmoid(hidden_input)
        output = sigmoid(np.dot(hidden_output, weights_hidden_output) + bias_output)

        # backward pass
        error = y - output
        loss += 0.5 * error[0] ** 2 / n_records
        output_error_term = error * output * (1 - output)
        hidden_error = output_error_term * weights_hidden_output
        hidden_error_term = hidden_error * hidden_output * (1 - hidden_output)

        del_w_hidden_output += output_error_term * hidden_output
        del_b_output += output_error_term
        del_w_input_hidden += hidden_error_term * x[:, None]
        del_b_hidden += hidden_error_term

    # update weights
    weights_input_hidden += learnrate * del_w_input_hidden / n_records
    weights_hidden_output += learnrate * del_w_hidden_output / n_records
    bias_hidden += learnrate * del_b_hidden / n_records
    bias_output += learnrate * del_b_output / n_records

    if e % (epochs / 10) == 0:
        if last_loss and last_loss < loss:
            print("Train loss: ", loss, "  WARNING - Loss Increasing")
        else:
            print("Train loss: ", loss)
        last_loss = loss
