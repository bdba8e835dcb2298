"""Tables that several tests read."""

import numpy as np
import pandas as pd


def mixed(n=240, seed=0):
    """A frame with every kind of column: numbers, words, truth values, dates, gaps, noise."""
    rng = np.random.default_rng(seed)
    days = pd.date_range("2020-01-01", periods=n, freq="31h")
    return pd.DataFrame(
        {
            "age": np.where(rng.random(n) < 0.1, np.nan, rng.normal(40, 9, n)),
            "sex": rng.choice(["m", "f"], n),
            "port": rng.choice(["S", "C", "Q", None], n),
            "member": rng.random(n) < 0.3,
            "since": days.strftime("%Y-%m-%d %H:%M"),
            "born": rng.choice(["13/04/1980", "02/05/1991", "01/01/2000", None], n),
            "street": [
                f"{rng.choice(list('abcdefgh'))} street {rng.integers(90)}" for _ in range(n)
            ],
            "ticket": [f"T-{i:05d}" for i in range(n)],
            "same": 1,
            "half": ["?" if i % 50 == 0 else str(i * 1.5) for i in range(n)],
            "clinic": rng.integers(0, 30, n),
            "weight": rng.random(n) + 0.1,
            "label": rng.choice(["yes", "no"], n, p=[0.3, 0.7]),
            "visits": rng.poisson(4.0, n),
            "income": rng.lognormal(3, 1, n),
        }
    )


def write(folder, text, name="table.csv", encoding="utf-8"):
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return path


def rows(n=40):
    """The body of a small regular table: a number, 0/1, and a class 0 … 2."""
    return "".join(f"{i * 0.37 % 5:.3f},{i % 2},{i % 3}\n" for i in range(n))


def column(values, name="y", header="a"):
    """A two-column CSV: a number and the given values under ``name``."""
    body = "".join(f"{i * 0.5},{value}\n" for i, value in enumerate(values))
    return f"{header},{name}\n{body}"
