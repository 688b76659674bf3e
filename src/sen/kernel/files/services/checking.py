"""Looks into a file and puts what is wrong with it into words."""

from __future__ import annotations

from pathlib import Path
from tempfile import NamedTemporaryFile

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sen.base.errors import Invalid, TooLarge
from sen.kernel.files import queries, rules
from sen.kernel.files.adapters.inspection import inspect
from sen.kernel.files.rules import Problem

_KINDS = {
    rules.PDF: "PDF",
    rules.JPEG: gettext_lazy("ảnh JPG"),
    rules.PNG: gettext_lazy("ảnh PNG"),
    rules.WEBP: gettext_lazy("ảnh WebP"),
    rules.DOCX: gettext_lazy("văn bản Word (DOCX)"),
    rules.XLSX: gettext_lazy("bảng tính Excel (XLSX)"),
    "program": gettext_lazy("chương trình máy tính"),
    "old_office": gettext_lazy("tệp Word hoặc Excel kiểu cũ"),
    "archive": gettext_lazy("tệp nén"),
    "gif": gettext_lazy("ảnh GIF"),
    "bmp": gettext_lazy("ảnh BMP"),
    "tiff": gettext_lazy("ảnh TIFF"),
    "heic": gettext_lazy("ảnh HEIC của điện thoại"),
    "video": gettext_lazy("tệp video hoặc âm thanh"),
    "rtf": gettext_lazy("văn bản RTF"),
    "markup": gettext_lazy("trang web hoặc tệp XML"),
}
_ADVICE = {
    "old_office": gettext_lazy("Vui lòng lưu lại thành DOCX, XLSX hoặc PDF."),
    "heic": gettext_lazy("Vui lòng chọn định dạng JPG khi chụp hoặc khi gửi ảnh."),
    "gif": gettext_lazy("Vui lòng lưu ảnh thành JPG hoặc PNG."),
    "bmp": gettext_lazy("Vui lòng lưu ảnh thành JPG hoặc PNG."),
    "tiff": gettext_lazy("Vui lòng lưu ảnh thành JPG, PNG hoặc PDF."),
    "rtf": gettext_lazy("Vui lòng lưu lại thành DOCX hoặc PDF."),
}
_MESSAGES = {
    Problem.EMPTY: gettext_lazy("Tệp “%(name)s” không có nội dung."),
    Problem.UNKNOWN: gettext_lazy(
        "Không nhận ra loại của tệp “%(name)s”. Chỉ nhận PDF, JPG, PNG, WebP, DOCX, XLSX."
    ),
    Problem.OTHER: gettext_lazy(
        "Tệp “%(name)s” là %(kind)s. Chỉ nhận PDF, JPG, PNG, WebP, DOCX, XLSX. %(advice)s"
    ),
    Problem.MISNAMED: gettext_lazy(
        "Tên tệp “%(name)s” không đúng với nội dung: đây là %(kind)s. Vui lòng đặt lại tên."
    ),
    Problem.BROKEN: gettext_lazy(
        "Tệp “%(name)s” bị hỏng, không mở được. Vui lòng xuất hoặc chụp lại rồi gửi lại."
    ),
    Problem.ENCRYPTED: gettext_lazy(
        "Tệp “%(name)s” được đặt mật khẩu. Vui lòng bỏ mật khẩu rồi gửi lại."
    ),
    Problem.ACTIVE: gettext_lazy(
        "Tệp “%(name)s” có nội dung tự hoạt động (%(what)s) nên không được nhận. "
        "Vui lòng in ra PDF rồi gửi bản đó."
    ),
    Problem.BOMB: gettext_lazy(
        "Tệp “%(name)s” khi mở ra lớn hơn mức cho phép nên không được nhận."
    ),
    Problem.PIXELS: gettext_lazy(
        "Ảnh “%(name)s” có quá nhiều điểm ảnh (%(width)s × %(height)s). "
        "Vui lòng giảm kích thước ảnh rồi gửi lại."
    ),
    Problem.SLOW: gettext_lazy(
        "Tệp “%(name)s” phức tạp đến mức không kiểm tra xong được. Vui lòng in ra PDF rồi gửi lại."
    ),
}


def checked_type(path: Path, name: str) -> str:
    """Return a file's true type. Raises Invalid with the reason in words if it is not taken in."""
    found = inspect(path, name)
    if not found.problem:
        return found.media_type
    detail = dict(found.detail)
    kind = detail.get("kind", "")
    if kind:
        detail |= {"kind": str(_KINDS.get(kind, kind)), "advice": str(_ADVICE.get(kind, ""))}
    message = str(_MESSAGES[Problem(found.problem)]) % {"name": name, **detail}
    raise Invalid(message.strip(), fields={"file": [message.strip()]})


def checked_name(name: str) -> str:
    """Return the name to keep. Raises Invalid if nothing of it can be kept."""
    try:
        return rules.clean_name(name)
    except ValueError:
        message = _("Tệp cần có tên.")
        raise Invalid(message, fields={"file": [message]}) from None


def check_size(name: str, size: int) -> None:
    """Raise TooLarge for a file above the limit, Invalid for an empty one."""
    limit = queries.size_limit()
    if size > limit:
        message = _("Tệp “%(name)s” lớn hơn mức cho phép (%(limit)s MB).") % {
            "name": name,
            "limit": rules.megabytes(limit),
        }
        raise TooLarge(message, fields={"file": [message]})
    if size <= 0:
        message = str(_MESSAGES[Problem.EMPTY]) % {"name": name}
        raise Invalid(message, fields={"file": [message]})


def check_bounded(data: bytes) -> None:
    """Look into bytes that are not taken in, before somebody reads them in this process.

    Raises Invalid, with the reason in words, for what swells or takes too long, be it for its
    pages, its objects or its pixels; Unavailable when too many files are being looked at.
    """
    with NamedTemporaryFile() as aside:
        aside.write(data)
        aside.flush()
        found = inspect(Path(aside.name), "")
    if found.problem in {Problem.BOMB, Problem.SLOW, Problem.PIXELS}:
        message = _("Tệp quá lớn hoặc quá phức tạp nên không xem xét được.")
        raise Invalid(message, fields={"file": [message]})
