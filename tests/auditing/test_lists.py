"""Weights as plain numbers in lists, dicts and objects, as most are first written."""

from __future__ import annotations

import numpy as np
import pytest

from losscope.auditing import lists
from losscope.auditing.leaves import arrays_in, lookup, replace, spelled
from tests.auditing.planted.grid import audit_text

NEURONS = """import random
from math import exp

random.seed(1)


def activate(weights, inputs):
    activation = weights[-1]
    for i in range(len(weights) - 1):
        activation += weights[i] * inputs[i]
    return activation


def forward(network, row):
    inputs = row
    for layer in network:
        new_inputs = []
        for neuron in layer:
            neuron["output"] = 1.0 / (1.0 + exp(-activate(neuron["weights"], inputs)))
            new_inputs.append(neuron["output"])
        inputs = new_inputs
    return inputs


def slope(output):
    return output * (1.0 - output)


def backward(network, expected):
    for i in reversed(range(len(network))):
        layer = network[i]
        errors = []
        if i != len(network) - 1:
            for j in range(len(layer)):
                error = 0.0
                for neuron in network[i + 1]:
                    error += neuron["weights"][j] * neuron["delta"]
                errors.append(error)
        else:
            for j in range(len(layer)):
                errors.append(layer[j]["output"] - expected[j])
        for j in range(len(layer)):
            layer[j]["delta"] = errors[j] * slope(layer[j]["output"])


def update(network, row, l_rate):
    for i in range(len(network)):
        inputs = row[:-1]
        if i != 0:
            inputs = [neuron["output"] for neuron in network[i - 1]]
        for neuron in network[i]:
            for j in range(len(inputs)):
                neuron["weights"][j] -= l_rate * neuron["delta"] * inputs[j]
            neuron["weights"][-1] -= l_rate * neuron["delta"]


def layer(size, inputs):
    return [{"weights": [random.random() for _ in range(inputs + 1)]} for _ in range(size)]


dataset = [[2.8, 2.6, 0], [1.5, 2.4, 0], [3.4, 4.4, 0], [7.6, 2.8, 1], [5.3, 2.1, 1], [6.9, 1.8, 1]]
network = [layer(2, 2), layer(2, 2)]
for epoch in range(20):
    sum_error = 0
    for row in dataset:
        outputs = forward(network, row)
        expected = [0, 0]
        expected[row[-1]] = 1
        sum_error += sum([(expected[i] - outputs[i]) ** 2 for i in range(len(expected))])
        backward(network, expected)
        update(network, row, 0.5)
    print(epoch, sum_error)
"""


def test_neurons_in_dicts_descend_the_squared_error() -> None:
    """One row a layer: its weights, and its biases, which another line writes."""
    report = audit_text(NEURONS, experiments=False)
    assert report["findings"] == []
    assert report["loss"] == "½ Σ (outputs − expected)²"
    assert [(p["name"], p["line"], p["answer"]) for p in report["parameters"]] == [
        ("network[0][:]['weights'][:-1]", 53, "yes"),
        ("network[0][:]['weights'][-1]", 54, "yes"),
        ("network[1][:]['weights'][:-1]", 53, "yes"),
        ("network[1][:]['weights'][-1]", 54, "yes"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        pytest.param(
            "return output * (1.0 - output)",
            "return 1.0 - output",
            "LS013",
            26,
            marks=pytest.mark.slow,
        ),
        pytest.param(
            'layer[j]["output"] - expected[j]',
            'expected[j] - layer[j]["output"]',
            "LS011",
            41,
            marks=pytest.mark.slow,
        ),
        (
            'neuron["weights"][-1] -= l_rate * neuron["delta"]',
            'bias = neuron["weights"][-1] - l_rate * neuron["delta"]',
            "LS010",
            54,
        ),
    ],
)
def test_a_fault_in_a_network_of_neurons_is_named_at_its_line(
    old: str, new: str, code: str, line: int
) -> None:
    """The causes are sought as they are where layers are arrays."""
    assert NEURONS.count(old) == 1
    report = audit_text(NEURONS.replace(old, new), experiments=False)
    assert {(f["code"], f["line"]) for f in report["findings"]} == {(code, line)}


