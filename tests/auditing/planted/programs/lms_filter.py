"""An adaptive filter (LMS): the weights follow an unknown system, one sample after the other."""
import numpy as np

rng = np.random.default_rng(5)
taps = 4
unknown = np.array([0.6, -0.4, 0.2, 0.1])
u = rng.standard_normal(300)
d = np.convolve(u, unknown)[:300] + 0.02 * rng.standard_normal(300)

w = np.zeros(taps)
mu = 0.05
squared = []
for n in range(taps - 1, len(u)):
    x = u[n - taps + 1:n + 1][::-1]
    y = w @ x
    e = d[n] - y
    w = w + mu * e * x
    squared.append(e ** 2)
    if n % 60 == 0:
        print("sample", n, "mean squared error", np.mean(squared[-50:]))
print("estimated system", w)
