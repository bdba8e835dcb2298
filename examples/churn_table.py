"""Write churn.csv, a table like yours: an identifier, numbers, words, dates, and some gaps."""

import numpy as np
import pandas as pd

rng = np.random.default_rng(0)
rows = 800
age = rng.integers(18, 80, rows)
plan = rng.choice(["basic", "plus", "family"], rows, p=[0.5, 0.3, 0.2])
spend = rng.gamma(3, 20, rows).round(2)
since = pd.Timestamp("2019-01-01") + pd.to_timedelta(rng.integers(0, 2000, rows), "D")
score = 1.5 * (plan == "basic") - 0.02 * spend - 0.05 * (age - 50) - 3.2 + rng.normal(size=rows)
churned = rng.random(rows) < 1 / (1 + np.exp(-score))
spend[rng.random(rows) < 0.05] = np.nan

table = pd.DataFrame({
    "customer": np.arange(rows) + 1001,
    "age": age,
    "plan": plan,
    "spend": spend,
    "since": since.strftime("%Y-%m-%d"),
    "churned": np.where(churned, "yes", "no"),
})  # fmt: skip
table.to_csv("churn.csv", index=False)
print(f"churn.csv: {rows} rows, {churned.sum()} of them churned")
