"""The public face of the package."""

import subprocess
import sys
from importlib import metadata, resources

import pytest

import losscope


@pytest.mark.parametrize("name", losscope.__all__)
def test_every_public_name_is_there(name):
    """Each name in `__all__` loads, and `dir` shows it."""
    assert getattr(losscope, name) is not None
    assert name in dir(losscope)


def test_an_unknown_name_is_an_attribute_error():
    """A misspelled name fails as in any module."""
    with pytest.raises(AttributeError, match="no attribute 'comapre'"):
        losscope.comapre  # noqa: B018


def test_versions_agree():
    """The version in the code is the version of the installed distribution."""
    assert losscope.__version__ == metadata.version("losscope")


def test_runs_as_a_module():
    """`python -m losscope` is the command `losscope`."""
    out = subprocess.run(
        [sys.executable, "-m", "losscope", "--version"], capture_output=True, text=True, check=True
    )
    assert out.stdout == f"losscope {losscope.__version__}\n"


def test_is_typed():
    """Type checkers are told that the package carries its types."""
    assert resources.files("losscope").joinpath("py.typed").is_file()
