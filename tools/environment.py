"""The environment of Sen: a virtual environment with exactly the locked packages.

Standard library only: it runs before anything is installed. An installation is guarded by a lock,
so that two starts at once do not collide, and leaves its stamp last, so that one that was cut off
is seen and repaired.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

Kind = Literal["run", "dev"]

ROOT = Path(__file__).resolve().parents[1]
VENV = Path(os.path.abspath(os.environ.get("SEN_VENV") or ROOT / ".venv"))  # noqa: PTH100 - a link stays one
PYTHON = VENV / "bin" / "python"
UV = VENV / "uv" / "bin" / "uv"
"""The installer, in an environment of its own so that a sync does not remove it."""
STAMP = VENV / "sen-stamp.json"
UNFINISHED = VENV / "sen-unfinished"
LOCKS = {
    "run": ROOT / "requirements.lock",
    "dev": ROOT / "requirements-dev.lock",
    "uv": ROOT / "requirements-uv.lock",
}

REASONS = (
    (
        ("ensurepip", "No module named venv"),
        "Python thiếu mô-đun venv · Python lacks its venv module (apt install python3-venv)",
    ),
    (("No space left", "os error 28"), "Hết chỗ trên đĩa · the disk is full"),
    (
        ("hash mismatch", "Hash mismatch", "do not match", "DO NOT MATCH"),
        "Gói tải về không đúng mã băm đã khóa · a package is not the one that was locked",
    ),
    (
        ("onnect", "resolve", "etwork", "timed out", "dns error", "No matching distribution"),
        "Không tải được gói, hãy kiểm tra mạng hoặc PIP_INDEX_URL · cannot download packages",
    ),
)
"""Signs in an installer's output, and what to tell the person."""


class Stop(Exception):
    """Ends the command with a plain message."""


def bootstrap(kind: Kind) -> None:
    """Bring the environment to the locked versions; quick when it is there already.

    kind: `dev` is a superset of `run`. Raises Stop.
    """
    if is_ready(kind):
        return
    try:
        VENV.mkdir(parents=True, exist_ok=True)
        with _lock():
            if not is_ready(kind):
                _install(kind)
    except OSError as error:
        raise Stop(f"Không cài được vào · cannot install into {VENV}: {error.strerror}") from error


def compile_sources() -> None:
    """Leave bytecode beside the sources, for a service that may read them and not write there."""
    folders = [ROOT / name for name in ("src", "tools")]
    if all(os.access(folder, os.W_OK) for folder in folders):
        _run([PYTHON, "-m", "compileall", "-q", *folders])


def is_ready(kind: Kind) -> bool:
    """Return whether the last finished installation is what the lock files ask for."""
    stamp = _stamp()
    wanted = ("run", "dev") if kind == "dev" else ("run",)
    return all(stamp.get(name) == _digest(name) for name in wanted)


def of_sen() -> dict[str, str]:
    """Return the variables with which Sen's own code runs."""
    told = {name: text for name, text in os.environ.items() if name != "PYTHONHOME"}
    told.setdefault("DJANGO_SETTINGS_MODULE", "sen.config.settings")
    told["SEN_HOME"] = os.path.abspath(told.get("SEN_HOME") or ROOT / "var")  # noqa: PTH100
    told["PATH"] = f"{VENV / 'bin'}{os.pathsep}{told.get('PATH', os.defpath)}"
    told["PYTHONPATH"] = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
    told["VIRTUAL_ENV"] = str(VENV)
    told["PYTHONNOUSERSITE"] = told["PYTHONUTF8"] = "1"
    return told


def say(text: str) -> None:
    """Tell the person at the terminal, without disturbing what a word prints."""
    sys.stderr.write(text + "\n")


