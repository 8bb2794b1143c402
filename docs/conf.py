"""Sphinx: MyST pages, furo, formulas by KaTeX."""

import shutil
from importlib.metadata import version as installed

project = "lstmsym"
author = "the lstmsym authors"
copyright = f"2026, {author}"  # Sphinx reads this name
version = release = installed("lstmsym")

extensions = ["myst_parser", "sphinxcontrib.katex"]
myst_enable_extensions = ["amsmath", "deflist", "dollarmath"]
myst_heading_anchors = 3

# With node at hand formulas are set while building, so that pages need no script to be read.
katex_prerender = shutil.which("node") is not None

html_theme = "furo"
html_title = f"lstmsym {release}"
exclude_patterns = ["_build"]
