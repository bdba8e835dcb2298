"""Pass or fail from two exam marks: theta0, theta1, theta2 as plain numbers, sums in Python loops."""
import math
import random


def hypothesis(theta0, theta1, theta2, x1, x2):
    return 1 / (1 + math.exp(-(theta0 + theta1 * x1 + theta2 * x2)))


def cost(theta0, theta1, theta2, marks):
    total = 0
    for x1, x2, y in marks:
        h = hypothesis(theta0, theta1, theta2, x1, x2)
        total += -y * math.log(h) - (1 - y) * math.log(1 - h)
    return total / len(marks)


def train(marks, alpha=0.5, iterations=60):
    theta0 = theta1 = theta2 = 0.1
    m = len(marks)
    for i in range(iterations):
        d0 = d1 = d2 = 0
        for x1, x2, y in marks:
            diff = hypothesis(theta0, theta1, theta2, x1, x2) - y
            d0 += diff
            d1 += diff * x1
            d2 += diff * x2
        theta0 -= alpha * d0 / m
        theta1 -= alpha * d1 / m
        theta2 -= alpha * d2 / m
        if i % 15 == 0:
            print("iteration", i, "cost", cost(theta0, theta1, theta2, marks))
    return theta0, theta1, theta2


random.seed(4)
marks = []
for _ in range(30):
    x1, x2 = random.gauss(0, 1), random.gauss(0, 1)
    marks.append((x1, x2, 1 if x1 + 0.5 * x2 + random.gauss(0, 0.4) > 0 else 0))
print(train(marks))
