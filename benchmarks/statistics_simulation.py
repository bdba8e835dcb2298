"""How often is "better" said where nothing is, and where something is? On 1,000 fresh tables each.

    python -m benchmarks.statistics_simulation [TABLES]

Prints a table: for each setting the share of tables on which the corrected test says "better", its
95 % interval (Wilson), and the share on which a plain paired t test would have. Takes a minute.
"""

import math
import sys

from tests.comparison.simulation import simulate

SETTINGS = [
    ("exchangeable", 5, 120, (0.2, 0.8)),
    ("exchangeable", 10, 120, (0.2, 0.8)),
    ("exchangeable", 10, 600, (0.2, 0.8)),
    ("exchangeable", 30, 120, (0.2, 0.8)),
    ("exchangeable", 10, 120, (0.02, 0.98)),
    ("planted", 10, 120, (0.02, 0.5)),
    ("planted", 10, 240, (0.02, 0.5)),
    ("planted", 30, 240, (0.02, 0.5)),
    ("planted", 10, 600, (0.1, 0.5)),
]


def wilson(share, n):
    """The 95 % interval of a share seen in n trials."""
    z = 1.959964
    center = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return center - half, center + half


def main():
    """Run every setting and print its line; exit code 1 if a false alarm rate is above 5 %."""
    tables = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    print(f"{tables} fresh tables a line; shares on which a difference is claimed\n")
    print("difference    seeds  rows  asymmetries   corrected  [95 %]          plain t")
    wrong = False
    for kind, seeds, rows, taus in SETTINGS:
        shares = simulate(tables, seeds, rows, taus)
        low, high = wilson(shares.better, tables)
        wrong |= kind == "exchangeable" and low > 0.05
        print(
            f"{kind:12}  {seeds:5}  {rows:4}  {taus[0]:4} {taus[1]:4}   {shares.better:8.1%}"
            f"   [{low:.1%}, {high:.1%}]   {shares.plain_t:7.1%}"
        )
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main())
