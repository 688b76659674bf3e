"""How the documentation is built: `python -m sphinx -W docs docs/_build`."""

from __future__ import annotations

project = "Sen"
author = "The Sen contributors"
project_copyright = "2026, The Sen contributors"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Sen"
html_copy_source = False
myst_heading_anchors = 3
