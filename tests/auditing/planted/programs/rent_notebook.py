# %% [markdown]
# # Predicting the rent of a flat
# Linear regression by gradient descent, with the mean absolute error, which forgives outliers.

# %%
import numpy as np

rng = np.random.default_rng(2024)
n_flats = 90
area = rng.uniform(25, 120, n_flats)
rooms = np.round(area / 28 + rng.normal(0, 0.4, n_flats)).clip(1)
distance = rng.exponential(4, n_flats)
rent = 180 + 9.5 * area + 40 * rooms - 25 * distance + rng.normal(0, 60, n_flats)
rent[:4] *= 3  # penthouses

# %%
features = np.column_stack([area, rooms, distance])
mu, sigma = features.mean(axis=0), features.std(axis=0)
X = (features - mu) / sigma
y = rent / 1000

# %%
weights = np.zeros(X.shape[1])
bias = 0.0
vel_w = np.zeros(X.shape[1])
vel_b = 0.0
learning_rate = 0.01
momentum = 0.8
l2 = 0.001
mae_history = []

# %%
for epoch in range(200):
    y_hat = X @ weights + bias
    residuals = y_hat - y

    mae = np.abs(residuals).mean() + l2 * np.sum(weights ** 2)
    mae_history.append(mae)

    grad_w = X.T @ np.sign(residuals) / n_flats + 2 * l2 * weights
    grad_b = np.sign(residuals).mean()

    vel_w = momentum * vel_w - learning_rate * grad_w
    vel_b = momentum * vel_b - learning_rate * grad_b
    weights = weights + vel_w
    bias = bias + vel_b

    if epoch % 40 == 0:
        print(f"Epoch {epoch:>3}: MAE = {mae:.4f}")

# %%
print("weights", weights.round(3), "bias", round(float(bias), 3))
print("cheap flat:", (np.array([30, 1, 10]) - mu) / sigma @ weights + bias)
