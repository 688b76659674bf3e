"""Expected failures: each has a code for programs and a message for people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import ClassVar


class DomainError(Exception):
    """A failure that people can understand and the edge turns into an answer.

    code: stable, lower_snake. status: the HTTP status that means the same.
    message: polite and plain, for whoever acts. fields: field path to messages, where a field is at
    fault.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    default: ClassVar[str] = "Không thực hiện được yêu cầu."

    def __init__(
        self, message: str = "", *, fields: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self.message = message or self.default
        self.fields: dict[str, list[str]] = {
            key: list(value) for key, value in (fields or {}).items()
        }
        super().__init__(self.message)


class Invalid(DomainError):
    """What was typed or sent does not hold; `fields` says where."""

    code = "invalid"
    status = 422
    default = "Thông tin chưa hợp lệ. Vui lòng xem lại các mục được đánh dấu."


class NotAllowed(DomainError):
    """The actor has no right to this act."""

    code = "not_allowed"
    status = 403
    default = "Tài khoản của bạn không có quyền thực hiện việc này."


class SignInNeeded(NotAllowed):
    """The act needs a sign-in, or a stronger one."""

    code = "sign_in_needed"
    status = 401
    default = "Vui lòng đăng nhập để tiếp tục."


class NotFound(DomainError):
    """There is no such record, or the actor may not know of it."""

    code = "not_found"
    status = 404
    default = "Không tìm thấy nội dung yêu cầu."


class Conflict(DomainError):
    """The record is not in a state in which this act makes sense."""

    code = "conflict"
    status = 409
    default = "Việc này không còn thực hiện được vì hồ sơ đã thay đổi."


class VersionConflict(Conflict):
    """Somebody changed the record since it was read.

    who: the name of whoever changed it, as people may see it. what: the act. when: the moment.
    """

    code = "version_conflict"
    default = "Nội dung đã được người khác cập nhật."

    def __init__(self, message: str = "", *, who: str, what: str, when: dt.datetime | None) -> None:
        super().__init__(message)
        self.who = who
        self.what = what
        self.when = when


class KeyReused(DomainError):
    """A one-time key came back with another content."""

    code = "key_reused"
    status = 422
    default = "Mã một lần này đã dùng cho một yêu cầu khác."


class TooLarge(DomainError):
    """More bytes than the door lets in."""

    code = "too_large"
    status = 413
    default = "Nội dung gửi lên vượt quá dung lượng cho phép."


class TooMany(DomainError):
    """Too many attempts in a short time."""

    code = "too_many"
    status = 429
    default = "Bạn đã thử quá nhiều lần. Vui lòng đợi ít phút rồi thử lại."


class Unavailable(DomainError):
    """Something outside did not answer; nothing was changed. retry_seconds: when to ask again."""

    code = "unavailable"
    status = 503
    default = "Dịch vụ tạm thời chưa sẵn sàng. Vui lòng thử lại sau."
    retry_seconds: ClassVar[int] = 5
