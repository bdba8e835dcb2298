# %% [markdown]
# # Predicting bike rentals
# A neural network with one hidden layer, trained with momentum.

# %%
import numpy as np

np.random.seed(21)

# %%
hours = np.random.randint(0, 24, 140)
temp = np.random.normal(15, 8, 140)
holiday = np.random.binomial(1, 0.1, 140)
rentals = 50 + 40 * np.sin((hours - 8) / 24 * 2 * np.pi) + 3 * temp - 30 * holiday
rentals = rentals + np.random.normal(0, 10, 140)

# %%
features = np.stack([np.sin(hours / 24 * 2 * np.pi), np.cos(hours / 24 * 2 * np.pi),
                     (temp - temp.mean()) / temp.std(), holiday], axis=1)
targets = ((rentals - rentals.mean()) / rentals.std())[:, None]
print(features.shape, targets.shape)


# %%
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


weights_input_to_hidden = np.random.normal(0.0, 0.5, (4, 8))
bias_hidden = np.zeros(8)
weights_hidden_to_output = np.random.normal(0.0, 0.35, (8, 1))
bias_output = np.zeros(1)

delta_weights_i_h = np.zeros_like(weights_input_to_hidden)
delta_bias_h = np.zeros_like(bias_hidden)
delta_weights_h_o = np.zeros_like(weights_hidden_to_output)
delta_bias_o = np.zeros_like(bias_output)

learning_rate = 0.2
momentum = 0.8
n_records = features.shape[0]

# %%
losses = []
for e in range(60):
    hidden_inputs = np.dot(features, weights_input_to_hidden) + bias_hidden
    hidden_outputs = sigmoid(hidden_inputs)
    final_outputs = np.dot(hidden_outputs, weights_hidden_to_output) + bias_output

    error = targets - final_outputs
    losses.append(np.mean(error ** 2) / 2)

    hidden_error = np.dot(error, weights_hidden_to_output.T)
    hidden_error_term = hidden_error * hidden_outputs * (1 - hidden_outputs)

    delta_weights_h_o = momentum * delta_weights_h_o + np.dot(hidden_outputs.T, error) / n_records
    delta_bias_o = momentum * delta_bias_o + error.sum(axis=0) / n_records
    delta_weights_i_h = (momentum * delta_weights_i_h
                         + np.dot(features.T, hidden_error_term) / n_records)
    delta_bias_h = momentum * delta_bias_h + hidden_error_term.sum(axis=0) / n_records

    weights_hidden_to_output += learning_rate * delta_weights_h_o
    bias_output += learning_rate * delta_bias_o
    weights_input_to_hidden += learning_rate * delta_weights_i_h
    bias_hidden += learning_rate * delta_bias_h

    if e % 10 == 0:
        print("Train loss:", losses[-1])

# %%
print("first and last", losses[0], losses[-1])
