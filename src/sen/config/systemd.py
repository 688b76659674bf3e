"""`./sen systemd`: the units by which systemd keeps Sen running and copies it every night.

What follows `--` is said to `serve`: `./sen systemd --user sen -- --port 443 --certificate …`.
Without `--into` the service's unit is printed; with it the units are written into that folder.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

from sen.config.home import write
from sen.config.programs import ROOT

PRIVILEGED_PORTS = 1024
HARDENING = """\

# Nothing can be written but the home{and_backups}; nothing more can be gained than the user has.
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths={writable}
ProtectHome={protect_home}
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectProc={protect_proc}
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
RemoveIPC=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
CapabilityBoundingSet={capabilities}
AmbientCapabilities={capabilities}
"""
SERVICE = (
    """\
# Sen. Written by ./sen systemd; settings of the environment belong into {environment}
[Unit]
Description=Sen: chính quyền số của tỉnh
Documentation=file://{root}/docs/operations.md
Wants=network-online.target
After=network-online.target postgresql.service
StartLimitIntervalSec=0

[Service]
Type=notify
NotifyAccess=main
User={user}
WorkingDirectory={root}
Environment=SEN_HOME={home} PYTHONDONTWRITEBYTECODE=1
EnvironmentFile=-{environment}
ExecStart={root}/sen serve {words}
ExecReload=/bin/kill -USR1 $MAINPID
Restart=on-failure
RestartSec=2
KillMode=mixed
TimeoutStartSec=infinity
TimeoutStopSec=60
WatchdogSec=180
LimitNOFILE=65536
UMask=0027
"""
    + HARDENING
    + """
[Install]
WantedBy=multi-user.target
"""
)
BACKUP = (
    """\
# A sealed copy of Sen. Written by ./sen systemd; sen-backup.timer starts it every night
[Unit]
Description=Sen: sao lưu
Documentation=file://{root}/docs/operations.md
RequiresMountsFor={backups}
After=postgresql.service

[Service]
Type=oneshot
User={user}
WorkingDirectory={root}
Environment=SEN_HOME={home} PYTHONDONTWRITEBYTECODE=1
EnvironmentFile=-{environment}
ExecStart={root}/sen backup {backups} --keep {keep}
Nice=10
UMask=0077
"""
    + HARDENING
)
TIMER = """\
# Written by ./sen systemd
[Unit]
Description=Sen: sao lưu hằng đêm

[Timer]
OnCalendar=*-*-* 02:10:00 Asia/Ho_Chi_Minh
Persistent=true

[Install]
WantedBy=timers.target
"""
KEEP = 14
"""How many backups the nightly one leaves."""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where an installation lies, whose it is. backups: their folder, None where none is made."""

    user: str = "sen"
    home: Path = Path("/var/lib/sen")
    environment: Path = Path("/etc/sen/environment")
    backups: Path | None = None
    root: Path = ROOT


def service(words: list[str], place: Place) -> str:
    """Return the unit that serves. words: what is said to `serve`."""
    ports = [
        int(words[at + 1])
        for at, word in enumerate(words[:-1])
        if word in {"--port", "--plain-port"} and words[at + 1].isdigit()
    ]
    is_privileged = any(port < PRIVILEGED_PORTS for port in ports)
    return SERVICE.format(
        words=" ".join(words),
        capabilities="CAP_NET_BIND_SERVICE" if is_privileged else "",
        protect_proc="invisible",
        **_told(place),
    )


def backup(place: Place) -> str:
    """Return the unit that makes one backup, beside the service or without it.

    It has to see the service's PostgreSQL, which has a right more where the port is low: such
    processes ProtectProc=invisible would hide.
    """
    return BACKUP.format(capabilities="", protect_proc="default", keep=KEEP, **_told(place))


def units(words: list[str], place: Place) -> dict[str, str]:
    """Return every unit by the name of its file."""
    found = {"sen.service": service(words, place)}
    if place.backups:
        found |= {"sen-backup.service": backup(place), "sen-backup.timer": TIMER}
    return found


def _told(place: Place) -> dict[str, object]:
    """Return what both services say of an installation."""
    in_home = any(str(path).startswith(("/home/", "/root/")) for path in (place.root, place.home))
    # a folder that is not there yet, or not mounted, keeps the service from nothing
    writable = f"{place.home} -{place.backups}" if place.backups else str(place.home)
    return {
        "user": place.user,
        "home": place.home,
        "root": place.root,
        "environment": place.environment,
        "backups": place.backups,
        "writable": writable,
        "and_backups": " and the backups" if place.backups else "",
        "protect_home": "read-only" if in_home else "yes",
    }


def main(words: list[str]) -> int:
    """Print the unit that serves, or write all of them."""
    usual = Place()
    parser = argparse.ArgumentParser(prog="./sen systemd", description=__doc__)
    parser.add_argument("--user", default=usual.user, help="người dùng hệ thống · system user")
    parser.add_argument("--home", type=Path, default=usual.home, help="SEN_HOME")
    parser.add_argument("--environment", type=Path, default=usual.environment)
    parser.add_argument(
        "--backups", type=Path, help="thư mục sao lưu hằng đêm · folder of the nightly backups"
    )
    parser.add_argument(
        "--into", type=Path, help="ghi vào thư mục này · write there: /etc/systemd/system"
    )
    parser.add_argument("serve", nargs="*", help="lời cho serve · words for serve, after --")
    told = vars(parser.parse_args(words))
    serve, into = told.pop("serve"), told.pop("into")
    place = Place(**told)
    if into is None:
        sys.stdout.write(service(serve, place))
        return 0
    try:
        for name, text in units(serve, place).items():
            write(into / name, text)
            sys.stdout.write(f"{into / name}\n")
    except OSError as error:
        sys.stderr.write(f"{into}: không ghi được · cannot be written: {error.strerror}\n")
        return 1
    return 0
