"""Files: what is read, and one clear line for what cannot be."""

import gzip

import numpy as np
import pandas as pd
import pytest

from losscope.data import load
from losscope.errors import LosscopeError
from tests.data.tables import column, mixed, rows, write

GOOD = "a,b,y\n" + rows()


def refused(path, match, target="y", **options):
    """Demand one clear line."""
    with pytest.raises(LosscopeError, match=match) as error:
        load(path, target, **options)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("", "is empty"),
        ("\n\n  \n", "is empty"),
        ("a,b,y\n", "header but no rows"),
        (b"\x89PNG\x00\x01", "binary file"),
        ("a,caf\xe9,y\n1,2,3\n".encode("latin-1"), "not UTF-8 text: line 1 holds byte 0xe9"),
        ("a,a,y\n" + rows(), "'a' comes more than once"),
        (GOOD + "1,2,3,4\n", "row 41 has 4 cells, but the header has 3"),
        (GOOD + "1,2\n", "row 41 has 2 cells, but the header has 3"),
        ("a,b\n" + rows(), "row 1 has 3 cells, but the header has 2"),
        ('a,b,y\n"1,2,3\n' + rows(), "a quote is never closed"),
        (GOOD + "inf,1,2\n1e999,0,1\n", "column 'a' .* infinite values in rows 41, 42"),
        ("a,y\n1,0\n2,1\n3,0\n", "3 rows with a target; at least 16"),
        ("y\n" + "1\n2\n" * 20, "no column beside the target"),
        ("a,y\n" + "1,0\n1,1\n" * 20, "no column left to learn from"),
        (column([""] * 40), "missing in every row"),
    ],
)
def test_bad_csv_gets_one_clear_line(tmp_path, text, match):
    """What is wrong with a file is said with file, row and mend."""
    refused(write(tmp_path, text), match)


def test_missing_file_suggests_a_neighbour(tmp_path):
    """A typing error in a file name finds the file beside it."""
    write(tmp_path, GOOD, "prices.csv")
    refused(tmp_path / "price.csv", r"there is no file .*price\.csv.*did you mean 'prices\.csv'")
    refused(tmp_path / "nowhere" / "price.csv", "there is no file")


def test_other_formats_folders_and_no_extension_are_refused(tmp_path):
    """Only .csv and .parquet are read, and the message says so."""
    refused(write(tmp_path, "x", "table.xlsx"), "neither .csv nor .parquet")
    refused(tmp_path, "there is no file|folder|extension")
    folder = tmp_path / "folder.csv"
    folder.mkdir()
    refused(folder, "is a folder")


def test_broken_parquet_is_refused(tmp_path):
    """A file that is no Parquet inside is one line, not pyarrow's traceback."""
    refused(write(tmp_path, b"PAR1 junk", "t.parquet"), "no readable Parquet file")
    refused(write(tmp_path, b"", "e.parquet"), "is empty")


def test_unreadable_file_is_refused(tmp_path, monkeypatch):
    """A file that may not be read says why."""
    path = write(tmp_path, GOOD)

    def deny(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", deny)
    refused(path, "cannot be read: Permission denied")


def test_gzipped_content_is_called_binary(tmp_path):
    """A compressed file under a .csv name is no text."""
    refused(write(tmp_path, gzip.compress(GOOD.encode())), "binary file|not UTF-8")


def test_target_is_needed_and_suggested(tmp_path):
    """No target: the columns are listed. A wrong one: the nearest is named."""
    path = write(tmp_path, "a,b,Survived\n" + rows())
    refused(path, r"no target given.*'a', 'b', 'Survived'", ())
    refused(path, r"no column 'survived' \(did you mean 'Survived'\?\)", "survived")


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"drop": "bb"}, r"drop: .* no column 'bb' \(did you mean 'b'\?\)"),
        ({"groups": "q"}, "groups: .* no column 'q'"),
        ({"sample_weight": "q"}, "sample_weight: .* no column 'q'"),
        ({"drop": ["b", "y"]}, "column 'y' is given as both target and drop"),
        ({"drop": "b", "groups": "b"}, "'b' is given as both drop and groups"),
        ({"groups": "b", "sample_weight": "b"}, "both groups and sample_weight"),
        ({"task": "bin"}, r"task 'bin' is unknown \(did you mean 'binary'\?\)"),
        ({"groups": "b"}, "'b' holds 2 groups; at least 3"),
    ],
)
def test_wrong_options_get_one_clear_line(tmp_path, options, match):
    """Options name columns that exist, each with one part."""
    refused(write(tmp_path, GOOD), match, **options)


