"""What several benchmarks are told alike: parents of their parsers, each option written once."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any


def parser(
    word: str, description: str | None, *parents: argparse.ArgumentParser
) -> argparse.ArgumentParser:
    """Return the parser of `./sen bench WORD` with what it has in common with others."""
    return argparse.ArgumentParser(
        prog=f"./sen bench {word}", description=description, parents=list(parents)
    )


def _option(flag: str, **told: Any) -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(add_help=False)
    found.add_argument(flag, **told)
    return found


def home(what: str = "an installation; else one of its own") -> argparse.ArgumentParser:
    """Return the option for the installation that is measured."""
    return _option("--home", type=Path, help=what)


def clients(usual: int, what: str) -> argparse.ArgumentParser:
    """Return the option for how many do something at once."""
    return _option("--clients", type=int, default=usual, help=what)


def rounds(usual: int) -> argparse.ArgumentParser:
    """Return the option for how often everything is asked for."""
    return _option("--rounds", type=int, default=usual, help="how often each is asked for")


PORT = _option("--port", type=int, help="where the web listens")
JSON = _option("--json", action="store_true", help="the last line is one object")
SCALE = _option(
    "--scale", type=int, help="among so many dossiers, in an installation built once and kept"
)
