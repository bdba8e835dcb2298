"""A comparison saved as pictures and as tables."""

import json
import struct

import pandas as pd
import pytest

from losscope.errors import LosscopeError
from losscope.report import export

from .fixture import result


def test_the_table_holds_losses_and_baselines(whole, tmp_path):
    """CSV and Parquet hold the same rows: full numbers, differences only where there are any."""
    csv = pd.read_csv(export.save(whole, tmp_path / "t.csv"))
    parquet = pd.read_parquet(export.save(whole, tmp_path / "t.parquet"))
    assert list(csv["trained_with"]) == list(parquet["trained_with"])
    assert list(csv["kind"]) == ["loss"] * 3 + ["baseline"] * 2
    assert parquet["log_loss_mean"][1] == whole["table"][1]["metrics"]["log_loss"]["mean"]
    assert csv["difference"].isna().tolist() == [True, False, False, True, True]
    assert parquet["wins"].dtype == "Int64"


def test_json_can_be_read_by_anybody(broken, tmp_path):
    """Missing numbers are null, as JSON has it."""
    text = export.save(broken, tmp_path / "r.json").read_text(encoding="utf-8")
    assert json.loads(text)["name"] == "3f9a12bc"
    assert ": NaN" not in text


def test_pictures_are_saved_on_light_paper(tmp_path):
    """SVG and PNG hold all pictures; no CSS variable is left, since no page stands around them."""
    small = result(seeds=3, epochs=4)
    svg = export.save(small, tmp_path / "p.svg").read_text(encoding="utf-8")
    assert "var(--" not in svg
    for words in ("The way it learned", "Where it ended", "Which differences hold", "ce is better"):
        assert words in svg
    png = export.save(small, tmp_path / "p.png").read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    assert width > 1200
    assert height > width


def test_an_unknown_ending_names_those_that_are_known(whole, tmp_path):
    """One clear line."""
    with pytest.raises(LosscopeError, match=r"ending '.docx'.*\.html \.svg \.png \.csv"):
        export.save(whole, tmp_path / "r.docx")


def test_a_place_that_cannot_be_written_is_said(whole, tmp_path):
    """One clear line."""
    with pytest.raises(LosscopeError, match=r"cannot write .*nowhere"):
        export.save(whole, tmp_path / "nowhere" / "t.csv")
