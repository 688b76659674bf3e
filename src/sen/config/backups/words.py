"""`./sen backup`, `./sen restore`, `./sen upgrade`: what the operator says and is told."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from sen.base.errors import DomainError
from sen.config import embedded
from sen.config.backups import homes, sealing, shelf
from sen.config.console import Console
from sen.config.home import CannotStart, claim, home_from_environment

WORDS = ("backup", "restore", "upgrade")
KEEP = 14


def main(words: list[str]) -> int:
    """Run one word and return its exit code."""
    options = _parser().parse_args(words)
    console = Console()
    try:
        run: Callable[[argparse.Namespace, Console], None] = options.run
        run(options, console)
    except (CannotStart, OSError, DomainError) as error:
        console.say(f"\n{error}")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./sen", description=__doc__)
    words = parser.add_subparsers(required=True)
    backup = words.add_parser("backup", help="sao lưu · make, list, verify or try backups")
    backup.add_argument(
        "words", nargs="*", metavar="[list|verify|drill] FOLDER", help="SEN_BACKUPS by default"
    )
    backup.add_argument("--keep", type=_number, help=f"giữ mấy bản · how many stay ({KEEP})")
    _takes_key(backup)
    backup.set_defaults(run=_backup)
    restore = words.add_parser("restore", help="khôi phục · restore a backup into this home")
    restore.add_argument("backup", type=Path, help="a backup, or a folder of them: its newest")
    restore.add_argument("--replace", action="store_true", help="put away what is here")
    restore.add_argument("--without-secrets", action="store_true", help="sealed answers are lost")
    _takes_key(restore)
    restore.set_defaults(run=_restore)
    upgrade = words.add_parser("upgrade", help="nâng cấp · back up, then change the tables")
    upgrade.add_argument("folder", nargs="?", type=Path, help="SEN_BACKUPS by default")
    upgrade.add_argument("--no-backup", action="store_true", help="there is a copy already")
    upgrade.add_argument("--remove-old", action="store_true", help="delete the former PostgreSQL's")
    upgrade.set_defaults(run=_upgrade)
    return parser


def _takes_key(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--key", type=Path, help="khóa mở bản sao lưu · file with the age key")


def _number(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("1, 2, 3, …")
    return number


def _backup(options: argparse.Namespace, console: Console) -> None:
    words = list(options.words)
    what = words.pop(0) if words[:1] and words[0] in {"list", "verify", "drill"} else "make"
    folder = backups_folder(Path(words[0]) if words else None)
    acts = {"make": _make, "list": _list, "verify": _verify, "drill": _drill}
    acts[what](folder, options, console)


def backups_folder(given: Path | None) -> Path:
    """Return where backups are kept: as given, or by `SEN_BACKUPS`. Raises CannotStart."""
    told = os.environ.get("SEN_BACKUPS")
    if given is None and not told:
        raise CannotStart(
            "Sao lưu vào đâu? ./sen backup THƯ-MỤC, hoặc đặt SEN_BACKUPS · where to? "
            "./sen backup FOLDER, or set SEN_BACKUPS; best on another machine's disk"
        )
    return (given or Path(str(told))).resolve()


def server(home: Path) -> Any:
    """Keep the embedded server running for as long as it is needed, where there is one."""
    return nullcontext() if os.environ.get("DATABASE_URL") else embedded.running(home)


def _make(folder: Path, options: argparse.Namespace, console: Console) -> None:
    home = claim(home_from_environment())
    with homes.sole(home, "backup"), shelf.opened(folder), server(home):
        make(home, folder, options.keep or KEEP, console)


def make(home: Path, folder: Path, keep: int, console: Console) -> None:
    """Make a backup, write it down, let the oldest go. The shelf is held by the caller."""
    had_key = (home / "secrets" / sealing.KEY).exists()
    made = django().make(home, folder, console)
    console.say(f"  {made.folder}  {made.contents.rows} dòng · rows, {made.contents.took_s} s")
    gone = shelf.prune(folder, keep=keep)
    if gone:
        console.say(f"  bỏ bản cũ · old ones deleted: {', '.join(gone)}")
    if not had_key and not os.environ.get("SEN_BACKUP_RECIPIENTS"):
        console.say(
            f"\nThư mục {home / 'secrets'} KHÔNG nằm trong bản sao lưu. Hãy chép nó ra nơi khác "
            "ngay: không có nó thì không mở được bản sao lưu nào.\n"
            f"{home / 'secrets'} is NOT in the backup. Copy it to another safe place now: without "
            "it no backup can be opened."
        )


def _list(folder: Path, _options: argparse.Namespace, console: Console) -> None:
    for backup in shelf.backups(folder):
        held = backup.contents
        console.say(
            f"{backup.name}  Sen {held.sen}  {held.rows:>10} dòng · rows  {held.files:>8} tệp · "
            f"files  {held.size / 1e6:>9.1f} MB"
        )


def _verify(folder: Path, options: argparse.Namespace, console: Console) -> None:
    backup = shelf.find(folder)
    keys = sealing.keys(claim(home_from_environment()), options.key)
    count = django().verify_backup(backup, keys)
    console.say(f"{backup.name}: {count} tệp · files, tất cả mở được · everything opens")


def _drill(folder: Path, options: argparse.Namespace, console: Console) -> None:
    from sen.config.backups import drill

    home = claim(home_from_environment())
    backup = shelf.find(folder)
    drill.run(home, backup, options.key, console)
    with server(home):
        django().record_drill(backup)
    console.say("Diễn tập khôi phục đạt · the drill went well")


def _restore(options: argparse.Namespace, console: Console) -> None:
    home = claim(home_from_environment())
    backup = shelf.find(options.backup.resolve())
    homes.check_secrets(home, backup, without_secrets=options.without_secrets)
    keys = sealing.keys(home, options.key)
    with homes.idle(home), server(home):
        django().restore(home, backup, keys, replace=options.replace, console=console)
    console.say(f"Đã khôi phục · restored: {backup.name}; ./sen serve")


def _upgrade(options: argparse.Namespace, console: Console) -> None:
    from sen.config.backups import upgrading

    upgrading.run(options, console)


def django() -> Any:
    """Return what needs Django, set up now: settings make the secrets that a home lacks."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sen.config.settings")
    import django as framework

    framework.setup()
    from sen.config.backups import installation

    return installation


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
