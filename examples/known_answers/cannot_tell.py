"""Where there is nothing to tell, that is what is said.

On breast-cancer, cross-entropy, squared and absolute error on a sigmoid reach the same accuracy, up
to what re-splits of 569 rows can show: no loss is called better than another.
"""

import textwrap

import losscope
from losscope.data import load


def main(seeds: int = 4, epochs: int = 10) -> None:
    """Compare three losses by accuracy."""
    found = losscope.compare(
        dataset=load("breast-cancer"), losses=["ce", "mse", "mae"], metric="accuracy",
        seeds=seeds, epochs=epochs, learning_rates=0.003, store=False, n_jobs=1,
    )  # fmt: skip
    print("\n".join(textwrap.fill(line, 80) for line in str(found).splitlines()))
    outcomes = {pair["outcome"] for pair in found.to_dict()["verdict"]["result"]["pairs"]}
    assert outcomes <= {"cannot tell", "equivalent"}


if __name__ == "__main__":
    main()
