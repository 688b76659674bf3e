"""The stand-in's addresses: discovery, consent, token, user info, logout, faults."""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode, urlsplit

from sen.base import clock
from simulators.national_identity.grants import TOKEN_SECONDS, Grant, Grants, Issuer, claims
from simulators.national_identity.people import people
from simulators.web import Answer, Request, choices, json_answer, page, redirect

LEVELS = {"LoA1": "Mức độ 1", "LoA2": "Mức độ 2 (sinh trắc học, giấy tờ tích hợp)"}
FAULTS = {
    "": "Không có lỗi",
    "wrong_signature": "Chữ ký của mã định danh sai",
    "wrong_nonce": "Mã chống phát lại (nonce) sai",
    "wrong_audience": "Cấp cho ứng dụng khác",
    "unknown_level": "Mức độ xác thực lạ",
    "no_number": "Thiếu số định danh",
    "mismatched_sub": "Thông tin thuộc về người khác",
    "expired_code": "Mã trao đổi đã hết hạn",
    "token_500": "Hệ thống lỗi khi trao đổi mã",
    "token_slow": "Hệ thống trả lời rất chậm",
}
"""Faults of one sign-in, chosen on the consent page or by `fault` in the address."""
OUTAGES = {"": "Hoạt động", "down": "Ngừng hoạt động", "slow": "Rất chậm"}
"""Faults of the whole stand-in, until switched off on its page."""
SLOW_SECONDS = 8
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class NationalIdentity:
    """The whole stand-in; one object a process.

    slow_seconds: how long a slow answer takes, longer than Sen waits.
    """

    def __init__(
        self,
        *,
        client: str,
        secret: str,
        callers: tuple[str, ...] = (),
        slow_seconds: float = SLOW_SECONDS,
    ) -> None:
        self._client, self._secret, self._callers = client, secret, callers
        self._slow_seconds = slow_seconds
        self._grants, self._issuer, self._outage = Grants(), Issuer(), ""

    def __call__(self, request: Request) -> Answer:
        """Answer a request."""
        routes = {
            ("GET", "/"): self._home,
            ("POST", "/su-co"): self._switch,
            ("GET", "/.well-known/openid-configuration"): self._discovery,
            ("GET", "/oauth2/jwks"): self._keys,
            ("GET", "/oauth2/authorize"): self._consent,
            ("POST", "/oauth2/authorize"): self._agreed,
            ("POST", "/oauth2/token"): self._token,
            ("GET", "/oauth2/userinfo"): self._userinfo,
            ("GET", "/oidc/logout"): self._logout,
        }
        route = routes.get((request.method, request.path))
        if route is None:
            return page("Không có trang này", "", 404)
        if request.path not in {"/", "/su-co"}:
            if self._outage == "slow":
                time.sleep(self._slow_seconds)
            if self._outage == "down":
                return page("Tạm ngừng hoạt động", "", 503)
        return route(request)

    # -- For people

    def _home(self, request: Request) -> Answer:
        rows = "".join(
            f"<li>{escape(one.full_name)} <small>{one.national_number} · {escape(one.note)}</small>"
            "</li>"
            for one in people().values()
        )
        return page(
            "Định danh và xác thực điện tử",
            f"<p>Người hư cấu:</p><ul>{rows}</ul>"
            f'<form method="post" action="{escape(request.base)}/su-co">'
            f"{choices('Tình trạng', 'outage', OUTAGES, self._outage)}"
            '<button class="quiet">Đặt tình trạng</button></form>',
        )

    def _switch(self, request: Request) -> Answer:
        asked = request.form.get("outage", "")
        if asked not in OUTAGES:
            return page("Tình trạng lạ", "", 400)
        self._outage = asked
        return redirect(f"{request.base}/")

    def _consent(self, request: Request) -> Answer:
        query = request.query
        problem = self._problem(query)
        if problem:
            return page("Yêu cầu không hợp lệ", f"<p>{escape(problem)}</p>", 400)
        if query.get("prompt") == "none":
            return self._back(query, error="login_required")
        hint = query.get("login_hint", "")
        someone = hint if hint in people() else next(iter(people()))
        level = query["acr_values"] if query.get("acr_values") in LEVELS else "LoA1"
        names = {
            one.key: f"{one.full_name}\n{one.national_number} · {one.note}"
            for one in people().values()
        }
        fault = query.get("fault", "")
        kept = "".join(
            f'<input type="hidden" name="{escape(key)}" value="{escape(value)}">'
            for key, value in query.items()
            if key not in {"fault", "acr_values", "login_hint"}
        )
        return page(
            "Đăng nhập bằng định danh điện tử",
            "<p>Ứng dụng <strong>Sen</strong> xin nhận: số định danh, họ tên, ngày sinh, giới tính,"
            " số điện thoại, thư điện tử.</p>"
            f'<form method="post" action="{escape(request.base)}/oauth2/authorize">{kept}'
            f"{choices('Bạn là ai (trong bản mô phỏng)', 'person', names, someone)}"
            f"{choices('Mức độ xác thực', 'level', LEVELS, level)}"
            f"<details><summary>Lỗi giả lập</summary>{choices('Lỗi', 'fault', FAULTS, fault)}"
            "</details>"
            '<button name="answer" value="agree">Đồng ý và đăng nhập</button>'
            '<button class="quiet" name="answer" value="refuse">Từ chối</button></form>',
        )

    def _agreed(self, request: Request) -> Answer:
        form = request.form
        problem = self._problem(form)
        person, level = people().get(form.get("person", "")), form.get("level", "")
        fault = form.get("fault", "")
        if problem or person is None or level not in LEVELS or fault not in FAULTS:
            return page("Yêu cầu không hợp lệ", f"<p>{escape(problem)}</p>", 400)
        if form.get("answer") != "agree":
            return self._back(form, error="access_denied")
        grant = Grant(
            person=person,
            level=level,
            redirect_uri=form["redirect_uri"],
            nonce=form.get("nonce", ""),
            challenge=form["code_challenge"],
            fault=fault,
            made_at=time.monotonic(),
        )
        return self._back(form, code=self._grants.keep(grant))

    def _problem(self, asked: Mapping[str, str]) -> str:
        address = urlsplit(asked.get("redirect_uri", ""))
        own = address.hostname in LOOPBACK or asked.get("redirect_uri", "").startswith(
            tuple(f"{caller.rstrip('/')}/" for caller in self._callers)
        )
        checks = {
            "client_id": asked.get("client_id") == self._client,
            "redirect_uri": own and address.scheme in {"http", "https"},
            "response_type": asked.get("response_type") == "code",
            "scope": "openid" in asked.get("scope", "").split(),
            "state": bool(asked.get("state")),
            "code_challenge": bool(asked.get("code_challenge")),
            "code_challenge_method": asked.get("code_challenge_method") == "S256",
        }
        return ", ".join(name for name, holds in checks.items() if not holds)

    def _back(self, asked: Mapping[str, str], **answer: str) -> Answer:
        query = urlencode({**answer, "state": asked["state"]})
        return redirect(f"{asked['redirect_uri']}?{query}")

    def _logout(self, request: Request) -> Answer:
        address = request.query.get("post_logout_redirect_uri", "")
        if urlsplit(address).hostname in LOOPBACK:
            return redirect(address)
        return page("Đã đăng xuất", "<p>Bạn đã rời phiên định danh mô phỏng.</p>")

    # -- For systems

    def _discovery(self, request: Request) -> Answer:
        base = request.base
        return json_answer(
            {
                "issuer": base,
                "authorization_endpoint": f"{base}/oauth2/authorize",
                "token_endpoint": f"{base}/oauth2/token",
                "userinfo_endpoint": f"{base}/oauth2/userinfo",
                "jwks_uri": f"{base}/oauth2/jwks",
                "end_session_endpoint": f"{base}/oidc/logout",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["public"],
                "scopes_supported": ["openid"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
                "code_challenge_methods_supported": ["S256"],
                "acr_values_supported": list(LEVELS),
            }
        )

    def _keys(self, request: Request) -> Answer:
        del request
        return json_answer(self._issuer.keys())

    def _token(self, request: Request) -> Answer:
        form = request.form
        known = form.get("client_id") == self._client and hmac.compare_digest(
            form.get("client_secret", "").encode(), self._secret.encode()
        )
        if not known:
            return json_answer({"error": "invalid_client"}, 401)
        redeemed = self._grants.redeem(
            form.get("code", ""),
            redirect_uri=form.get("redirect_uri", ""),
            verifier=form.get("code_verifier", ""),
        )
        if form.get("grant_type") != "authorization_code" or redeemed is None:
            return json_answer({"error": "invalid_grant"}, 400)
        token, grant = redeemed
        if grant.fault == "token_slow":
            time.sleep(self._slow_seconds)
        if grant.fault == "token_500":
            return page("Lỗi hệ thống", "", 500)
        at = int(clock.now().timestamp())
        return json_answer(
            {
                "access_token": token,
                "token_type": "Bearer",
                "expires_in": TOKEN_SECONDS,
                "id_token": self._issuer.id_token(
                    grant, issuer=request.base, client=self._client, at=at
                ),
            }
        )

    def _userinfo(self, request: Request) -> Answer:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        grant = self._grants.of_token(token)
        if grant is None:
            return json_answer({"error": "invalid_token"}, 401)
        told = claims(grant.person)
        if grant.fault == "no_number":
            del told["SoDinhDanh"]
        if grant.fault == "mismatched_sub":
            told["sub"] = "mp-nguoi-khac"
        return json_answer(told)
