"""Logistic regression by gradient ascent on the log likelihood, as statisticians write it."""
import numpy as np


def log_likelihood(features, target, weights):
    scores = np.dot(features, weights)
    return np.sum(target * scores - np.log(1 + np.exp(scores)))


def logistic_regression(features, target, num_steps, learning_rate):
    features = np.hstack((np.ones((features.shape[0], 1)), features))
    weights = np.zeros(features.shape[1])
    for step in range(num_steps):
        scores = np.dot(features, weights)
        predictions = 1 / (1 + np.exp(-scores))

        output_error_signal = target - predictions
        gradient = np.dot(features.T, output_error_signal)
        weights += learning_rate * gradient

        if step % 50 == 0:
            print(log_likelihood(features, target, weights))
    return weights


np.random.seed(12)
x1 = np.random.multivariate_normal([0, 0], [[1, .75], [.75, 1]], 60)
x2 = np.random.multivariate_normal([1, 3], [[1, .75], [.75, 1]], 60)
weights = logistic_regression(np.vstack((x1, x2)), np.hstack((np.zeros(60), np.ones(60))), 200, 1e-3)
print("weights", weights)
