"""Installations of a size, built once by `./sen simulate` and kept for the next measurement.

Each lies in a home named by its size, in `bench/` of Sen's home; a stamp says of which schema and
generator it was made. Another schema is migrated to, as an installation would be; another generator
builds it anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from bench.server import ROOT, CannotMeasure
from sen.config import embedded

BYTES, BYTES_A_DOSSIER = 3_000_000_000, 30_000
"""What building takes: what PostgreSQL logs ahead and sorts; a dossier's rows, indexes, files."""
_STAMP = "scale.json"
_MADE_OF = "src/sen/*/*/migrations/*.py"
_PREPARED = ["-m", "sen.config.preparation", "migrate", "demo"]
_GENERATION = "2"
"""Another one where what is laid down differs so much that figures do."""


def home_of(dossiers: int) -> Path:
    """Return the folder of an installation with so many dossiers."""
    sens = Path(os.environ.get("SEN_HOME") or ROOT / "var")
    return sens / "bench" / str(dossiers)


def schema() -> str:
    """Return a digest of what decides how the tables of an installation look."""
    found = hashlib.sha256()
    for path in sorted(ROOT.glob(_MADE_OF)):
        found.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return found.hexdigest()


def ensured(dossiers: int) -> Path:
    """Return the home of an installation with so many dossiers, built where it is not there.

    One that was built half, or by another generator, is deleted first; one of another schema is
    migrated. Raises CannotMeasure.
    """
    home = home_of(dossiers)
    stamp = home / _STAMP
    if is_built(home, dossiers):
        told = json.loads(stamp.read_text(encoding="utf-8"))
        if told["schema"] != schema():
            _say(f"{home}: of another schema; migrated")
            made_of = schema()
            _run(home, [_PREPARED])
            stamp.write_text(json.dumps(told | {"schema": made_of}), encoding="utf-8")
        return home
    if home.exists():
        _say(f"{home}: of another generator, or not finished; built anew")
        embedded.remove(home)
        shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    free, needed = shutil.disk_usage(home).free, BYTES + dossiers * BYTES_A_DOSSIER
    if free < needed:
        raise CannotMeasure(
            f"{home}: {dossiers} dossiers need {needed / 1e9:.0f} GB, {free / 1e9:.0f} GB are free"
        )
    began = time.monotonic()
    made_of = schema()
    _say(f"building {dossiers} dossiers in {home}, kept for the next time")
    _run(home, [_PREPARED, ["-m", "sen.config", "simulate", "--dossiers", str(dossiers)]])
    told = {
        "dossiers": dossiers,
        "generation": _GENERATION,
        "schema": made_of,
        "seconds": round(time.monotonic() - began),
    }
    stamp.write_text(json.dumps(told), encoding="utf-8")
    return home


def is_built(home: Path, dossiers: int) -> bool:
    """Tell whether a home holds so many dossiers by the present generator."""
    try:
        told = json.loads((home / _STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(told["dossiers"] == dossiers and told.get("generation") == _GENERATION)


def environment(home: Path) -> dict[str, str]:
    """Return the environment of a program of a home; no other database, no living year."""
    told = {**os.environ, "SEN_HOME": str(home), "PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    told |= {"SEN_DEMO": "1", "SEN_DEMO_DOSSIERS": "0", "PYTHONUNBUFFERED": "1"}
    for name in ("DATABASE_URL", "SEN_OWNER_DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        told.pop(name, None)
    return told


def _run(home: Path, programs: Sequence[Sequence[str]]) -> None:
    with embedded.running(home):
        for words in programs:
            run = subprocess.run(
                [sys.executable, *words],
                cwd=ROOT,
                env=environment(home),
                stdout=sys.stderr,
                check=False,
            )
            if run.returncode:
                raise CannotMeasure(f"{home}: {' '.join(words[1:])} did not end well")


def _say(text: str) -> None:
    print(f"… {text}", file=sys.stderr, flush=True)
