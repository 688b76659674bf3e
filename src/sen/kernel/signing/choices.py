"""The closed lists of signing."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class HolderKind(models.TextChoices):
    """Whose key it is: a person's own, or an organisation's."""

    PERSON = "person", _("Cá nhân")
    UNIT = "unit", _("Cơ quan, tổ chức")


class RequestState(models.TextChoices):
    """Where a request for signatures stands."""

    PENDING = "pending", _("Đang chờ ký")
    COMPLETED = "completed", _("Đã ký")
    FAILED = "failed", _("Ký không thành công")
    CANCELLED = "cancelled", _("Đã huỷ yêu cầu")


class Verdict(models.TextChoices):
    """What a check of signatures came to; VALID is said only when everything is sure."""

    VALID = "valid", _("Hợp lệ")
    INVALID = "invalid", _("Không hợp lệ")
    UNKNOWN = "unknown", _("Chưa xác định được")


class Trust(models.TextChoices):
    """Whether a certificate leads to a root that Sen's data trusts."""

    TRUSTED = "trusted", _("Chứng thư số do tổ chức được tin cậy cấp")
    UNTRUSTED = "untrusted", _("Không rõ tổ chức cấp chứng thư số")
    NOT_YET_VALID = "not_yet_valid", _("Ký trước khi chứng thư số có hiệu lực")
    EXPIRED_AT_SIGNING = "expired_at_signing", _("Chứng thư số đã hết hạn khi ký")
    EXPIRED_SINCE = "expired_since", _("Chứng thư số đã hết hạn sau khi ký")
    UNSUITED = "unsuited", _("Chứng thư số không dùng để ký văn bản")


class Revocation(models.TextChoices):
    """What is known of the withdrawal of a certificate."""

    GOOD = "good", _("Chứng thư số không bị thu hồi")
    REVOKED = "revoked", _("Chứng thư số đã bị thu hồi trước khi ký")
    REVOKED_SINCE = "revoked_since", _("Chứng thư số bị thu hồi sau thời điểm ký khai")
    UNCHECKED = "unchecked", _("Chưa kiểm tra được việc thu hồi chứng thư số")


class TimeSource(models.TextChoices):
    """Who says when a signature was made."""

    CLAIMED = "claimed", _("Thời điểm ký do người ký khai")
    MISSING = "missing", _("Chữ ký không ghi thời điểm ký")


class Coverage(models.TextChoices):
    """How much of the file a signature covers."""

    WHOLE = "whole", _("Chữ ký bao toàn bộ tệp")
    REVISION = "revision", _("Chữ ký bao toàn bộ nội dung tại thời điểm ký")
    PARTIAL = "partial", _("Chữ ký không bao toàn bộ nội dung")


class Modification(models.TextChoices):
    """What was added to the file after a signature."""

    NONE = "none", _("Không thay đổi sau khi ký")
    ALLOWED = "allowed", _("Sau khi ký chỉ điền phần được phép (số, ngày, chữ ký tiếp theo)")
    FORBIDDEN = "forbidden", _("Nội dung đã bị thay đổi sau khi ký")


class Finding(models.TextChoices):
    """Each thing that a check may have to say, in words for people."""

    NO_SIGNATURE = "no_signature", _("Tệp không có chữ ký số.")
    UNREADABLE = "unreadable", _("Không đọc được tệp PDF: tệp hỏng hoặc đã bị thay đổi.")
    BROKEN = "broken", _("Nội dung tệp đã bị thay đổi sau khi ký.")
    NOT_GENUINE = "not_genuine", _("Chữ ký không khớp với chứng thư số.")
    CONTAINER = "container", _("Vùng chứa chữ ký đã bị thay đổi.")
    PARTIAL = "partial", _("Chữ ký không bao toàn bộ nội dung của tệp.")
    FORBIDDEN_CHANGE = "forbidden_change", _("Sau khi ký, tệp bị thay đổi ngoài phần được phép.")
    NOT_YET_VALID = "not_yet_valid", _("Chữ ký được tạo trước khi chứng thư số có hiệu lực.")
    EXPIRED_AT_SIGNING = "expired_at_signing", _("Chứng thư số đã hết hạn khi ký.")
    EXPIRED_SINCE = (
        "expired_since",
        _("Chứng thư số nay đã hết hạn và chữ ký không có dấu thời gian chứng minh lúc ký."),
    )
    UNSUITED = "unsuited", _("Chứng thư số không được cấp để ký văn bản.")
    UNTRUSTED = "untrusted", _("Chứng thư số không do tổ chức mà hệ thống tin cậy cấp.")
    REVOKED = "revoked", _("Chứng thư số đã bị thu hồi trước khi ký.")
    REVOKED_SINCE = (
        "revoked_since",
        _("Chứng thư số đã bị thu hồi và chữ ký không có dấu thời gian chứng minh lúc ký."),
    )
    REVOCATION_UNCHECKED = (
        "revocation_unchecked",
        _("Chưa kiểm tra được việc thu hồi chứng thư số."),
    )
    FUTURE = "future", _("Thời điểm ký được khai nằm trong tương lai.")
    NO_TIME = "no_time", _("Chữ ký không ghi thời điểm ký.")
    CLAIMED_TIME = "claimed_time", _("Thời điểm ký do người ký khai, không có dấu thời gian.")
    UNPROTECTED_TAIL = (
        "unprotected_tail",
        _("Có nội dung được điền sau chữ ký cuối cùng, chưa được chữ ký nào bảo vệ."),
    )
