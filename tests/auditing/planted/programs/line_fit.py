# Linear regression with gradient descent, from scratch
import numpy as np

# Preprocessing: hours of study and marks
np.random.seed(50)
X = np.random.uniform(0, 5, 50)
Y = 1.7 * X + 2 + np.random.randn(50)

# Building the model
m = 0
c = 0

L = 0.01        # The learning Rate
epochs = 200    # The number of iterations to perform gradient descent

n = float(len(X))  # Number of elements in X

# Performing Gradient Descent
for i in range(epochs):
    Y_pred = m * X + c  # The current predicted value of Y
    D_m = (-2 / n) * sum(X * (Y - Y_pred))  # Derivative wrt m
    D_c = (-2 / n) * sum(Y - Y_pred)  # Derivative wrt c
    m = m - L * D_m  # Update m
    c = c - L * D_c  # Update c
    if i % 50 == 0:
        print("epoch", i, "MSE", sum((Y - Y_pred) ** 2) / n)

print(m, c)
