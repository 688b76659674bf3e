"""`./sen systemd`: print the unit by which systemd keeps Sen running.

What follows `--` is said to `serve`: `./sen systemd --user sen -- --port 443 --certificate …`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sen.config.programs import ROOT

PRIVILEGED_PORTS = 1024
TEMPLATE = """\
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

# Nothing can be written but the home; nothing more can be gained than the user has.
NoNewPrivileges=yes
ProtectSystem=strict
ReadWritePaths={home}
ProtectHome={protect_home}
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectProc=invisible
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

[Install]
WantedBy=multi-user.target
"""


def unit(words: list[str], *, user: str, home: Path, environment: Path, root: Path = ROOT) -> str:
    """Return the text of a unit. words: what is said to `serve`."""
    ports = [
        int(words[at + 1])
        for at, word in enumerate(words[:-1])
        if word in {"--port", "--plain-port"} and words[at + 1].isdigit()
    ]
    is_privileged = any(port < PRIVILEGED_PORTS for port in ports)
    in_home = any(str(path).startswith(("/home/", "/root/")) for path in (root, home))
    return TEMPLATE.format(
        user=user,
        home=home,
        root=root,
        environment=environment,
        words=" ".join(words),
        capabilities="CAP_NET_BIND_SERVICE" if is_privileged else "",
        protect_home="read-only" if in_home else "yes",
    )


def main(words: list[str]) -> int:
    """Print the unit."""
    parser = argparse.ArgumentParser(prog="./sen systemd", description=__doc__)
    parser.add_argument("--user", default="sen", help="người dùng hệ thống · system user")
    parser.add_argument("--home", type=Path, default=Path("/var/lib/sen"), help="SEN_HOME")
    parser.add_argument("--environment", type=Path, default=Path("/etc/sen/environment"))
    parser.add_argument("serve", nargs="*", help="lời cho serve · words for serve, after --")
    told = parser.parse_args(words)
    sys.stdout.write(unit(told.serve, user=told.user, home=told.home, environment=told.environment))
    return 0
