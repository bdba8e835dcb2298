"""How Sphinx builds the site: `sphinx-build -W --keep-going -n -b html docs build/docs`."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # `docs`, which is no installed package

import losscope  # noqa: E402

project = "losscope"
author = "the losscope founders"
copyright = "the losscope founders, MIT licence"  # noqa: A001 - Sphinx's word
release = losscope.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "docs.generate.extension",
    "docs.mathml",
]
exclude_patterns = ["**/__pycache__"]
smartquotes = False  # words are often code
default_role = "code"  # docstrings set names in single backticks

myst_enable_extensions = ["dollarmath", "deflist", "attrs_inline"]
myst_heading_anchors = 4

autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
# With -n every name must lead somewhere; those of other projects would need the network.
nitpick_ignore_regex = [("py:.*", r"(?!losscope\.).*"), ("py:.*", r"losscope\..*\._.*")]

html_theme = "furo"
html_title = f"losscope {release}"
html_static_path = ["static"]
html_css_files = ["losscope.css"]
html_copy_source = False
html_show_sphinx = False
html_math_renderer = "mathml"
