"""Each finding's page: its bad program must give that finding on that line, its good one none."""

from __future__ import annotations

import pytest

from losscope.auditing import findings
from losscope.errors import LosscopeError
from tests.auditing.planted.grid import audit_text

PAGES = findings.pages()


@pytest.mark.parametrize("code", PAGES)
def test_the_bad_example_is_named_on_its_line(code: str) -> None:
    """The page's bad code gives the page's finding, on the line that the page means."""
    page = PAGES[code]
    report = audit_text(page.program(good=False), experiments=False)
    said = [(f["code"], f["line"]) for f in report.get("findings", [])]
    assert code in [c for c, _ in said], report.get("cannot", said)
    if page.line() is not None:
        assert (code, page.line()) in said


@pytest.mark.parametrize("code", PAGES)
def test_the_good_example_is_clean(code: str) -> None:
    """The page's good code gives no finding at all."""
    report = audit_text(PAGES[code].program(good=True), experiments=False)
    assert report.get("findings") == [], report


def test_codes_are_those_of_the_files() -> None:
    """Every page carries its code, a title and a reason; codes are unique and ordered."""
    assert list(PAGES) == sorted(PAGES)
    assert all(p.title and p.why.strip() and p.bad and p.good for p in PAGES.values())


def test_an_unknown_code_lists_those_that_exist() -> None:
    """A wrong code gets one line that names the right ones."""
    with pytest.raises(LosscopeError, match="LS001"):
        findings.get("LS999")


def test_a_page_reads_as_a_manual() -> None:
    """`losscope explain` shows what, why, bad and good."""
    text = findings.get("ls001").text()
    assert all(word in text for word in ("LS001", "Why it hurts", "Bad", "Good"))
