#!/usr/bin/env python3
"""Make the skeleton of a system: one page, one right, one entry in the menu, its tests.

    ./sen new-system land_use "Quản lý đất đai"

The files are those of `tools/skeleton`. The new application is written into the settings and its
English catalogue is begun, so that `./sen check` passes at once.
"""

from __future__ import annotations

import argparse
import keyword
import re
import subprocess
import sys
from pathlib import Path
from string import Template

from sen.base import vietnamese
from tools import catalogues

ROOT = Path(__file__).resolve().parent.parent
SKELETON = ROOT / "tools/skeleton"
SYSTEMS = ROOT / "src/sen/systems"
SETTINGS = ROOT / "src/sen/config/settings.py"
LAST = '    "sen.kernel.manifest",\n'
"""The line of the settings before which systems stand."""
DRAWERS = {"utils", "helpers", "common", "misc", "core"}


class Refused(Exception):
    """The system cannot be made; the message says why."""


def main() -> int:
    """Make the system that the command line names; return the exit status."""
    parser = argparse.ArgumentParser(prog="./sen new-system", description="Make a system.")
    parser.add_argument("name", help="the package, an English noun in lower_snake: land_use")
    parser.add_argument("title", help='what people read, in Vietnamese: "Quản lý đất đai"')
    options = parser.parse_args()
    try:
        package = make(options.name, vietnamese.nfc(options.title).strip())
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 1
    print(f"{package.relative_to(ROOT)} · ./sen check · ./sen test {package.relative_to(ROOT)}")
    return 0


def make(name: str, title: str) -> Path:
    """Write a system's files, its line of the settings and its catalogue; return its folder.

    Raises Refused for a name that cannot be used, changing nothing.
    """
    package = SYSTEMS / name
    refuse(name, title, package)
    words = {
        "name": name,
        "title": title,
        "camel": "".join(part.capitalize() for part in name.split("_")),
        "english": english(name),
        "path": "-".join(re.findall(r"[a-z0-9]+", vietnamese.fold(title))),
    }
    for source in sorted(SKELETON.rglob("*.txt")):
        inside = source.relative_to(SKELETON).with_suffix("")
        if inside.parts[0] == "templates":
            inside = Path("templates", name, *inside.parts[1:])
        target = package / inside
        target.parent.mkdir(parents=True, exist_ok=True)
        text = Template(source.read_text(encoding="utf-8")).substitute(words)
        target.write_text(text, encoding="utf-8")
    settings = SETTINGS.read_text(encoding="utf-8")
    SETTINGS.write_text(settings.replace(LAST, f'    "sen.systems.{name}",\n{LAST}', 1), "utf-8")
    translate(package, title)
    for formatter in (["ruff", "format", "--quiet"], ["djangofmt"]):  # names are short or long
        program = Path(sys.executable).with_name(formatter[0])
        command: list[str | Path] = [program, *formatter[1:], package]
        subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    return package


def refuse(name: str, title: str, package: Path) -> None:
    """Raise Refused for what cannot become a system."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name) or keyword.iskeyword(name):
        raise Refused(f"Tên gói phải là lower_snake · not a name in lower_snake: {name}")
    if name in DRAWERS:
        raise Refused(f"Tên gói không nói lên điều gì · this name says nothing: {name}")
    if package.exists():
        raise Refused(f"Đã có hệ thống này · this system exists: {name}")
    if not re.fullmatch(r"[^\W_][^\n\"\\{}$%]{1,60}", title):
        raise Refused(f"Tên hiển thị không dùng được · this title cannot be used: {title}")


def english(name: str) -> str:
    """Return what an English reader sees: the package's name as words."""
    return name.replace("_", " ").capitalize()


def translate(package: Path, title: str) -> None:
    """Write the English catalogue of the skeleton's own words."""
    words = {
        title: english(package.name),
        f"{title}: xem": f"{english(package.name)}: see",
        "Chưa có gì ở đây": "There is nothing here yet",
    }
    catalogue = catalogues.fresh(package)
    for message in catalogue:
        if message.id:
            message.string = words[str(message.id)]
    path = catalogues.catalogue_path(package)
    path.parent.mkdir(parents=True)
    path.write_bytes(catalogues.written(catalogue))
    path.with_suffix(".mo").write_bytes(catalogues.compiled(catalogue))


if __name__ == "__main__":
    sys.exit(main())
