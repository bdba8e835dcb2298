"""Whatever the program has, the reference has: a page for each, and its words on it."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(not (ROOT / "docs").exists(), reason="not in a checkout")
generate = pytest.importorskip("docs.generate")


@pytest.fixture(scope="module")
def pages():
    """Every page of the reference, by its path."""
    return generate.pages()


def missing(pages):
    """What the pages do not say."""
    from docs.generate.coverage import missing

    return missing(lambda path: pages.get(f"{path}.md"))


def test_nothing_is_without_its_page(pages):
    """Losses, commands, options, findings, public names, parts of networks, metrics, the store."""
    assert missing(pages) == []
    for loss in ("huber", "bce", "focal"):
        assert f"catalogue/{loss}.md" in pages
    assert "--learning-rates" in pages["commands/compare.md"]


@pytest.mark.parametrize("path", ["catalogue/huber", "findings/LS001", "commands/audit", "store"])
def test_a_page_taken_away_is_missed(pages, path):
    """Each kind of page, left out of the reference, is named."""
    left = {name: text for name, text in pages.items() if name != f"{path}.md"}
    assert missing(left) == [f"reference/{path}: there is no such page"]


def test_the_words_of_an_option_are_missed(pages):
    """An option that a page does not explain is named."""
    words = "Passes over the training rows."
    page = pages["commands/compare.md"]
    (said,) = missing({**pages, "commands/compare.md": page.replace(words, "")})
    assert said == f"reference/commands/compare: the page does not say {words!r}"


def test_an_option_without_words_is_refused(monkeypatch):
    """Help text that is taken away fails the check, and so the build."""
    from docs.generate import commands

    epochs = next(p for p in commands.group().commands["compare"].params if p.name == "epochs")
    monkeypatch.setattr(epochs, "help", "")
    with pytest.raises(ValueError, match=r"losscope compare: --epochs N has no help text"):
        commands.expected()


def test_a_finding_whose_file_is_gone_is_missed(pages, monkeypatch):
    """What detects it still speaks of its code, which then has no page."""
    from losscope.auditing import findings

    known = findings.pages()
    left = {code: page for code, page in known.items() if code != "LS005"}
    monkeypatch.setattr(findings, "pages", lambda: left)
    rest = {name: text for name, text in pages.items() if name != "findings/LS005.md"}
    assert missing(rest) == ["reference/findings/LS005: there is no such page"]


def test_writing_removes_what_is_generated_no_more(tmp_path, monkeypatch, pages):
    """A page of a loss that is gone does not stay; the index that is kept by hand does."""
    monkeypatch.setattr(generate, "pages", lambda: {"a/one.md": "one"})
    for name in ("index.md", "a/old.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("kept?", encoding="utf-8")
    generate.write(tmp_path)
    left = {str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*.*")}
    assert left == {"index.md", "a/one.md"}
