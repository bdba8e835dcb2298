"""LaTeX that compiles, MathML that is well formed."""

from __future__ import annotations

import shutil
import subprocess
from xml.etree import ElementTree as ET

import pytest

from losscope.derivation import derive, derive_all
from losscope.derivation.printers import latex, mathml
from losscope.losses import get, names

BEGIN, END = r"\begin{document}", r"\end{document}"


def _all(convention):
    for loss in names():
        width = 3 if get(loss).vector else get(loss).heads
        yield derive(
            (4, 6, width), loss, l2=0.01, l1=0.02, sample_weight=True, convention=convention
        )


@pytest.mark.skipif(not shutil.which("pdflatex"), reason="no LaTeX here; CI installs one")
def test_every_loss_compiles(tmp_path):
    """One document of all losses, some with steps and one example, without an error."""
    unfolded = [
        derive((4, 6, width), loss, l2=0.01, l1=0.02, sample_weight=True)
        for loss, width in (("ce", 1), ("ce", 3), ("mse@softmax", 3), ("huber@tanh", 1))
    ]
    document = latex.document(list(_all("course")))
    whole = latex.document(unfolded, steps=True, per_example=True).partition(BEGIN)[2]
    document = document.replace(END, "") + whole
    (tmp_path / "all.tex").write_text(document, encoding="utf-8")
    done = subprocess.run(
        ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "all.tex"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        errors="replace",
    )
    assert done.returncode == 0, done.stdout[-2000:]
    assert (tmp_path / "all.pdf").stat().st_size > 10_000


def test_equations_in_latex():
    """Fractions before matrices, ∘ between arrays, transposes, subscripts."""
    derivation = derive((4, 6, 1), "mse@sigmoid", l2=0.01)
    assert derivation["dZ2"].latex() == (r"dZ_2 = \tfrac{2}{m} (A_2 - Y) \circ A_2 \circ (1 - A_2)")
    assert derivation["dW2"].latex() == r"dW_2 = A_1^{\top} \, dZ_2 + \lambda W_2"
    assert derivation["Z1"].latex() == r"Z_1 = X \, W_1 + b_1"


def test_mathml_is_well_formed():
    """The cost and dZ of every loss parse as XML with a math element at its root."""
    for derivation in _all("rows"):
        for equation in (derivation["J"], derivation["dZ2"]):
            root = ET.fromstring(equation.mathml())
            assert root.tag.endswith("math")


def test_notebooks_show_mathematics():
    """`_repr_latex_` and `_repr_html_` exist for a derivation and for one equation."""
    derivation = derive((4, 6, 1), "ce")
    assert derivation._repr_latex_().startswith(r"\begin{align*}")
    assert derivation._repr_html_().count("<math") == len(derivation.equations)
    assert derivation["dZ2"]._repr_latex_() == r"$\displaystyle dZ_2 = \tfrac{1}{m} (A_2 - Y)$"
    assert derivation["dZ2"]._repr_html_().startswith("<math")


def test_the_page_stands_alone():
    """No script, no address of elsewhere; what differs is said."""
    page = mathml.page(derive_all((4, 6, 1), ["ce", "mse"]), steps=True, per_example=True)
    assert "<script" not in page
    assert page.count("http") == page.count("http://www.w3.org/1998/Math/MathML")
    assert "Equations that the loss changes: dZ2." in page