def test_target_twice_is_refused(tmp_path):
    """One column cannot be two targets."""
    refused(write(tmp_path, GOOD), "'y' is given as target twice", ("y", "y"))


@pytest.mark.parametrize(
    ("mark", "word"), [(";", "semicolons"), ("\t", "tabs"), ("|", "bars"), (",", None)]
)
def test_other_delimiters_are_read_aloud(tmp_path, mark, word):
    """Semicolons, tabs and bars part columns too; this is said."""
    data = load(write(tmp_path, GOOD.replace(",", mark)), "y")
    assert data.columns == ("a", "b")
    assert any(f"parted by {word}" in notice for notice in data.notices) == (word is not None)
    assert data.fingerprint == load(write(tmp_path, GOOD, "other.csv"), "y").fingerprint


def test_decimal_commas_are_read_aloud(tmp_path):
    """A column of 1,5 beside semicolons is numbers."""
    text = "a;y\n" + "".join(f"{i},5;{i % 2}\n" for i in range(40))
    data = load(write(tmp_path, text), "y")
    assert data.feature_names == ("a",)
    assert any("decimal mark" in notice for notice in data.notices)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_encodings_are_read(tmp_path, encoding):
    """A byte-order mark is honoured and is no part of the first name."""
    data = load(write(tmp_path, "größe,b,y\n" + rows(), encoding=encoding), "y")
    assert data.columns == ("größe", "b")


def test_windows_line_ends_and_blank_lines_are_read(tmp_path):
    """Line ends and empty lines do not change the content."""
    plain = load(write(tmp_path, GOOD), "y").fingerprint
    windows = GOOD.replace("\n", "\r\n") + "\r\n\r\n"
    assert load(write(tmp_path, windows, "w.csv"), "y").fingerprint == plain


def test_quoted_commas_and_line_breaks_stay_in_their_cell(tmp_path):
    """A cell in quotes may hold the delimiter and a line break."""
    text = "a,b,y\n" + "".join(f'{i},"u, {"v" if i % 2 else "w"}\nx",{i % 2}\n' for i in range(40))
    data = load(write(tmp_path, text), "y", drop="a")
    assert data.feature_names == ("b=u, w\nx",)


def test_csv_and_parquet_of_one_frame_agree(tmp_path):
    """The same table in both formats gives the same fingerprint and the same bits."""
    frame = mixed()
    frame.to_csv(tmp_path / "t.csv", index=False)
    frame.to_parquet(tmp_path / "t.parquet")
    a = load(tmp_path / "t.csv", "label")
    b = load(tmp_path / "t.parquet", "label")
    assert a.fingerprint == b.fingerprint
    assert a.fold(3).X_train.tobytes() == b.fold(3).X_train.tobytes()


def test_parquet_types_are_understood(tmp_path):
    """Nullable, categorical, date, timestamp, duration and decimal columns of Parquet work."""
    import datetime as dt
    import decimal

    n = 40
    frame = pd.DataFrame(
        {
            "whole": pd.array([1, 2, None, 4] * 10, dtype="Int64"),
            "kind": pd.Categorical(["u", "v", "w", None] * 10),
            "flag": pd.array([True, None, False, True] * 10, dtype="boolean"),
            "span": pd.to_timedelta(np.arange(n) ** 2, unit="s"),
            "day": [dt.date(2024, 1, 1 + i % 28) for i in range(n)],
            "instant": pd.date_range("2020", periods=n, freq="5h", tz="Europe/Paris"),
            "price": [decimal.Decimal(i % 7) / 3 for i in range(n)],
            "y": [0, 1] * 20,
        }
    )
    frame.to_parquet(tmp_path / "t.parquet")
    data = load(tmp_path / "t.parquet", "y")
    for name in ("whole", "whole missing", "kind=u", "kind missing", "flag=True", "flag missing"):
        assert name in data.feature_names
    for name in ("span", "day day", "day weekday", "instant hour", "price"):
        assert name in data.feature_names
    assert np.isfinite(data.fold(0).X_test).all()


