"""All stand-ins on one server, each under its own name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from simulators.national_identity.site import NationalIdentity
from simulators.registries.site import Registries
from simulators.residence.site import Residence
from simulators.sms.site import Sms
from simulators.web import Answer, Request, StartResponse, page, read, send

StandIn = Callable[[Request], Answer]


def application(stand_ins: Mapping[str, StandIn]) -> Callable[..., Iterable[bytes]]:
    """Return the WSGI application that asks the stand-in named by the first part of the path."""

    def serve(environ: Mapping[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        name = environ.get("PATH_INFO", "/").split("/")[1]
        stand_in = stand_ins.get(name)
        if stand_in is None:
            answer = _index(stand_ins) if not name else page("Không có trang này", "", 404)
        else:
            answer = stand_in(read(environ, prefix=f"/{name}"))
        return send(answer, start_response)

    return serve


def all_stand_ins(
    *,
    client: str,
    secret: str,
    callers: tuple[str, ...],
    registries: tuple[str, str],
    residence: str = "",
) -> dict[str, StandIn]:
    """Return every stand-in by name.

    client, secret: as whom Sen is known. callers: addresses to which a browser may be sent back,
    beside this machine's own. registries: account and secret of Sen there.
    residence: the secret of the province at the system of residence.
    """
    account, word = registries
    return {
        "national-identity": NationalIdentity(client=client, secret=secret, callers=callers),
        "sms": Sms(),
        "registries": Registries(account=account, secret=word),
        "residence": Residence(secret=residence),
    }


def _index(stand_ins: Mapping[str, StandIn]) -> Answer:
    titles = {
        "national-identity": "Định danh và xác thực điện tử quốc gia",
        "sms": "Cổng tin nhắn SMS",
        "registries": "Các cơ sở dữ liệu",
        "residence": "Hệ thống đăng ký, quản lý cư trú",
    }
    links = "".join(f'<li><a href="/{name}/">{titles[name]}</a></li>' for name in stand_ins)
    return page("Các hệ thống mô phỏng", f"<ul>{links}</ul>")
