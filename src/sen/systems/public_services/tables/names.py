"""What people call what this system names by a code: acts, records, jobs, events, values."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sen.kernel.manifest.public import Name
from sen.systems.public_services.choices import ACT_TITLES

_DOSSIER, _PROCEDURE, _GUIDE = (
    f"public_services.{kind}" for kind in ("dossier", "procedure", "life_event")
)

_CODES = {
    **{f"{_DOSSIER}.{act}": title for act, title in ACT_TITLES.items()},
    _DOSSIER: _("Hồ sơ"),
    f"{_DOSSIER}.read": _("mở xem hồ sơ"),
    f"{_DOSSIER}.look_up": _("tra cứu hồ sơ"),
    f"{_DOSSIER}.look_up_failed": _("tra cứu hồ sơ không thấy"),
    f"{_DOSSIER}.number": _("cấp số"),
    f"{_DOSSIER}.follow_merger": _("chuyển hồ sơ sang đơn vị sau sáp nhập"),
    f"{_DOSSIER}.signature_discarded": _("bỏ chữ ký đến muộn"),
    f"{_DOSSIER}.submitted": _("Hồ sơ đã nộp"),
    f"{_DOSSIER}.received": _("Hồ sơ đã tiếp nhận"),
    f"{_DOSSIER}.supplement_requested": _("Đã yêu cầu bổ sung hồ sơ"),
    f"{_DOSSIER}.supplemented": _("Hồ sơ đã được bổ sung"),
    f"{_DOSSIER}.passed_on": _("Hồ sơ đã chuyển nơi giải quyết"),
    f"{_DOSSIER}.postponed": _("Hồ sơ được hẹn lại"),
    f"{_DOSSIER}.closed": _("Hồ sơ kết thúc không có kết quả"),
    "public_services.result.issued": _("Kết quả đã phát hành"),
    "public_services.result.handed_over": _("Kết quả đã trả"),
    "public_services.duty.sent": _("Đã chuyển thông tin tính nghĩa vụ tài chính"),
    "public_services.duty.stated": _("Đã có thông báo nghĩa vụ tài chính"),
    "public_services.duty.confirmed": _("Nghĩa vụ tài chính đã hoàn thành"),
    "public_services.issued_form": _("Giấy tờ đã in"),
    "public_services.issued_form.signing_failed": _("ký giấy tờ không thành công"),
    _PROCEDURE: _("Thủ tục"),
    f"{_PROCEDURE}.alias": _("thêm mã cũ của thủ tục"),
    f"{_PROCEDURE}.discard": _("bỏ dự thảo thủ tục"),
    f"{_PROCEDURE}.draft": _("soạn dự thảo thủ tục"),
    f"{_PROCEDURE}.import": _("nạp danh sách thủ tục"),
    f"{_PROCEDURE}.list": _("nạp danh mục mã thủ tục"),
    f"{_PROCEDURE}.off": _("tạm dừng nhận hồ sơ của thủ tục"),
    f"{_PROCEDURE}.on": _("nhận lại hồ sơ của thủ tục"),
    f"{_PROCEDURE}.publish": _("ban hành thủ tục"),
    f"{_PROCEDURE}.published": _("Thủ tục được ban hành"),
    f"{_PROCEDURE}.switched": _("Thủ tục được tạm dừng hoặc nhận lại"),
    f"{_PROCEDURE}_list": _("Danh sách thủ tục"),
    _GUIDE: _("Sự kiện trong đời"),
    f"{_GUIDE}.begin": _("thêm hướng dẫn sự kiện trong đời"),
    f"{_GUIDE}.discard": _("bỏ dự thảo hướng dẫn"),
    f"{_GUIDE}.draft": _("soạn dự thảo hướng dẫn"),
    f"{_GUIDE}.hide": _("ẩn hướng dẫn"),
    f"{_GUIDE}.publish": _("ban hành hướng dẫn"),
    f"{_GUIDE}.save": _("ghi dự thảo hướng dẫn"),
    f"{_GUIDE}.show": _("hiện hướng dẫn"),
    "public_services.first_run": _("Cài đặt lần đầu"),
    "public_services.first_run.certificates": _("cấp chứng thư số thử nghiệm"),
    "public_services.first_run.procedures": _("bật thủ tục nhận hồ sơ"),
    "public_services.make_form": _("Tạo giấy tờ"),
    "public_services.pass_on": _("Chuyển hồ sơ cho nơi giải quyết"),
    "public_services.look_elsewhere": _("Hỏi kết quả ở nơi giải quyết"),
    "public_services.watch_elsewhere": _("Theo dõi hồ sơ giải quyết ở nơi khác"),
    "public_services.follow_merger": _("Chuyển hồ sơ theo đơn vị sáp nhập"),
    "public_services.tell_drafters": _("Báo người đang soạn hồ sơ"),
    "public_services.take_signature": _("Nhận chữ ký số"),
    "public_services.dossier_code": _("Cách đặt mã hồ sơ"),
    "complaint.first_days": _("Thời hiệu khiếu nại lần đầu"),
    "council.disability_quorum_numerator": _(
        "Hội đồng xác định mức độ khuyết tật: tử số của tỷ lệ phải có mặt"
    ),
    "council.disability_quorum_denominator": _(
        "Hội đồng xác định mức độ khuyết tật: mẫu số của tỷ lệ phải có mặt"
    ),
    "fee.certified_copy_first_pages_vnd": _("Phí chứng thực bản sao, mỗi trang đầu"),
    "fee.certified_copy_more_pages_vnd": _("Phí chứng thực bản sao, mỗi trang tiếp theo"),
    "fee.certified_copy_cap_vnd": _("Phí chứng thực bản sao, nhiều nhất một bản"),
    "fee.civil_status_extract_vnd": _("Phí bản sao trích lục hộ tịch, mỗi bản"),
    "fee.food_safety_inspection_vnd": _("Phí thẩm định an toàn thực phẩm, mỗi cơ sở"),
}

_FIELDS = {
    "calendar_edition": _("phiên bản lịch làm việc"),
    "channel": _("kênh nộp"),
    "code": _("mã"),
    "competent_received_at": _("lúc cơ quan giải quyết nhận"),
    "competent_unit": _("cơ quan giải quyết"),
    "delivery_state": _("tình trạng trả kết quả"),
    "due_at": _("thời điểm hẹn trả"),
    "edits": _("số lần sửa"),
    "ended_at": _("thời điểm kết thúc"),
    "expected_at": _("thời điểm dự kiến trả"),
    "former": _("mã cũ"),
    "issued_at": _("thời điểm phát hành"),
    "money_state": _("tình trạng phí, lệ phí"),
    "number": _("số"),
    "procedure": _("thủ tục"),
    f"{_GUIDE}.position": _("thứ tự"),
    "received_at": _("thời điểm tiếp nhận"),
    "received_unit": _("nơi tiếp nhận"),
    "seat": _("ghế trong Hội đồng"),
    "state": _("trạng thái"),
    "sync_state": _("tình trạng chuyển nơi giải quyết"),
    "words": _("lời ghi kèm"),
}

NAMES = (
    *(Name(code=code, title=title) for code, title in _CODES.items()),
    *(Name(code=f"field.{code}", title=title) for code, title in _FIELDS.items()),
)
