"""Fit a polynomial with gradient descent; everything is a plain list."""
import random

random.seed(14)
DEGREE = 3
N = 30
xs = [random.uniform(-1, 1) for _ in range(N)]
ys = [0.5 - x + 2 * x ** 2 + random.gauss(0, 0.1) for x in xs]
coefficients = [random.uniform(-0.5, 0.5) for _ in range(DEGREE + 1)]
ridge = 0.01


def predict(x):
    return sum(c * x ** k for k, c in enumerate(coefficients))


for step in range(60):
    errors = [predict(x) - y for x, y in zip(xs, ys)]
    cost = sum(e ** 2 for e in errors) / N + ridge * sum(c ** 2 for c in coefficients)

    gradient = [0.0] * (DEGREE + 1)
    for x, e in zip(xs, errors):
        for k in range(DEGREE + 1):
            gradient[k] += 2 * e * x ** k / N
    for k in range(DEGREE + 1):
        gradient[k] += 2 * ridge * coefficients[k]

    for k in range(DEGREE + 1):
        coefficients[k] -= 0.3 * gradient[k]
    if step % 20 == 0:
        print(step, cost)
print([round(c, 3) for c in coefficients])
