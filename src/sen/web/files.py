"""Files over HTTP: sent in pieces that a lost connection does not undo, and handed out."""

from __future__ import annotations

import re
from typing import Annotated, BinaryIO, TypeVar
from urllib.parse import quote
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET
from ninja import Field, Router, Schema, Status
from ninja.responses import Response

from sen.base.errors import DomainError, Invalid
from sen.kernel.files import public as files
from sen.web import api, http
from sen.web.data import UploadUrls
from sen.web.middleware import SenRequest

router = Router(tags=["files"])

URLS = UploadUrls(
    begin="/api/v1/files",
    append="/api/v1/files/{id}/pieces",
    finish="/api/v1/files/{id}/finish",
)
"""Where a page's file field sends its pieces."""
BLOCK = 64 * 1024
Sent = TypeVar("Sent", bound=HttpResponseBase)
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
_SHOWN = frozenset({"application/pdf", "image/jpeg", "image/png", "image/webp"})


class FileIn(Schema):
    """A file about to be sent. size: bytes."""

    name: str = Field(min_length=1, max_length=255)
    size: int = Field(ge=1)


class FileOut(Schema):
    """A file as whoever sent it sees it. received: bytes so far. sha256: empty until finished."""

    id: UUID
    name: str
    size: int
    received: int
    state: str
    media_type: str
    sha256: str


class OffsetOut(Schema):
    """Where the next piece has to begin."""

    offset: int


@router.post(
    "/files", response={201: FileOut}, operation_id="files_begin", auth=api.needs("files:write")
)
def files_begin(request: HttpRequest, body: FileIn) -> Status[files.File]:
    """Báo trước một tệp sẽ gửi theo từng phần."""
    return Status(201, files.begin(api.actor(request), body.name, body.size))


@router.post(
    "/files/whole",
    response={201: FileOut},
    operation_id="files_take",
    auth=api.needs("files:write"),
)
def files_take(
    request: HttpRequest, name: Annotated[str, Field(min_length=1, max_length=255)]
) -> Status[files.File]:
    """Gửi cả một tệp nhỏ trong một lần; nội dung là thân của yêu cầu."""
    return Status(201, files.take(api.actor(request), name, request.body))


@router.post(
    "/files/{file_id}/pieces",
    response={200: OffsetOut, 409: OffsetOut},
    operation_id="files_append",
    auth=api.needs("files:write"),
)
def files_append(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Gửi một phần, bắt đầu từ vị trí ghi trong `Upload-Offset`; 409 cho biết phải gửi từ đâu."""
    try:
        offset = int(request.headers.get("Upload-Offset", ""))
    except ValueError:
        raise Invalid(fields={"Upload-Offset": ["Cần vị trí bắt đầu của phần này."]}) from None
    try:
        return Response({"offset": files.append(api.actor(request), file_id, offset, request.body)})
    except files.WrongOffset as error:
        return Response({"offset": error.offset}, status=409)


@router.post(
    "/files/{file_id}/finish",
    response=FileOut,
    operation_id="files_finish",
    auth=api.needs("files:write"),
)
def files_finish(request: HttpRequest, file_id: UUID, sha256: str | None = None) -> files.File:
    """Kết thúc việc gửi: tệp được kiểm tra rồi mới nhận."""
    return files.finish(api.actor(request), file_id, sha256)


@router.get("/files/{file_id}/content", operation_id="files_read", auth=api.needs("files:read"))
def files_read(request: HttpRequest, file_id: UUID) -> HttpResponse | FileResponse:
    """Tải nội dung một tệp mà người hỏi được xem."""
    return _content(request, file_id)


@require_GET
def download(request: SenRequest, file_id: UUID) -> FileResponse | HttpResponse:
    """Hand a file to whoever may read it; a refusal is a page."""
    try:
        return _content(request, file_id)
    except DomainError as error:
        return http.refuse(request, error)


def drawn(data: bytes, name: str) -> HttpResponse:
    """Return a paper that was drawn for this one answer and is kept nowhere, to be looked at."""
    response = HttpResponse(data, content_type="application/pdf")
    response.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(name)}"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _content(request: HttpRequest, file_id: UUID) -> HttpResponse | FileResponse:
    """Return the bytes, or the range of them that is asked for.

    A browser shows only what cannot run anything, and keeps no copy.
    """
    file, content = files.open_file(api.actor(request), file_id)
    wanted = wanted_range(request.headers.get("Range", ""), file.size)
    if wanted is not None and not wanted:
        return _headed(file, HttpResponse(status=416), said=f"bytes */{file.size}")
    asked = wanted or range(file.size)
    stream = _Part(content.open(asked.start), len(asked)) if wanted else content.open()
    response = FileResponse(stream, content_type=file.media_type)
    response.block_size = BLOCK
    response.headers["Content-Length"] = str(len(asked))
    if not wanted:
        return _headed(file, response)
    response.status_code = 206
    return _headed(file, response, said=f"bytes {wanted.start}-{wanted.stop - 1}/{file.size}")


def _headed(file: files.File, response: Sent, *, said: str = "") -> Sent:
    kind = "inline" if file.media_type in _SHOWN else "attachment"
    response.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(file.name)}"
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Accept-Ranges"] = "bytes"
    if said:
        response.headers["Content-Range"] = said
    return response


def wanted_range(header: str, size: int) -> range | None:
    """Return the one range of bytes that is asked for (RFC 9110, 14), None for the whole.

    An empty range is one that cannot be given; several at once, or another unit, mean the whole.
    """
    found = _RANGE.fullmatch(header)
    if found is None or not any(found.groups()):
        return None
    first, last = (int(part) if part else None for part in found.groups())
    if first is None:
        return range(max(0, size - (last or 0)), size)
    if last is not None and last < first:
        return None
    return range(first, size if last is None else min(last + 1, size))


class _Part:
    """The first bytes of a stream, closed with it."""

    def __init__(self, stream: BinaryIO, length: int) -> None:
        self._stream, self._left = stream, length

    def read(self, size: int) -> bytes:
        """Read at most so many of the bytes that are left."""
        data = self._stream.read(min(size, self._left))
        self._left -= len(data)
        return data

    def close(self) -> None:
        """Close the stream."""
        self._stream.close()
