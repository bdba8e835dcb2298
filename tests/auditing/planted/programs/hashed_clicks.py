'''Online logistic regression of clicks: hashed features, plain lists, one pass, a rate of its own per weight.'''
from math import exp, log, sqrt
import random

D = 2 ** 5    # number of weights
alpha = .3    # learning rate
L2 = .001     # weight of the penalty on the touched weights


# A. made-up rows of clicks
def rows(count):
    gen = random.Random(12)
    for t in range(count):
        row = {'site': gen.choice('abcdef'), 'device': gen.choice(['phone', 'tablet', 'desk']),
               'hour': str(gen.randrange(6))}
        z = (row['site'] in 'ab') * 1.5 + (row['device'] == 'phone') - 1.2 + gen.gauss(0, .4)
        yield t, row, 1. if z > 0 else 0.


# B. hash each value to an index; index 0 is the bias
def get_x(row):
    x = [0]
    for key, value in sorted(row.items()):
        x.append(1 + sum(ord(c) * (6 + i) for i, c in enumerate(key + value)) % (D - 1))
    return x


# C. bounded sigmoid of the sum of weights
def get_p(x, w):
    wTx = 0.
    for i in x:
        wTx += w[i]
    return 1. / (1. + exp(-max(min(wTx, 20.), -20.)))


# D. bounded log loss
def logloss(p, y):
    p = max(min(p, 1. - 10e-12), 10e-12)
    return -log(p) if y == 1. else -log(1. - p)


# E. update: the more often an index was seen, the smaller its rate
def update_w(w, n, x, p, y):
    for i in x:
        w[i] -= alpha / (sqrt(n[i]) + 1.) * ((p - y) + L2 * w[i])
        n[i] += 1.


w = [0.] * D
n = [0.] * D
total = 0.
for t, row, y in rows(150):
    x = get_x(row)
    p = get_p(x, w)
    loss = logloss(p, y) + L2 / 2 * sum(w[i] ** 2 for i in x)
    total += loss
    if t % 10 == 0:
        print('%d encountered, loss of this row: %f, average: %f' % (t, loss, total / (t + 1)))
    update_w(w, n, x, p, y)
