"""Weighting a rare class moves the threshold; so does moving the threshold.

5 % of the rows are positive. Weighted by class, recall at one half goes up and precision down; the
log-loss gets worse, since weighted probabilities are not those of the data. Unweighted training at
a threshold chosen on validation rows has most of that recall, too.
"""

import textwrap

import losscope
from losscope.data import load

LOSSES = ["ce", "ce(pos_weight=balanced)"]


def main(seeds: int = 3, epochs: int = 8) -> None:
    """Compare cross-entropy with and without weights."""
    found = losscope.compare(
        dataset=load("imbalanced"), losses=LOSSES, seeds=seeds, epochs=epochs,
        learning_rates=0.01, threshold="balanced_accuracy", store=False, n_jobs=1,
    ).to_dict()  # fmt: skip
    print("\n".join(textwrap.fill(said, 80) for said in found["decisions"]["sentences"]))
    plain, weighted = found["decisions"]["rows"]
    log_loss = [row["metrics"]["log_loss"]["mean"] for row in found["table"]]
    print(f"log-loss {log_loss[0]:.3f} without and {log_loss[1]:.3f} with weights")
    assert weighted["plain"]["recall"]["mean"] > plain["plain"]["recall"]["mean"] + 0.1
    assert plain["chosen"]["recall"]["mean"] > plain["plain"]["recall"]["mean"] + 0.1
    assert weighted["plain"]["precision"]["mean"] < plain["plain"]["precision"]["mean"]
    assert log_loss[1] > log_loss[0]


if __name__ == "__main__":
    main()
