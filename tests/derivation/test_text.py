"""The terminal's view of derivations."""

from __future__ import annotations

import pytest

from losscope.derivation import derive, derive_all
from losscope.derivation.printers.beside import beside
from losscope.derivation.printers.text import screen
from losscope.derivation.printers.unfold import unfold
from losscope.losses import get, names
from losscope.network import Network

FOUNDING = """\
Network   X (4, m) → 6 sigmoid → 1 sigmoid
cost      J = (1/m) Σ ℓ(y, a)

forward   Z1 = W1 X + b1              (6, m)     A1 = σ(Z1)
          Z2 = W2 A1 + b2             (1, m)     A2 = σ(Z2)
loss      ce   ℓ = −y log a − (1 − y) log(1 − a)
          mse  ℓ = (a − y)²
          ce here is bce: binary cross-entropy
backward
   ≠ ce  dZ2 = A2 − Y                                           (1, m)
   ≠ mse dZ2 = 2 (A2 − Y) ∘ A2 ∘ (1 − A2)                       (1, m)
   =     dW2 = (1/m) dZ2 A1ᵀ                                    (1, 6)
   =     db2 = (1/m) Σ over examples of dZ2                     (1, 1)
   =     dZ1 = W2ᵀ dZ2 ∘ A1 ∘ (1 − A1)                          (6, m)
   =     dW1 = (1/m) dZ1 Xᵀ                                     (6, 4)
   =     db1 = (1/m) Σ over examples of dZ1                     (6, 1)
update    W := W − α dW,  b := b − α db      no line above reads J itself
One equation differs: dZ2; all others are shared.
dℓ/dz, example y = 1, from very wrong to very right, at z =
               −6      −4      −2       0       4
   ce      −0.998  −0.982  −0.881  −0.500  −0.018
   mse     −0.005  −0.035  −0.185  −0.250  −0.001  ← slow where most wrong
"""


def test_the_founding_question_on_one_screen():
    """`losscope derive ce mse --convention course` says everything in 24 lines."""
    network = Network((4, 6, 1), activation="sigmoid")
    shown = screen(derive_all(network, ["ce", "mse"], convention="course"))
    *lines, verdict = shown.splitlines()
    assert "\n".join(lines) + "\n" == FOUNDING
    assert verdict.startswith("Checked: 1")
    assert len(lines) < 24


@pytest.mark.parametrize("loss", [*names(), "ce(label_smoothing=0.1, ignore=-100)"])
def test_no_line_is_wider_than_a_terminal(loss):
    """80 columns, whatever the loss, in both conventions, steps and one example included.

    Generated programs keep 88, what formatters of code allow.
    """
    width = 3 if get(loss).vector else get(loss).heads
    options = {"l2": 0.01, "l1": 0.02, "sample_weight": True}
    derivation = derive((4, 6, width), loss, **options)
    for text in (screen([derivation], check=False), unfold(derivation), beside(derivation)):
        assert max(map(len, text.splitlines())) <= 80
    for program in (derivation.numpy(), derivation.torch(), derivation.jax()):
        assert max(map(len, program.splitlines())) <= 88
    many = screen(derive_all((4, 6, width), [loss, "mse", "mae"], convention="course"), check=False)
    assert max(map(len, many.splitlines())) <= 80


def test_equations_read_as_a_person_writes_them():
    """Product before bias, numbers before arrays, A − Y before its factors, penalties last."""
    written = {
        ("ce", "Z1"): "X W1 + b1",
        ("ce", "J"): "(1/m) Σ (−Y ∘ log A2 − (1 − Y) ∘ log(1 − A2)) + (λ/2) Σ W1² + (λ/2) Σ W2²",
        ("ce", "dZ2"): "(A2 − Y) / m",
        ("ce", "dW2"): "A1ᵀ dZ2 + λ W2",
        ("mse@sigmoid", "dZ2"): "2 (A2 − Y) ∘ A2 ∘ (1 − A2) / m",
        ("mae@sigmoid", "dZ2"): "sign(A2 − Y) ∘ A2 ∘ (1 − A2) / m",
        ("mse@tanh", "dZ2"): "2 (A2 − Y) ∘ (1 − A2) ∘ (1 + A2) / m",
        ("hinge", "dZ2"): "−Y ∘ [1 − Y ∘ A2 > 0] / m",
        ("ce", "dZ1"): "dZ2 W2ᵀ ∘ [A1 > 0]",
        ("ce", "db1"): "Σ over examples of dZ1",
    }
    for (loss, name), text in written.items():
        assert derive((4, 6, 1), loss, l2=0.01)[name].text() == text


