"""What is unpacked of a backup into a home."""

from __future__ import annotations

import io
import stat
import tarfile

import pytest

from sen.config.backups import restoring
from sen.config.backups.sealing import Broken


def packed(*members: tuple[str, bytes, bytes]) -> bytes:
    """A tar of members: name, kind, content."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, kind, content in members:
            one = tarfile.TarInfo(name)
            one.type, one.size, one.mode = kind, len(content), 0o644
            if kind == tarfile.SYMTYPE:
                one.linkname = "/etc/passwd"
            archive.addfile(one, io.BytesIO(content))
    return made.getvalue()


def test_folders_and_files_come_back_for_their_owner_alone(tmp_path):
    restoring._unpack(
        packed(("signing", tarfile.DIRTYPE, b""), ("signing/a/key", tarfile.REGTYPE, b"k")),
        tmp_path,
    )

    key = tmp_path / "signing" / "a" / "key"
    assert key.read_bytes() == b"k"
    assert [stat.S_IMODE(one.stat().st_mode) for one in (key, *key.parents[:2])] == [
        0o600, 0o700, 0o700,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kind"),
    [("../out", tarfile.REGTYPE), ("/tmp/out", tarfile.REGTYPE), ("link", tarfile.SYMTYPE)],
)
def test_what_is_no_file_of_the_home_is_refused_before_anything_is_written(tmp_path, name, kind):
    home = tmp_path / "home"
    home.mkdir()

    with pytest.raises(Broken):
        restoring._unpack(packed(("signing/key", tarfile.REGTYPE, b"k"), (name, kind, b"")), home)
    assert list(tmp_path.rglob("*")) == [home]
