"""What people are told where several agencies work on their dossier."""

from __future__ import annotations

from sen.kernel.notifications.public import Medium, Template

_OUT = (Medium.EMAIL, Medium.SMS)

OF_AGENCIES = (
    Template(
        code="public_services.duty_sent",
        title={
            "vi": "Hồ sơ {code} đã chuyển cơ quan thuế",
            "en": "{code} has gone to the tax office",
        },
        body={
            "vi": "Cơ quan thuế tính nghĩa vụ tài chính; bạn được báo ngay khi có số tiền."
            " Thời hạn giải quyết tạm dừng trong lúc này.",
            "en": "The tax office states what is to be paid; you will be told at once."
            " Meanwhile the clock stands.",
        },
    ),
    Template(
        code="public_services.duty_stated",
        title={
            "vi": "Hồ sơ {code}: cần nộp nghĩa vụ tài chính",
            "en": "{code}: a financial duty is to be paid",
        },
        body={
            "vi": "Số tiền phải nộp theo thông báo của cơ quan thuế: {amount}. Thời hạn giải"
            " quyết tính tiếp khi bạn nộp xong.",
            "en": "To be paid by the tax office's notice: {amount}. The clock runs again when"
            " it is paid.",
        },
        sms={
            "vi": "Hồ sơ {code}: cần nộp nghĩa vụ tài chính {amount}.",
            "en": "Dossier {code}: {amount} is to be paid.",
        },
        media=_OUT,
    ),
)
"""Notices of the financial duty, of what another system settles, and of a new date."""
