#!/usr/bin/env python3
"""Bring the browser's third-party parts into the tree, checked and reduced.

    python tools/vendor.py            fetch what vendor.toml names (npm), check, reduce, write
    python tools/vendor.py --check    compare the committed files with SHA256SUMS (no network)

Nothing here runs at install or start: what it writes is committed. Fetching needs `npm` and the
libraries fontTools and tinycss2; checking needs the standard library alone.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # started as a file, it still finds its neighbours
WEB = ROOT / "src/sen/web"
VENDOR = WEB / "static/web/vendor"
SUMS = VENDOR / "SHA256SUMS"
PLAN: dict[str, Any] = tomllib.loads((ROOT / "tools/vendor.toml").read_text(encoding="utf-8"))

MIT = """The MIT License (MIT)

Copyright (c) {copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute,
sublicense, and/or sell copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or
substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT
NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND
NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM,
DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT
OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def main() -> int:
    """Fetch and write, or check; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="compare only, without a network")
    if parser.parse_args().check:
        faults = [*changed_files(), *missing_notices()]
        print("\n".join(faults) if faults else f"{len(recorded())} vendored files as recorded")
        return 1 if faults else 0
    with tempfile.TemporaryDirectory() as folder:
        parts = {package["name"]: fetched(package, Path(folder)) for package in PLAN["package"]}
        built = Path(folder) / "built"
        write_all(parts, built)
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.copytree(built, VENDOR)
    SUMS.write_text(
        "".join(f"{digest}  {name}\n" for name, digest in sorted(present().items())),
        encoding="utf-8",
    )
    return 0


def recorded() -> dict[str, str]:
    """Return the digests of SHA256SUMS by file name."""
    lines = SUMS.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def present() -> dict[str, str]:
    """Return the digests of the files that are there."""
    return {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(VENDOR.rglob("*"))
        if path.is_file() and path != SUMS
    }


def changed_files() -> list[str]:
    """Name every vendored file that is missing, added or different from its record."""
    ours, theirs = present(), recorded()
    return [
        f"vendor/{name}: not as recorded in SHA256SUMS"
        for name in sorted(ours.keys() | theirs.keys())
        if ours.get(name) != theirs.get(name)
    ]


def missing_notices() -> list[str]:
    """Name every package that NOTICE does not carry with its version."""
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    wanted = [f"{package['name']} {package['version']}" for package in PLAN["package"]]
    return [f"NOTICE: {line} is not named" for line in wanted if line not in notice]


def fetched(package: dict[str, Any], folder: Path) -> Path:
    """Download one package, check its integrity hash, and return its unpacked folder."""
    spec = f"{package['name']}@{package['version']}"
    packed = subprocess.run(
        ["npm", "pack", "--silent", spec, "--pack-destination", str(folder)],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    archive = folder / packed.stdout.strip().splitlines()[-1]
    digest = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != package["integrity"]:
        sys.exit(f"{spec}: integrity is {digest}, vendor.toml says {package['integrity']}")
    target: Path = folder / package["name"].replace("/", "+")
    with tarfile.open(archive) as tar:
        tar.extractall(target, filter="data")
    return target / "package"


def write_all(parts: dict[str, Path], built: Path) -> None:
    """Write every vendored file from the unpacked packages into a new folder."""
    (built / "licences").mkdir(parents=True)
    for package in PLAN["package"]:
        name = package["name"].strip("@").replace("/", "-")
        theirs = parts[package["name"]] / "LICENSE"
        text = (
            theirs.read_text(encoding="utf-8")
            if theirs.exists()
            else MIT.format(copyright=package["copyright"])
        )
        (built / f"licences/{name}.txt").write_text(text, encoding="utf-8")
    htmx = (parts["htmx.org"] / "dist/htmx.min.js").read_bytes()
    (built / "htmx.js").write_bytes(htmx)
    faces = write_fonts(parts["@fontsource/be-vietnam-pro"] / "files", built)
    write_styles(parts["@tabler/core"] / "dist/css/tabler.css", faces, built)
    write_icons(parts["@tabler/icons"] / "icons/outline", built)


def write_fonts(source: Path, built: Path) -> str:
    """Merge the subsets of each weight; return the `@font-face` rules, fallbacks included."""
    from tools import vendor_fonts  # needs fontTools, so not for --check

    rules = []
    for weight in PLAN["font"]["weights"]:
        file = built / f"be-vietnam-pro-{weight}.woff2"
        subsets = ("latin", "vietnamese")
        vendor_fonts.merged(
            [source / f"be-vietnam-pro-{one}-{weight}-normal.woff2" for one in subsets], file
        )
        ours = vendor_fonts.measure(file, PLAN["font"]["sample"])
        rules.append(
            '@font-face{font-family:"Be Vietnam Pro";font-weight:'
            f'{weight};font-display:swap;src:url("{file.name}") format("woff2")}}'
        )
        rules += [
            fallback_face(theirs, ours)
            for theirs in PLAN["font"]["fallback"]
            if theirs["weight"] == weight
        ]
    return "\n".join(rules)


def fallback_face(theirs: dict[str, Any], ours: Any) -> str:
    """Return the face that stands in for ours until it arrives, in ours' measures."""
    stretch = ours.advance / theirs["advance"]
    local = ",".join(f'local("{name}")' for name in theirs["local"])
    return (
        f'@font-face{{font-family:"{theirs["family"]}";font-weight:{theirs["weight"]};src:{local};'
        f"size-adjust:{stretch:.2%};ascent-override:{ours.ascent / stretch:.2%};"
        f"descent-override:{ours.descent / stretch:.2%};line-gap-override:0%}}"
    )


def write_styles(sheet: Path, faces: str, built: Path) -> None:
    """Write vendor.css: the font faces, then Tabler reduced to the classes of our components."""
    from tools import vendor_css  # needs tinycss2, so not for --check

    rules = PLAN["tabler"]
    used = vendor_css.used_classes(sorted((WEB / "templates").rglob("*.html")))
    purge = vendor_css.Purge(
        classes=frozenset((used | set(rules["allow"])) - set(rules["own"])),
        drop_selectors=tuple(re.compile(one) for one in rules["drop_selectors"]),
        drop_properties=tuple(re.compile(one) for one in rules["drop_properties"]),
        layer="tabler",
    )
    package = next(one for one in PLAN["package"] if one["name"] == "@tabler/core")
    head = f"/*! Tabler {package['version']}, reduced. MIT, (c) {package['copyright']} */\n"
    reduced = purge.reduce(sheet.read_text(encoding="utf-8"))
    (built / "vendor.css").write_text(f"{head}{faces}\n{reduced}", encoding="utf-8")


def write_icons(source: Path, built: Path) -> None:
    """Write one sprite of the icons named in vendor.toml, in the order of their names."""
    symbols = []
    for name in sorted(PLAN["icons"]["names"]):
        svg = (source / f"{name}.svg").read_text(encoding="utf-8")
        body = "".join(re.findall(r"<(?:path|circle|rect|line)[^>]*/>", svg))
        body = re.sub(r"\s+/>", "/>", re.sub(r'<path stroke="none"[^>]*/>', "", body))
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    sprite = '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
    (built / "tabler-icons.svg").write_text(sprite, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
