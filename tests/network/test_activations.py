"""What every activation promises, for whichever files there are: nothing is listed here."""

import inspect

import numpy as np
import pytest

from losscope.calculus.evaluate import compiled
from losscope.calculus.functions import RAW
from losscope.calculus.rules import stabilise
from losscope.derivation import derive, naive
from losscope.derivation.check import check
from losscope.network import Network, activations

NAMES = activations.names()
PLACES = np.array([-30.0, -3.1, -0.7, 0.2, 1.3, 4.0, 30.0])


def function(one):
    """g as it runs, of an array (m, n)."""
    return compiled(stabilise(one.formula(RAW)), (RAW,))


@pytest.mark.parametrize("name", NAMES)
def test_it_says_what_it_is(name):
    """A title and a docstring for its page, and it is found by its aliases."""
    one = activations.get(name)
    assert one.title
    assert inspect.getdoc(type(one))
    assert all(activations.get(alias).name == name for alias in one.aliases)


@pytest.mark.parametrize("name", NAMES)
def test_values_lie_in_the_stated_range(name):
    """Also far out, where every value is still a number (or, for exp, infinite)."""
    one = activations.get(name)
    far = 700.0 if name == "exp" else 1000.0
    z = np.array([[-far, -30.0, -1.0, 0.0, 1.0, 30.0, far]]).T
    rows = np.hstack([z, np.zeros_like(z)]) if one.vector else z
    values = np.asarray(function(one)(rows))
    low, high = one.range
    assert np.all(np.isfinite(values))
    assert np.all((values >= low) & (values <= high))


@pytest.mark.parametrize("name", [n for n in NAMES if not activations.get(n).vector])
def test_the_slope_is_that_of_the_values(name):
    """g′ is derived; here it is measured."""
    one = activations.get(name)
    z, step = PLACES[:, None], 1e-5
    run, slope = function(one), compiled(one.slope(RAW), (RAW,))
    measured = (np.asarray(run(z + step)) - np.asarray(run(z - step))) / (2 * step)
    size = np.abs(np.asarray(run(z))) + 1.0  # differences of rounded values
    assert np.all(np.abs(np.broadcast_to(slope(z), z.shape) - measured) < 1e-8 * size)


@pytest.mark.parametrize("name", [n for n in NAMES if activations.get(n).hidden])
@pytest.mark.parametrize("known", [True, False], ids=["written", "from its file"])
def test_a_network_derives_through_it(name, known, monkeypatch):
    """dW and db below it are right, whether or not the check knows the activation by heart."""
    if not known:
        monkeypatch.delitem(naive.ACTIVATIONS, name)
    found = check(derive(Network((3, 4, 1), activation=name, output="identity"), "mse"))
    assert not found.wrong
    assert found.worst >= 9


def test_the_command_line_names_those_of_hidden_layers():
    """`losscope compare --help` lists each."""
    from losscope.cli.compare import compare

    said = inspect.get_annotations(compare)["activation"].__metadata__[0].help
    hidden = {name for name in NAMES if activations.get(name).hidden}
    assert set(said.rstrip(".").replace(" or ", ", ").split(", ")) == hidden
