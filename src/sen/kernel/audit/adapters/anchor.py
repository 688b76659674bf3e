"""A time-stamping authority that witnesses the trail. Nguồn: RFC 3161.

A token can be checked without Sen: `openssl ts -verify -digest <chain> -in token -token_in …`.
"""

from __future__ import annotations

import secrets
from hashlib import sha256
from http import HTTPStatus
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from asn1crypto import algos, cms, tsp

from sen.base.errors import Unavailable

TIMEOUT_SECONDS = 15
LARGEST = 64 * 1024
GRANTED = {"granted", "granted_with_mods"}


def stamp(address: str, content: bytes) -> bytes:
    """Return the authority's token over the SHA-256 of the content, as DER.

    address: http or https. Raises Unavailable where it does not answer, refuses, or stamps
    something else.
    """
    nonce = secrets.randbits(63)
    imprint = sha256(content).digest()
    question = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "hashed_message": imprint,
            },
            "nonce": nonce,
            "cert_req": True,
        }
    )
    answer = _ask(address, question.dump())
    try:
        response = tsp.TimeStampResp.load(answer, strict=True)
        token: bytes = response["time_stamp_token"].dump()
        is_ours = response["status"]["status"].native in GRANTED
        is_ours = is_ours and _info(token)["nonce"].native == nonce and fits(token, content)
    except (ValueError, TypeError, KeyError) as error:
        raise Unavailable("the time-stamping authority gave no token") from error
    if not is_ours:
        raise Unavailable("the time-stamping authority stamped something else")
    return token


def fits(token: bytes, content: bytes) -> bool:
    """Tell whether a token was given for this content; whose token it is, openssl says."""
    try:
        imprint = _info(token)["message_imprint"]
        algorithm = imprint["hash_algorithm"]["algorithm"].native
        hashed = imprint["hashed_message"].native
    except (ValueError, TypeError, KeyError):
        return False
    return bool(algorithm == "sha256" and hashed == sha256(content).digest())


def _info(token: bytes) -> tsp.TSTInfo:
    signed = cms.ContentInfo.load(token, strict=True)["content"]
    return signed["encap_content_info"]["content"].parsed


def _ask(address: str, question: bytes) -> bytes:
    if urlsplit(address).scheme not in {"http", "https"}:
        raise Unavailable("the time-stamping authority needs an http address")
    request = Request(  # noqa: S310 - the scheme is checked above
        address, data=question, headers={"Content-Type": "application/timestamp-query"}
    )
    try:
        with urlopen(request, timeout=TIMEOUT_SECONDS) as response:  # noqa: S310 - likewise
            answer: bytes = response.read(LARGEST)
            status: int = response.status
    except (URLError, OSError) as error:
        raise Unavailable("the time-stamping authority does not answer") from error
    if status != HTTPStatus.OK:
        raise Unavailable(f"the time-stamping authority answered {status}")
    return answer
