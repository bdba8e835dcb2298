"""What all tests share: a store of their own, so that none writes to the user's."""

import os

import pytest


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
