"""What all tests share: a store of their own, so that none writes to the user's."""

import os

import pytest

# Tests run as one process a core (pytest-xdist): more threads than that only wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session", autouse=True)
def _own_store(tmp_path_factory):
    """Point LOSSCOPE_STORE to a temporary file for the whole session."""
    before = os.environ.get("LOSSCOPE_STORE")
    os.environ["LOSSCOPE_STORE"] = str(tmp_path_factory.mktemp("store") / "store.sqlite")
    yield
    if before is None:
        del os.environ["LOSSCOPE_STORE"]
    else:
        os.environ["LOSSCOPE_STORE"] = before


@pytest.fixture
def say(request):
    """Say what a test measured: printed at the end of the run, workers or not."""

    def _say(text):
        request.node.user_properties.append(("said", text))

    return _say


def pytest_terminal_summary(terminalreporter):
    """Print what tests said."""
    said = [
        text
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        for name, text in report.user_properties
        if name == "said"
    ]
    if said:
        terminalreporter.section("measured")
        for text in said:
            terminalreporter.write_line(text)
