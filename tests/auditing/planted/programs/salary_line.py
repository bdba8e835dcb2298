# Linear regression with gradient descent, the slow way
# y = m * x + b, where x is years of experience and y the salary (in 10k)
import random

random.seed(2)
points = []
for _ in range(40):
    years = random.uniform(0, 5)
    points.append((years, 2.5 + 0.9 * years + random.gauss(0, 0.3)))


def compute_error(b, m, points):
    total = 0
    for x, y in points:
        total += (y - (m * x + b)) ** 2
    return total / len(points)


def step_gradient(b, m, points, learning_rate):
    b_gradient = 0
    m_gradient = 0
    n = len(points)
    for x, y in points:
        b_gradient += -(2 / n) * (y - (m * x + b))
        m_gradient += -(2 / n) * x * (y - (m * x + b))
    new_b = b - learning_rate * b_gradient
    new_m = m - learning_rate * m_gradient
    return new_b, new_m


def run(points, learning_rate=0.03, iterations=60):
    b, m = 0.0, 0.0
    for i in range(iterations):
        if i % 15 == 0:
            print("step", i, "b", b, "m", m, "error", compute_error(b, m, points))
        b, m = step_gradient(b, m, points, learning_rate)
    return b, m


b, m = run(points)
print("salary = %.2f + %.2f * years" % (b, m))