def test_an_update_of_a_number_that_goes_nowhere_is_found() -> None:
    """Each neuron keeps its bias beside its weights, and a line forgets to write it back."""
    text = (
        "import random\nrandom.seed(1)\n"
        "units = [{'w': [random.random() for _ in range(3)], 'b': 0.3} for _ in range(2)]\n"
        "data = [([random.random() for _ in range(3)], [random.random(), random.random()])\n"
        "        for _ in range(9)]\n"
        "for epoch in range(5):\n    for x, t in data:\n        total = 0.0\n"
        "        for u, y in zip(units, t):\n"
        "            out = sum(a * b for a, b in zip(u['w'], x)) + u['b']\n"
        "            e = out - y\n            total += 0.5 * e ** 2\n"
        "            for j in range(3):\n                u['w'][j] -= 0.1 * e * x[j]\n"
        "            b = u['b'] - 0.1 * e\n        print(total)\n"
    )
    report = audit_text(text, experiments=False)
    assert [(f["code"], f["line"], f["parameters"]) for f in report["findings"]] == [
        ("LS010", 15, ["units[:]['b']"])
    ]


@pytest.mark.slow
def test_an_update_with_the_last_change_in_it_is_not_accused() -> None:
    """A share of the last change, kept in lists, is momentum: no gradient of any loss by itself."""
    text = (
        "import random\nrandom.seed(1)\nw = [random.random() for _ in range(4)]\n"
        "last = [0.0] * 4\n"
        "data = [([random.random() for _ in w], random.random()) for _ in range(20)]\n"
        "for i in range(100):\n    x, t = data[i % 20]\n"
        "    out = sum(a * b for a, b in zip(w, x))\n    print(0.5 * (out - t) ** 2)\n"
        "    for j in range(len(w)):\n        change = (t - out) * x[j]\n"
        "        w[j] = w[j] + 0.1 * change + 0.05 * last[j]\n        last[j] = change\n"
    )
    report = audit_text(text, experiments=False)
    assert report["findings"] == []


def test_lists_of_numbers_are_arrays_and_what_neurons_hold_is_laid_together() -> None:
    """Rows of one length are a matrix; rows of several lengths, and layers, stay apart."""
    held = {
        "m": [[1.0, 2.0], [3.0, 4.0]],
        "ragged": [[1.0], [2.0, 3.0]],
        "net": [[{"w": [1.0, 2.0], "n": 1}, {"w": [3.0, 4.0], "n": 2}], [{"w": [5.0, 6.0]}]],
        "layers": [{"W": np.ones((2, 2)), "rate": 0.1}, {"W": np.ones((2, 2)), "rate": 0.2}],
        "labels": [0, 1],
    }
    values = {"local": {}, "global": held, "class": {}, "cell": {}}
    found = arrays_in(values)
    assert {spelled(path): np.shape(value) for path, value in found.items()} == {
        "m": (2, 2),
        "ragged[0]": (1,),
        "ragged[1]": (2,),
        "net[0][:]['w']": (2, 2),
        "net[1][0]['w']": (2,),
        "layers[0]['W']": (2, 2),
        "layers[0]['rate']": (),
        "layers[1]['W']": (2, 2),
        "layers[1]['rate']": (),
    }


def test_numbers_are_put_into_the_lists_themselves() -> None:
    """Another name of the list sees them; a number that stays the same stays an int."""
    row = [1.5, 2]
    values = {
        "local": {},
        "global": {"net": [{"w": row}, {"w": [0.0, 0.0]}]},
        "class": {},
        "cell": {},
    }
    (path,) = arrays_in(values)
    replace(values, path, np.array([[7.0, 2.0], [8.0, 9.0]]))
    assert row == [7.0, 2]
    assert type(row[1]) is int
    last = (*path, ("part", lists.Part(1, 1, 2, "[-1]")))
    replace(values, last, np.array([5.0, 6.0]))
    assert lookup(values, last).tolist() == [5.0, 6.0]
    assert values["global"]["net"] == [{"w": [7.0, 5.0]}, {"w": [8.0, 6.0]}]


@pytest.mark.parametrize(
    ("lines", "rows", "names"),
    [
        ([[3, 3, 4], [3, 3, 4]], 1, ["[:-1]", "[-1]"]),
        ([4, 3, 3], 0, ["[0]", "[1:]"]),
        ([[0, 3, 4], [3, 0, 4]], 1, ["[:-1]", "[-1]"]),
        ([3, 0, 3], 0, []),
        ([[3, 3, 0], [3, 3, 0]], 1, ["[:-1]", "[-1]"]),
        ([[3, 4], [4, 3]], 0, []),
        ([[3, 3], [4, 4]], 1, []),
        ([[3, 4], [3, 4]], 0, ["[:, 0]", "[:, 1]"]),
    ],
)
def test_a_list_is_cut_where_another_line_writes_it(lines, rows, names) -> None:
    """What no line writes goes with its neighbour; what no axis parts stays whole."""
    assert [part.text for part in lists.parts(np.array(lines), rows)] == names
