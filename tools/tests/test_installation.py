from __future__ import annotations

import os
import pwd
import subprocess
import sys

import pytest

from tools import installation
from tools.environment import ROOT, Stop

TEXT = """\
# who is to know
SEN_HOME={home}
SEN_MAIL_FROM=Sen <sen@example.vn>
SEN_PUBLIC_URL = "https://dichvucong.example.vn"
; DATABASE_URL=postgresql://nowhere

nonsense
"""


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The home of an installation whose settings' file is there; the environment says nothing."""
    folder = tmp_path / "home"
    folder.mkdir()
    settings = tmp_path / "environment"
    settings.write_text(TEXT.format(home=folder), encoding="utf-8")
    monkeypatch.setattr(installation, "SETTINGS", settings)
    monkeypatch.setattr(installation.os, "environ", {"SEN_MAIL_FROM": "said@example.vn"})
    return folder


@pytest.fixture
def became(monkeypatch):
    """Who a word goes on as; nobody's rights are given up for a test."""
    found: list[str] = []
    monkeypatch.setattr(installation, "_become", lambda user: found.append(user.pw_name))
    return found


def said() -> dict[str, str]:
    """What the environment says, without what the test's own program puts there."""
    return {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}


def test_file_is_read_as_systemd_does():
    assert list(installation.read(TEXT.format(home="/var/lib/sen"))) == [
        ("SEN_HOME", "/var/lib/sen"),
        ("SEN_MAIL_FROM", "Sen <sen@example.vn>"),
        ("SEN_PUBLIC_URL", "https://dichvucong.example.vn"),
    ]


def test_word_takes_on_the_settings_and_what_was_said_stands_before_them(home, became):
    installation.enter("status")

    assert said() == {
        "SEN_MAIL_FROM": "said@example.vn",
        "SEN_HOME": str(home),
        "SEN_PUBLIC_URL": "https://dichvucong.example.vn",
    }
    assert became == []  # the home is the caller's own


@pytest.mark.parametrize("word", sorted(installation.BESIDE))
def test_words_about_no_installation_leave_it_alone(home, became, word):
    installation.enter(word)

    assert said() == {"SEN_MAIL_FROM": "said@example.vn"}


def test_home_that_is_named_already_is_the_one_that_is_meant(home, became):
    os.environ["SEN_HOME"] = "/srv/another"

    installation.enter("status")

    assert said() == {"SEN_MAIL_FROM": "said@example.vn", "SEN_HOME": "/srv/another"}


def test_machine_without_an_installation_is_as_before(home, became):
    installation.SETTINGS.unlink()

    installation.enter("status")

    assert said() == {"SEN_MAIL_FROM": "said@example.vn"}


def test_settings_without_their_home_are_told_of(home, became):
    home.rmdir()

    with pytest.raises(Stop, match="No such file or directory"):
        installation.enter("status")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_root_goes_on_as_the_user_of_the_home(home):
    nobody = pwd.getpwnam("nobody")
    os.chown(home, nobody.pw_uid, nobody.pw_gid)
    program = (
        "import os, pathlib, sys; from tools import installation\n"
        "installation.SETTINGS = pathlib.Path(sys.argv[1]); installation.enter('status')\n"
        "print(os.getresuid(), os.getresgid(), os.getgroups(), os.environ['USER'])"
    )

    said = subprocess.run(
        [sys.executable, "-c", program, installation.SETTINGS],
        cwd=ROOT, env={}, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip

    uid, gid = nobody.pw_uid, nobody.pw_gid
    assert said == f"{(uid,) * 3} {(gid,) * 3} [{gid}] nobody\n"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_who_may_not_read_the_settings_is_told_what_to_do(home, became):
    installation.SETTINGS.chmod(0)

    with pytest.raises(Stop, match="SEN_HOME"):
        installation.enter("status")