@contextmanager
def _lock() -> Iterator[None]:
    """Hold the environment's folder: it stays when its contents are cleared."""
    descriptor = os.open(VENV, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Đang chờ một lần cài đặt khác · waiting for another installation")
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _install(kind: Kind) -> None:
    stamp = _stamp()
    is_foreign = not stamp and PYTHON.exists() and not UNFINISHED.exists()
    if "dev" in stamp or is_foreign:
        kind = "dev"  # what a developer has installed stays
    needs_repair = UNFINISHED.exists()
    began = time.monotonic()
    _make_venv()
    UNFINISHED.touch()
    STAMP.unlink(missing_ok=True)
    _make_uv()
    say("Đang cài các gói đã khóa · installing the locked packages")
    reinstall = ["--reinstall"] if needs_repair else []
    _run(
        [
            UV, "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode", *reinstall,
            "--python", PYTHON, LOCKS[kind],
        ],
        _uv_variables(),
    )  # fmt: skip
    names = ("run", "dev") if kind == "dev" else ("run",)
    new = STAMP.with_suffix(".new")
    new.write_text(json.dumps({name: _digest(name) for name in names}), encoding="ascii")
    new.replace(STAMP)
    UNFINISHED.unlink()
    say(f"Xong · done ({time.monotonic() - began:.0f} s)")


def _make_venv() -> None:
    """Make the virtual environment, again if its Python is gone or of another version."""
    version = tuple(sys.version_info[:2])
    probe = f"import sys; sys.exit(sys.version_info[:2] != {version!r})"
    if PYTHON.exists() and _is_success([PYTHON, "-I", "-c", probe]):
        return
    say(f"Đang lập môi trường · making the environment in {VENV}")
    _run([sys.executable, "-m", "venv", "--clear", "--without-pip", VENV])


def _make_uv() -> None:
    """Install the pinned installer, checked by its hashes."""
    stamp = UV.parents[1] / "sen-stamp"
    if stamp.exists() and stamp.read_text(encoding="ascii") == _digest("uv"):
        return
    say("Đang lấy bộ cài đặt · fetching the installer (uv)")
    _run([sys.executable, "-m", "venv", "--clear", UV.parents[1]])
    _run(
        [
            UV.with_name("python"), "-m", "pip", "install", "--quiet", "--no-deps",
            "--disable-pip-version-check", "--require-hashes", "--only-binary=:all:",
            "-r", LOCKS["uv"],
        ]
    )  # fmt: skip
    stamp.write_text(_digest("uv"), encoding="ascii")


def _uv_variables() -> dict[str, str]:
    """Return the variables for uv: the mirror that pip was told of, and a cache it can write."""
    told = {name: text for name, text in os.environ.items() if name != "VIRTUAL_ENV"}
    told |= {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}
    listed = subprocess.run(
        [UV.with_name("python"), "-m", "pip", "config", "list"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    for line in listed.stdout.splitlines():
        name, _, text = line.partition("=")
        ours = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}.get(name.split(".")[-1])
        if ours:
            told.setdefault(ours, text.strip().strip("'\""))
    cache = Path(told.get("XDG_CACHE_HOME") or Path("~").expanduser() / ".cache")
    while not cache.exists():
        cache = cache.parent
    if not os.access(cache, os.W_OK):
        told.setdefault("UV_NO_CACHE", "1")
    return told


def _run(command: list[str | Path], variables: Mapping[str, str] | None = None) -> None:
    """Run one step of the installation.

    Raises Stop with what is in the way, in plain words, and the installer's own last lines.
    """
    hidden = {"PYTHONHOME", "PYTHONPATH"}
    result = subprocess.run(
        command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        errors="replace",
        env=variables or {name: text for name, text in os.environ.items() if name not in hidden},
    )  # fmt: skip
    if result.returncode == 0:
        return
    text = result.stdout.strip()
    reason = next(
        (words for signs, words in REASONS if any(sign in text for sign in signs)),
        "Cài đặt không thành công · the installation failed",
    )
    raise Stop("\n    ".join([reason, *text.splitlines()[-12:]]))


def _is_success(command: list[str | Path]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _digest(name: str) -> str:
    return hashlib.sha256(LOCKS[name].read_bytes()).hexdigest()


def _stamp() -> dict[str, str]:
    """Return what the last finished installation was made from, nothing if there is none."""
    try:
        found = json.loads(STAMP.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) and PYTHON.exists() else {}
