"""The committed document of the API: `python -m tools.openapi` writes it anew.

A test of the architecture, which `./sen check` runs, compares it with what the code says.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import django

SNAPSHOT = Path(__file__).resolve().parent.parent / "docs" / "openapi.json"


def document() -> str:
    """Return the document as it is committed."""
    from sen.config.api import api

    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    return json.dumps(schema, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"


def main() -> None:
    """Write the snapshot."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sen.config.settings_test")
    django.setup()
    SNAPSHOT.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