def test_a_loss_on_its_own_output_makes_two_differences():
    """`mse@identity` beside ce: A2 differs as well as dZ2, and that is said."""
    shown = screen(derive_all((4, 6, 1), ["ce", "mse@identity"]), check=False)
    assert "≠ mse@identity A2 = Z2" in shown
    assert "So does A2" in shown


def test_the_first_loss_chooses_the_shared_output():
    """mse after ce sits on the sigmoid; alone, on the identity."""
    outputs = [d.network.output for d in derive_all((4, 6, 1), ["ce", "mse", "hinge"])]
    assert outputs == ["sigmoid", "sigmoid", "identity"]
    assert derive((4, 6, 1), "mse").network.output == "identity"


def test_softmax_shows_its_jacobian_before_it_collapses():
    """The steps name the chain rule, the Jacobian, the collapse and Σ y = 1."""
    text = unfold(derive((4, 6, 3), "ce"))
    place = -1
    for part in (
        "∂ℓ/∂z_j = Σₖ ∂ℓ/∂a_k ∂a_k/∂z_j",
        "∂a_k/∂z_j = a_k ([k = j] − a_j)                               (3, 3)",
        "∂ℓ/∂a_k = −y_k / a_k",
        "∂ℓ/∂z_j = a_j (∂ℓ/∂a_j − Σₖ a_k ∂ℓ/∂a_k)",
        "dZ2 = (A2 − Y) / m",
        "simplified, with Σₖ y_k = 1",
    ):
        assert text.find(part) > place, part
        place = text.find(part)


def test_one_example_stands_beside_the_batch():
    """Small letters, no sum and no 1/m on the left, as course slides have it."""
    lines = beside(derive((4, 6, 1), "ce", convention="course")).splitlines()
    assert "  dW2 = dz2 a1ᵀ                       dW2 = (1/m) dZ2 A1ᵀ" in lines
    assert "  db2 = dz2                           db2 = (1/m) Σ over examples of dZ2" in lines


def test_a_question_of_each_class_on_a_softmax_is_readable():
    """Binary cross-entropy on a softmax: the gradient in A first, then the softmax around it."""
    text = screen(derive_all((4, 3), [get("ce", task="multiclass"), get("bce@softmax")]))
    assert "dZ1 = A1 ∘ (G − Σₖ G ∘ A1) / m" in text
    assert "where G = (A1 − Y) / (3 A1 ∘ (1 − A1))" in text


def test_a_formula_of_the_users_is_said_once():
    """Its loss line is the formula; prediction stands before target, whichever way it was typed."""
    text = screen([derive((4, 1), "(y - a)**4")])
    assert "your formula" not in text
    assert "ℓ = (a − y)⁴" in text
    assert "dZ1 = 4 (A1 − Y)³ / m" in text


def test_letters_of_one_example_are_small_where_they_are_explained_too():
    """Beside the batch's S and G stand s and g, in the equation and behind its "where"."""
    text = beside(derive((4, 3), get("asymmetric_single")))
    assert "dz1 = a1 ∘ (g − Σₖ g ∘ a1)" in text
    assert "where s = 1/30 + 0.9 y" in text
    assert "and   g = −y ∘ s" in text


def test_rows_compared_by_direction_are_shown_turning():
    """With all other outputs at 0, moving one of them would turn nothing."""
    text = screen(derive_all((4, 3), ["cosine_distance"]))
    assert "y = (1, 0, …), other outputs at 1" in text
    assert "−0.707" in text


def test_an_exponential_output_is_written_in_its_prediction():
    """log(1 + a) and a / (1 + a), not softplus and σ of Z."""
    text = screen(derive_all((4, 1), ["msle"]))
    assert "dZ1 = 2 (log(1 + A1) − log(1 + Y)) ∘ A1 / (m (1 + A1))" in text
