#!/usr/bin/env python3
"""Keep the English catalogues: Vietnamese stands in the source, English in each package's locale.

    python tools/catalogues.py                    extract, update, compile every package
    python tools/catalogues.py sen/web …          the named packages only
    python tools/catalogues.py --check            nothing missing, nothing stale, .mo as compiled

A package is every Django application under src/sen with a word marked for translation. Works with
Babel alone; no gettext tools. The .mo files are committed, so that starting needs neither.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
TARGET = "en"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
BEGINNING = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
"""The one date of all catalogues: the history of a file is in its commits."""
NOISE = ('"POT-Creation-Date', '"PO-Revision-Date', '"Generated-By', '"Report-Msgid', '"Last-Trans')
HEADER = "# English catalogue of {package}. Written by tools/catalogues.py; translate msgstr lines."


def main() -> int:
    """Update or check the catalogues; return the exit status."""
    parser = argparse.ArgumentParser(description="Extract, update and compile the catalogues.")
    parser.add_argument("packages", nargs="*", help="as sen/web; all without")
    parser.add_argument("--check", action="store_true", help="compare only")
    options = parser.parse_args()
    packages = [SOURCE / name for name in options.packages] or sorted(applications())
    for unknown in (one for one in packages if not one.is_dir()):
        parser.error(f"{unknown.relative_to(SOURCE)} is no package; write it as sen/web")
    faults: list[str] = []
    for package in packages:
        faults += check(package) if options.check else update(package)
    print("\n".join(faults) if faults else f"catalogues of {len(packages)} packages are complete")
    return 1 if faults else 0


def applications() -> Iterator[Path]:
    """Find every package that may hold words for people: the applications and base."""
    for path in (SOURCE / "sen").rglob("apps.py"):
        yield path.parent
    yield from (SOURCE / "sen/config", SOURCE / "sen/base")


def messages(package: Path) -> Catalog:
    """Return the catalogue of all words marked in a package's Python and templates."""
    catalogue = Catalog(charset="utf-8")
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.html"), *package.rglob("*.txt")]):
        inside = path.relative_to(package)
        if {"tests", "migrations", "locale", "static", "seed"} & set(inside.parts):
            continue
        if any((parent / "apps.py").exists() for parent in _between(path, package)):
            continue
        for _line, marked, comments, context in found_in(path):
            catalogue.add(
                marked,
                locations=[(inside.as_posix(), 0)],
                auto_comments=comments,
                context=context,
            )
    return catalogue


def _between(path: Path, package: Path) -> list[Path]:
    """Return the folders between a file and its package, both left out."""
    parents = list(path.parents)
    return parents[: parents.index(package)]


def found_in(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    """Return the marked words of one file."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        method = "python"
    else:
        # Django turns a template into something with gettext calls; Babel's reader of JavaScript
        # takes it, being less strict about what stands between them than the one of Python.
        text, method = templatize(text, origin=str(path)), "javascript"
    yield from extract(
        method, io.BytesIO(text.encode()), KEYWORDS, ("Translators:",), {"encoding": "utf-8"}
    )


def catalogue_path(package: Path) -> Path:
    """Return where a package's English catalogue lies."""
    return package / "locale" / TARGET / "LC_MESSAGES" / "django.po"


def read(package: Path) -> Catalog:
    """Return the committed catalogue, an empty one where there is none."""
    path = catalogue_path(package)
    if not path.exists():
        return Catalog(locale=TARGET, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=TARGET)


def fresh(package: Path) -> Catalog:
    """Return the committed catalogue brought up to date with the source."""
    catalogue = read(package)
    catalogue.update(messages(package), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    for message in catalogue:
        if message.id == message.context:
            continue
        message.locations = [(name, 0) for name, _line in message.locations]
    catalogue.header_comment = HEADER.format(package=package.relative_to(SOURCE).as_posix())
    catalogue.fuzzy = False
    catalogue.revision_date = catalogue.creation_date = BEGINNING
    return catalogue


def written(catalogue: Catalog) -> bytes:
    """Return the catalogue as it is committed: sorted, without dates and line numbers."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, sort_output=True, include_lineno=False, width=100)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(NOISE)).encode()


def compiled(catalogue: Catalog) -> bytes:
    """Return the compiled catalogue, the same bytes for the same words."""
    buffer = io.BytesIO()
    kept = read_po(io.BytesIO(written(catalogue)), locale=TARGET)
    kept.revision_date = kept.creation_date = BEGINNING
    write_mo(buffer, kept)
    return buffer.getvalue()


def words(catalogue: Catalog) -> dict[object, object]:
    """Return what a compiled catalogue says, whichever Babel wrote it."""
    return {(m.context, _key(m.id)): _key(m.string) for m in catalogue if m.id}


def _key(text: object) -> object:
    return tuple(text) if isinstance(text, list) else text


def untranslated(catalogue: Catalog, package: Path) -> list[str]:
    """Name every message without its English words, or whose placeholders differ."""
    name = package.relative_to(SOURCE).as_posix()
    faults = []
    for message in catalogue:
        if not message.id:
            continue
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if not all(strings):
            faults.append(f"{name}: not translated: {message.id!r}")
            continue
        faults += [f"{name}: {message.id!r}: {error}" for error in message.check(catalogue)]
    return faults


def update(package: Path) -> list[str]:
    """Write a package's catalogue anew; return what is still to be translated."""
    catalogue = fresh(package)
    path = catalogue_path(package)
    if not len(catalogue):
        return []
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(catalogue))
    path.with_suffix(".mo").write_bytes(compiled(catalogue))
    return untranslated(catalogue, package)


def check(package: Path) -> list[str]:
    """Return what is wrong with a package's catalogue, without writing."""
    catalogue, path = fresh(package), catalogue_path(package)
    if not len(catalogue):
        return [f"{path.relative_to(ROOT)}: no word needs it"] if path.exists() else []
    if not path.exists() or not path.with_suffix(".mo").exists():
        return [f"{path.relative_to(ROOT)}: missing; run tools/catalogues.py"]
    faults = untranslated(catalogue, package)
    if path.read_bytes() != written(catalogue):
        faults.append(f"{path.relative_to(ROOT)}: stale; run tools/catalogues.py")
    with path.with_suffix(".mo").open("rb") as file:
        is_compiled = words(read_mo(file)) == words(read_mo(io.BytesIO(compiled(catalogue))))
    if not is_compiled:
        faults.append(
            f"{path.with_suffix('.mo').relative_to(ROOT)}: stale; run tools/catalogues.py"
        )
    return faults


if __name__ == "__main__":
    sys.exit(main())
