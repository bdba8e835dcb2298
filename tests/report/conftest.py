"""One result and one page for all tests of this room: the script bundle takes seconds to make."""

import pytest

from losscope.report import page

from .fixture import failed, result


@pytest.fixture(scope="session")
def whole():
    """Give a result in which everything went well."""
    return result()


@pytest.fixture(scope="session")
def broken():
    """Give a result in which two runs failed."""
    return failed(result())


@pytest.fixture(scope="session")
def html(whole):
    """Give the page of the whole result."""
    return page.html(whole)
