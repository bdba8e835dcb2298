"""Under pinball loss for the quantile q, a share q of new targets lies below the prediction.

The noise grows with x, so that a constant shift of a mean could not do it.
"""

import numpy as np

from losscope.estimators import NetworkRegressor


def main(rows: int = 3000, epochs: int = 40) -> None:
    """Train for three quantiles; count the share of new rows below each prediction."""
    rng = np.random.default_rng(0)

    def draw() -> tuple[np.ndarray, np.ndarray]:
        x = rng.uniform(0, 1, (rows, 1))
        return x, 3 * x[:, 0] + (0.2 + x[:, 0]) * rng.normal(size=rows)

    (X, y), (X_new, y_new) = draw(), draw()
    for q in (0.1, 0.5, 0.9):
        network = NetworkRegressor(
            f"pinball(tau={q})", hidden=(16,), epochs=epochs, learning_rate=0.003,
            batch_size=100, random_state=0,
        )  # fmt: skip
        share = float((y_new < network.fit(X, y).predict(X_new)).mean())
        print(f"quantile {q}: {100 * share:.1f} % of new rows lie below")
        assert abs(share - q) < 0.04


if __name__ == "__main__":
    main()
