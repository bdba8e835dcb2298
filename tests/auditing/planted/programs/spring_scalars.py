# Hooke's law with damping of the scale: three numbers a, b, c fitted by gradient descent
import numpy as np

rng = np.random.default_rng(31)
load = rng.uniform(0, 2, 40)
stretch = 0.5 + 1.2 * load - 0.3 * load ** 2 + 0.05 * rng.standard_normal(40)

a, b, c = 0.0, 0.0, 0.0
step_size = 0.05
N = len(load)
history = []

for it in range(300):
    guess = a + b * load + c * load ** 2
    error = guess - stretch
    cost = (error ** 2).sum() / (2 * N)
    history.append(cost)

    grad_a = error.sum() / N
    grad_b = (error * load).sum() / N
    grad_c = (error * load ** 2).sum() / N

    a = a - step_size * grad_a
    b = b - step_size * grad_b
    c = c - step_size * grad_c

    if it % 60 == 0:
        print("it", it, "cost", cost)

print("a, b, c:", a, b, c)