def test_named_index_of_parquet_is_a_column(tmp_path):
    """Pandas stores a named index apart; it is a column all the same, an unnamed one is not."""
    frame = pd.DataFrame({"a": np.arange(40) ** 2, "y": [0, 1] * 20})
    frame.index = pd.Index(np.arange(40) // 4, name="batch")
    frame.to_parquet(tmp_path / "t.parquet")
    assert "batch" in load(tmp_path / "t.parquet", "y").columns
    frame.reset_index(drop=True).to_parquet(tmp_path / "u.parquet")
    assert load(tmp_path / "u.parquet", "y").columns == ("a",)


def test_nested_parquet_columns_are_refused(tmp_path):
    """Lists in cells are refused by name."""
    pd.DataFrame({"a": [[1, 2]] * 40, "b": range(40), "y": [0, 1] * 20}).to_parquet(
        tmp_path / "t.parquet"
    )
    refused(tmp_path / "t.parquet", "column 'a' .* values of type ndarray")


def test_home_folder_is_understood(tmp_path, monkeypatch):
    """A path that begins with ~ is the user's home."""
    write(tmp_path, GOOD)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load("~/table.csv", "y").n_rows == 40


def test_text_that_is_almost_numbers_is_said(tmp_path):
    """One cell 'abc' in a column of numbers makes it words; which cell is said."""
    text = column(["abc" if i == 7 else i % 9 for i in range(60)], "x", header="y")
    text = "y,x\n" + "".join(f"{i % 2},{'abc' if i == 7 else i % 9}\n" for i in range(60))
    notices = load(write(tmp_path, text), "y").notices
    assert any("'abc', first in row 8" in notice for notice in notices)


def test_missing_target_rows_are_dropped_aloud(tmp_path):
    """Rows without a target go, are counted and numbered; the others keep their numbers."""
    values = ["" if i in (2, 5) else i % 2 for i in range(40)]
    data = load(write(tmp_path, column(values)), "y")
    assert data.n_rows == 38
    assert any("2 rows dropped for a missing target: rows 3, 6" in n for n in data.notices)
    fold = data.fold(0)
    used = np.sort(np.concatenate([fold.rows_train, fold.rows_valid, fold.rows_test]))
    assert used.tolist() == [i for i in range(40) if i not in (2, 5)]


def test_row_numbers_in_errors_count_dropped_rows(tmp_path):
    """After dropped rows, an error still names the row as it stands in the file."""
    values = ["", "", -1, *[i % 7 for i in range(37)]]
    refused(write(tmp_path, column(values)), "negative values in row 3,", task="counts")


def test_a_dropped_column_may_hold_anything(tmp_path):
    """Lists cannot be read; a message that says "drop it" must be right."""
    frame = pd.DataFrame({"a": np.arange(40) * 0.3, "l": [[1, 2]] * 40, "y": [0, 1] * 20})
    frame.to_parquet(tmp_path / "t.parquet")
    refused(tmp_path / "t.parquet", "column 'l' .* drop 'l'")
    assert load(tmp_path / "t.parquet", "y", drop="l").columns == ("a",)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_a_byte_order_mark_tells_the_encoding(tmp_path, encoding):
    """Every encoding that writes a mark is read, and means the same table."""
    plain, marked = (load(write(tmp_path, GOOD, encoding=e), "y") for e in ("utf-8", encoding))
    assert plain.fingerprint == marked.fingerprint
