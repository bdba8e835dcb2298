"""Numbers as people write them: which notation is read, and which is left alone."""

import re

import numpy as np
import pytest

from losscope.data import load
from losscope.data.written import read_written
from tests.data.tables import write


@pytest.mark.parametrize(
    ("words", "mark", "values", "said"),
    [
        (["1,234", "567", "-12,000"], ",", [1234, 567, -12000], "thousands"),
        (["1,234,567.5", "8"], ";", [1234567.5, 8], "thousands"),
        (["1,234", "567"], ";", [1.234, 567], "decimal mark"),
        (["1,5", "2"], ",", [1.5, 2], "decimal mark"),
        (["0,250", "0,500"], ",", [0.25, 0.5], "decimal mark"),
        (["1.234,5", "7"], ";", [1234.5, 7], "decimal mark"),
        (["12.5%", "-3 %"], ",", [12.5, -3], "% is left out"),
        (["$9.99", "-$1", "$1,000"], ",", [9.99, -1, 1000], r"\$ is left out .* thousands"),
        (["5 €", "1.000,50 €"], ";", [5, 1000.5], "€ is left out .* decimal"),
    ],
)
def test_notations_are_told_apart_by_the_whole_column(words, mark, values, said):
    """Thousands, decimal commas, percent and currency are read where every word fits one."""
    found = read_written(words, mark)
    assert found is not None
    np.testing.assert_allclose(found[0], values)
    assert re.search(said, found[1])


@pytest.mark.parametrize(
    "words",
    [["12%", "3"], ["$5", "€5"], ["1,23,4", "5"], ["a", "1,5"], ["12%", "x%"], ["1-2", "3"], ["%"]],
)
def test_mixed_notations_stay_words(words):
    """Words that no single notation explains are not bent into numbers."""
    assert read_written(words, ",") is None


def test_the_notation_is_said_with_its_column(tmp_path):
    """A price column is one number column, not letter groups, and the reading is said."""
    text = "price,y\n" + "".join(f'"$1,{i:03d}",{i % 2}\n' for i in range(40))
    data = load(write(tmp_path, text), "y")
    assert data.feature_names == ("price",)
    assert any("'price'" in note and "thousands" in note for note in data.notices)
