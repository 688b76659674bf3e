"""The words of `./sen`: what is done here, and what is handed over to Sen itself.

Standard library only.
"""

from __future__ import annotations

import ast
import io
import os
import sys
from pathlib import Path
from typing import NoReturn

from tools import environment, installation, phases
from tools.environment import PYTHON, ROOT, Stop, say

WORDS = {
    "bootstrap": "lập môi trường chạy · make the environment (--dev: with the tools)",
    "demo": "chạy thử một tỉnh với dữ liệu giả · run a made-up province (--port, --host, --reset)",
    "serve": "chạy thật · run for real (--port, --host, --workers)",
    "backup": "sao lưu · copy everything, sealed: backup FOLDER (list, verify, drill)",
    "restore": "khôi phục · bring a backup back into an empty home",
    "upgrade": "nâng cấp · back up, then change the tables as these sources need them",
    "test": "chạy mọi kiểm thử · run every test; ./sen test PATH… runs some",
    "check": "soát mã nguồn · format, lint, types, imports, migrations, catalogues",
    "bench": "đo tốc độ · measure: bench dossiers --lives N",
    "new-system": 'lập bộ khung một hệ thống · skeleton of a system: NAME "Tên tiếng Việt"',
}


def main(words: list[str]) -> int:
    """Run one word and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        if not words or words[0] in {"-h", "--help", "help"}:
            _show_words()
            return 0
        return _run(words[0], words[1:])
    except Stop as stop:
        say(str(stop))
        return 1
    except KeyboardInterrupt:
        return 130


def _run(word: str, rest: list[str]) -> int:
    is_developers = word in {"test", "check", "new-system"} or (
        word == "bootstrap" and "--dev" in rest
    )
    environment.bootstrap("dev" if is_developers else "run")
    if word in {"bootstrap", "upgrade"}:
        environment.compile_sources()
    installation.enter(word)
    match word:
        case "bootstrap":
            say(f"Môi trường đã sẵn sàng · environment ready: {environment.VENV}")
            return 0
        case "test":
            return phases.test(rest)
        case "check":
            return phases.check()
        case "bench":
            _hand_over("-m", "bench", *rest)
        case "new-system":
            _hand_over("-m", "tools.new_system", *rest)
    return _hand_over("-m", "sen.config", word, *rest)


def _hand_over(*arguments: str) -> NoReturn:
    """Become the environment's Python with these arguments."""
    sys.stdout.flush()
    os.execve(PYTHON, [str(PYTHON), *arguments], environment.of_sen())  # noqa: S606


def _show_words() -> None:
    """Print the words with one line each."""
    lines = WORDS | _commands()
    width = max(map(len, lines))
    print("./sen WORD …\n")
    for word, line in lines.items():
        print(f"  {word:<{width}}  {line}")
    print("\nMọi lệnh của Django cũng dùng được · every Django command works too: ./sen shell")


def _commands() -> dict[str, str]:
    """Return Sen's own management commands with the first line of each docstring, not imported."""
    paths = (ROOT / "src" / "sen").glob("*/*/management/commands/[!_]*.py")
    return {path.stem: _first_line(path) for path in sorted(paths, key=lambda path: path.stem)}


def _first_line(path: Path) -> str:
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.split("\n")[0]
