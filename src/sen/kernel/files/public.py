"""The door of files: take in, keep, give to a record, hand out, look after."""

from __future__ import annotations

from sen.kernel.files.adapters.storage import NoSpace, StorageAway
from sen.kernel.files.choices import State
from sen.kernel.files.data import FileOwner, Moved, StorageReport, Whereabouts
from sen.kernel.files.models import File
from sen.kernel.files.queries import files, files_of, get, size_limit
from sen.kernel.files.registry import register_owners
from sen.kernel.files.rules import EXTENSIONS
from sen.kernel.files.services.checking import check_bounded
from sen.kernel.files.services.copies import bring_back, copy_out, is_kept
from sen.kernel.files.services.intake import (
    WrongOffset,
    append,
    begin,
    discard,
    finish,
    keep,
    lay_down,
    store,
    take,
)
from sen.kernel.files.services.keeping import purge, remove_orphans, verify, whereabouts
from sen.kernel.files.services.linking import link, unlink
from sen.kernel.files.services.moving import move
from sen.kernel.files.services.past import Copies, Sample
from sen.kernel.files.services.reading import Content, Damaged, open_file, read

__all__ = [
    "EXTENSIONS", "Content", "Copies", "Damaged", "File", "FileOwner", "Moved", "NoSpace", "Sample",
    "State", "StorageAway", "StorageReport", "Whereabouts", "WrongOffset", "append", "begin",
    "bring_back", "check_bounded", "copy_out", "discard", "files", "files_of", "finish", "get",
    "is_kept", "keep", "lay_down", "link", "move", "open_file", "purge", "read", "register_owners",
    "remove_orphans", "size_limit", "store", "take", "unlink", "verify", "whereabouts",
]  # fmt: skip
