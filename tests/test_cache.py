"""The cache of costly text: whole or not at all, and never in the way."""

import pytest

from losscope import cache


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """A cache of the test's own."""
    monkeypatch.delenv("LOSSCOPE_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "losscope"


def test_a_text_is_made_once_for_a_version():
    """The second call reads; another version makes another text."""
    calls = []

    def make():
        calls.append(1)
        return "σ\r\n</script>" * 3

    assert cache.text("a", "1", make) == cache.text("a", "1", make)
    assert len(calls) == 1
    cache.text("a", "2", make)
    assert len(calls) == 2


def test_a_file_cut_short_is_made_again(own_folder):
    """Half a file is no cache: its digest does not fit."""
    cache.text("a", "1", lambda: "x" * 1000)
    (path,) = own_folder.iterdir()
    path.write_bytes(path.read_bytes()[:500])
    assert cache.text("a", "1", lambda: "new") == "new"
    assert cache.text("a", "1", lambda: "newer") == "new"


def test_a_folder_that_cannot_be_made_costs_nothing_but_time(own_folder):
    """Where no cache can be kept the text is made, and nothing is said."""
    own_folder.write_text("a file where the folder should be")
    assert cache.text("a", "1", lambda: "made") == "made"
