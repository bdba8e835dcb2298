"""With skewed noise, mae learns the median and mse the mean.

The target is 10 plus log-normal noise: median 11, mean 10 + exp(1/2) ≈ 11.65. Nothing in X tells of
it, so a network can only learn one number, and the loss says which.
"""

import numpy as np

from losscope.estimators import NetworkRegressor


def main(rows: int = 2000, epochs: int = 30) -> None:
    """Train under both losses; compare the prediction with the sample's median and mean."""
    rng = np.random.default_rng(0)
    X, y = np.zeros((rows, 1)), 10 + rng.lognormal(0.0, 1.0, rows)
    found = {}
    for loss in ("mae", "mse"):
        network = NetworkRegressor(
            loss, hidden=(), epochs=epochs, learning_rate=0.003, batch_size=200, random_state=0
        )
        found[loss] = float(network.fit(X, y).predict(X[:1])[0])
    print(f"median {np.median(y):.3f}, mae learned {found['mae']:.3f}")
    print(f"mean   {y.mean():.3f}, mse learned {found['mse']:.3f}")
    assert abs(found["mae"] - np.median(y)) < 0.1
    assert abs(found["mse"] - y.mean()) < 0.1


if __name__ == "__main__":
    main()
