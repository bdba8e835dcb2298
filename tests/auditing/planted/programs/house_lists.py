# Linear regression of house prices without numpy: lists, loops and a class with fit and predict
import math
import random

random.seed(4)


def make_houses(n):
    rows, prices = [], []
    for _ in range(n):
        area = random.uniform(40, 180)
        rooms = random.randint(1, 6)
        age = random.uniform(0, 50)
        rows.append([area, rooms, age])
        prices.append(1.9 * area + 12 * rooms - 0.8 * age + random.gauss(0, 8))
    return rows, prices


def standardise(rows):
    columns = list(zip(*rows))
    means = [sum(c) / len(c) for c in columns]
    stds = [math.sqrt(sum((v - m) ** 2 for v in c) / len(c)) for c, m in zip(columns, means)]
    return [[(v - m) / s for v, m, s in zip(row, means, stds)] for row in rows]


class LinearRegressionGD:
    def __init__(self, lr=0.05, n_iters=120):
        self.lr = lr
        self.n_iters = n_iters
        self.weights = []
        self.bias = 0.0

    def predict_one(self, row):
        total = self.bias
        for w, v in zip(self.weights, row):
            total += w * v
        return total

    def fit(self, rows, targets):
        n = len(rows)
        self.weights = [0.0] * len(rows[0])
        self.bias = 0.0
        for i in range(self.n_iters):
            grad_w = [0.0] * len(self.weights)
            grad_b = 0.0
            cost = 0.0
            for row, target in zip(rows, targets):
                error = self.predict_one(row) - target
                cost += error ** 2 / n
                for j in range(len(row)):
                    grad_w[j] += 2 / n * error * row[j]
                grad_b += 2 / n * error
            for j in range(len(self.weights)):
                self.weights[j] -= self.lr * grad_w[j]
            self.bias -= self.lr * grad_b
            if i % 20 == 0:
                print("iteration", i, "MSE", round(cost, 3))
        return self

    def predict(self, rows):
        return [self.predict_one(row) for row in rows]


rows, prices = make_houses(40)
prices = [p / 100 for p in prices]
model = LinearRegressionGD().fit(standardise(rows), prices)
print("weights", [round(w, 3) for w in model.weights], "bias", round(model.bias, 3))
