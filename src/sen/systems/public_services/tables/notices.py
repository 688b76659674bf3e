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
    Template(
        code="public_services.passed_on",
        title={
            "vi": "Hồ sơ {code} đã chuyển nơi giải quyết",
            "en": "{code} was passed on",
        },
        body={
            "vi": "Cơ quan giải quyết đã nhận, mã bên đó: {foreign}.",
            "en": "It was taken under the code {foreign}.",
        },
    ),
    Template(
        code="public_services.answered_elsewhere",
        title={
            "vi": "Hồ sơ {code} đã có kết quả",
            "en": "The result of {code} is there",
        },
        body={
            "vi": "Kết quả số {number}. Mở hồ sơ để xem và xác nhận đã nhận.",
            "en": "Number {number}. Open the dossier to see and confirm it.",
        },
        sms={
            "vi": "Hồ sơ {code} đã có kết quả số {number}.",
            "en": "Dossier {code}: result {number} is there.",
        },
        media=_OUT,
    ),
    Template(
        code="public_services.refused_elsewhere",
        title={
            "vi": "Hồ sơ {code} không được giải quyết",
            "en": "{code} was refused",
        },
        body={
            "vi": "Thông báo số {number}. Lý do và căn cứ có trong trang hồ sơ.",
            "en": "Notice {number}. Reason and ground are on the dossier's page.",
        },
        sms={
            "vi": "Hồ sơ {code} không được giải quyết, thông báo số {number}.",
            "en": "Dossier {code} was refused, notice {number}.",
        },
        media=_OUT,
    ),
    Template(
        code="public_services.apology",
        title={
            "vi": "Hồ sơ {code} được hẹn lại, xin lỗi bạn",
            "en": "{code} has a new date; we apologise",
        },
        body={
            "vi": "Hẹn trả mới: {due}. Văn bản xin lỗi với lý do có trong trang hồ sơ.",
            "en": "The new date is {due}. The letter with the reason is on the dossier's page.",
        },
        sms={
            "vi": "Hồ sơ {code} được hẹn lại {due}. Chúng tôi xin lỗi vì sự chậm trễ.",
            "en": "Dossier {code}: the new date is {due}. We apologise for the delay.",
        },
        media=_OUT,
    ),
)
"""Notices of the financial duty, of what another system settles, and of a new date."""
