"""A square matrix learnt from pairs of points: a while loop until the gradient is small, N − 1."""
import numpy as np

rng = np.random.default_rng(10)
angle = 0.6
turn = np.array([[np.cos(angle), -np.sin(angle), 0.0],
                 [np.sin(angle), np.cos(angle), 0.0],
                 [0.2, 0.0, 1.0]])
before = rng.normal(size=(40, 3))
after = before @ turn + 0.05 * rng.normal(size=(40, 3))

M = np.eye(3) * 0.1
speed = 0.05
size = np.inf
rounds = 0
while size > 1e-3 and rounds < 400:
    guess = before @ M
    difference = guess - after
    loss = np.sum(difference ** 2) / 2 / (len(before) - 1)
    gradient = before.T @ difference / (len(before) - 1)
    size = np.linalg.norm(gradient)
    M = M - speed * gradient
    rounds += 1
print(rounds, "rounds, loss", loss)
