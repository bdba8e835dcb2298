"""A saturated sigmoid learns slowly under squared error, and at once under cross-entropy.

One score, far out on the wrong side (z = −6 where y = 1), descends dℓ/dz by plain gradient steps.
The known answer: squared error starts with a derivative of 2 (a − y) a (1 − a) ≈ −0.005 and needs
many times the steps of cross-entropy, whose a − y ≈ −1 knows no saturation.
"""

import numpy as np

import losscope

RATE, ENOUGH = 0.5, 0.9


def steps_until_right(name: str) -> int:
    """Steps of gradient descent on z until the prediction is above 0.9."""
    loss, z, target = losscope.losses.get(name, task="binary"), np.array([[-6.0]]), np.ones((1, 1))
    for step in range(100_000):
        if 1 / (1 + np.exp(-z[0, 0])) > ENOUGH:
            return step
        z = z - RATE * loss.gradient(target=target, raw_prediction=z, output="sigmoid")
    return 100_000


def main() -> None:
    """Count the steps under both losses."""
    steps = {name: steps_until_right(name) for name in ("ce", "mse")}
    for name, count in steps.items():
        print(f"{name:4} {count:4} steps from z = −6 to a > {ENOUGH}")
    assert steps["mse"] > 10 * steps["ce"]


if __name__ == "__main__":
    main()
