"""The codes that a dossier's columns hold; none ever changes its meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class DossierState(models.TextChoices):
    """Where a dossier stands in the work on it ("trạng thái nghiệp vụ")."""

    SUBMITTED = "submitted", _("Chờ tiếp nhận")
    SUPPLEMENT = "supplement", _("Chờ bổ sung")
    RECEIVED = "received", _("Đã tiếp nhận")
    PROCESSING = "processing", _("Đang giải quyết")
    DUTY = "duty", _("Chờ nghĩa vụ tài chính")
    PASSED_ON = "passed_on", _("Đã chuyển nơi giải quyết")
    SIGNING = "signing", _("Chờ ký")
    SIGNED = "signed", _("Chờ phát hành")
    ISSUED = "issued", _("Đã có kết quả")
    HANDED_OVER = "handed_over", _("Đã trả kết quả")
    REFUSED = "refused", _("Từ chối giải quyết")
    WITHDRAWN = "withdrawn", _("Đã rút hồ sơ")


class NationalState(models.IntegerChoices):
    """The ten states that the national portal knows (research: shared status list)."""

    FILED = 1, _("Mới đăng ký")
    RECEIVED = 2, _("Được tiếp nhận")
    NOT_RECEIVED = 3, _("Không được tiếp nhận")
    IN_PROGRESS = 4, _("Đang xử lý")
    SUPPLEMENT = 5, _("Yêu cầu bổ sung giấy tờ")
    FINANCIAL_DUTY = 6, _("Yêu cầu thực hiện nghĩa vụ tài chính")
    WITHDRAWN = 7, _("Công dân yêu cầu rút hồ sơ")
    STOPPED = 8, _("Dừng xử lý")
    DONE = 9, _("Đã xử lý xong")
    RETURNED = 10, _("Đã trả kết quả")


class MoneyState(models.TextChoices):
    """Where the money of a dossier stands."""

    NOT_DUE = "not_due", _("Chưa yêu cầu")
    FREE = "free", _("Không thu")
    WAITING = "waiting", _("Chờ thanh toán")
    PAID = "paid", _("Đã thanh toán")
    REFUNDED = "refunded", _("Đã hoàn trả")
    CANCELLED = "cancelled", _("Đã hủy")


class DeliveryState(models.TextChoices):
    """Where the result is on its way to the person."""

    NOT_READY = "not_ready", _("Chưa có kết quả")
    READY = "ready", _("Chờ nhận kết quả")
    HANDED_OVER = "handed_over", _("Đã nhận kết quả")


class SyncState(models.TextChoices):
    """Whether the system that masters the dossier elsewhere knows what we know."""

    LOCAL = "local", _("Không đồng bộ")
    WAITING = "waiting", _("Chờ đồng bộ")
    DONE = "done", _("Đã đồng bộ")
    FAILED = "failed", _("Đồng bộ lỗi")


class PassageOutcome(models.TextChoices):
    """What the system that settles a dossier answered."""

    GRANTED = "granted", _("Đã giải quyết")
    REFUSED = "refused", _("Không giải quyết")


class MessageKind(models.TextChoices):
    """What a message to the system that settles a dossier is for."""

    SUBMIT = "submit", _("Chuyển hồ sơ")
    STATUS = "status", _("Hỏi tình trạng")


class MessageOutcome(models.TextChoices):
    """What came of a message."""

    TAKEN = "taken", _("Đã nhận")
    REFUSED = "refused", _("Bị từ chối")
    FAILED = "failed", _("Không tới nơi")
    CHANGED = "changed", _("Có tình trạng mới")
    ANSWERED = "answered", _("Có kết quả")
    REPEATED = "repeated", _("Kết quả khác với lần đầu, không dùng")


class PartyRole(models.TextChoices):
    """What a party is to the dossier; one person may be several."""

    OWNER = "owner", _("Chủ hồ sơ")
    SUBMITTER = "submitter", _("Người nộp")
    REPRESENTATIVE = "representative", _("Người được ủy quyền")


class PaperSource(models.TextChoices):
    """Where a paper of the dossier came from."""

    UPLOAD = "upload", _("Tệp tải lên")
    SHOWN = "shown", _("Xuất trình bản chính")
    SCAN = "scan", _("Số hóa tại quầy")
    RESULT = "result", _("Kho kết quả")
    DATABASE = "database", _("Cơ sở dữ liệu")


class Intake(models.TextChoices):
    """The ways by which a dossier comes in; the manifest says who files by each and how known."""

    PORTAL = "public_services.portal", _("Cổng dịch vụ công của tỉnh")
    COUNTER = "public_services.counter", _("Nộp trực tiếp tại quầy")
    API = "public_services.api", _("Kết nối API")


class FormCode(models.TextChoices):
    """The prescribed papers of the one-stop shop.

    Nguồn: Thông tư 03/2025/TT-VPCP, Phụ lục I.
    """

    MAU_01 = "mau_01", _("Giấy tiếp nhận hồ sơ và hẹn trả kết quả")
    MAU_02 = "mau_02", _("Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ")
    MAU_03 = "mau_03", _("Phiếu từ chối tiếp nhận, giải quyết hồ sơ")
    MAU_04 = "mau_04", _("Văn bản xin lỗi và đề nghị gia hạn thời gian giải quyết")
    MAU_05 = "mau_05", _("Thông báo dừng giải quyết hồ sơ")


class SigningState(models.TextChoices):
    """How far the signature on a paper of ours is."""

    DRAFT = "draft", _("Dự thảo")
    REQUESTED = "requested", _("Đang ký số")
    SIGNED = "signed", _("Đã ký")
    SEALING = "sealing", _("Đang đóng dấu")
    SEALED = "sealed", _("Đã đóng dấu")
    FAILED = "failed", _("Ký số lỗi")


class Attendance(models.TextChoices):
    """Whether a member of a council took part in its meeting."""

    AWAITED = "awaited", _("Chờ ý kiến")
    PRESENT = "present", _("Đã có ý kiến")
    ABSENT = "absent", _("Vắng mặt")
    VACANT = "vacant", _("Không có người")


class DecisionKind(models.TextChoices):
    """What the competent agency answers."""

    RESULT = "result", _("Kết quả giải quyết")
    REFUSAL = "refusal", _("Từ chối giải quyết")


class ClosingKind(models.TextChoices):
    """How a dossier ended without a result."""

    REFUSED_AT_RECEPTION = "refused_at_reception", _("Từ chối tiếp nhận")
    REFUSED = "refused", _("Từ chối giải quyết")
    WITHDRAWN = "withdrawn", _("Người nộp rút hồ sơ")


class HandOverMethod(models.TextChoices):
    """How the result reached the person, and so what its evidence is."""

    COUNTER = "counter", _("Nhận tại quầy")
    ONLINE = "online", _("Nhận bản điện tử")
    POST = "post", _("Qua bưu chính công ích")


class ProcedureStatus(models.TextChoices):
    """Whether a version of a procedure may be filed."""

    DRAFT = "draft", _("Dự thảo")
    PUBLISHED = "published", _("Đang áp dụng")
    CLOSED = "closed", _("Hết hiệu lực")


class Offer(models.TextChoices):
    """Whether a procedure can be filed today, as whoever keeps the catalogue sees it."""

    PUBLISHED = "published", _("Đang nhận hồ sơ")
    OFF = "off", _("Đang tạm dừng")
    DRAFT = "draft", _("Có dự thảo")
    KNOWN = "known", _("Chỉ để tra cứu")
    NONE = "none", _("Chưa có nội dung hiệu lực")


class Way(models.TextChoices):
    """How a procedure that was found goes on from here."""

    ONLINE = "online", _("Nộp trực tuyến tại đây")
    COUNTER = "counter", _("Nộp tại quầy")
    OFF = "off", _("Đang tạm dừng nhận hồ sơ")
    DESCRIBED = "described", _("Xem cách nộp")
    LISTED = "listed", _("Chỉ có mã và tên")


class SettledIn(models.TextChoices):
    """Whose system settles the procedure (Nguồn: Nghị định 224/2026/NĐ-CP, Điều 15.1)."""

    PROVINCE = "province", _("Hệ thống của tỉnh")
    MINISTRY = "ministry", _("Hệ thống tập trung của bộ, ngành")
    UNKNOWN = "unknown", _("Chưa rõ hệ thống giải quyết")


class FeeStatus(models.TextChoices):
    """What is known about the charge of a procedure that is only described here."""

    FREE = "published_free", _("Không thu")
    AMOUNT = "published_amount", _("Theo mức đã công bố")
    LOCAL_COUNCIL = (
        "local_council",
        _("Do Hội đồng nhân dân tỉnh quy định; mức thu chưa có trong hệ thống"),
    )
    OTHER_DOCUMENT = (
        "set_by_other_document",
        _("Theo văn bản quy định về phí, lệ phí; mức thu chưa có trong hệ thống"),
    )
    BY_CASE = "varies_by_case", _("Khác nhau theo trường hợp")
    BY_CHANNEL = "varies_by_channel", _("Khác nhau theo cách nộp")
    UNCONFIRMED = "unconfirmed", _("Chưa rõ: mức thu ở nguồn chưa được xác nhận")
    NOT_STATED = "not_stated", _("Chưa rõ: nguồn không nêu")


class KnownBy(models.TextChoices):
    """The databases that know what a paper says, so that the paper may not be asked for.

    Nguồn: Nghị định 118/2025/NĐ-CP, Điều 4; Nghị quyết 66.7/2025/NQ-CP, phụ lục.
    """

    POPULATION = "population", _("Cơ sở dữ liệu quốc gia về dân cư")
    CIVIL_STATUS = "civil_status", _("Cơ sở dữ liệu hộ tịch điện tử")
    LAND = "land", _("Cơ sở dữ liệu quốc gia về đất đai")
    ENTERPRISES = "enterprises", _("Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp")
    VEHICLES = "vehicles", _("Cơ sở dữ liệu đăng ký xe")
    DRIVING_LICENCES = "driving_licences", _("Cơ sở dữ liệu giấy phép lái xe")
    JUDICIAL_RECORDS = "judicial_records", _("Cơ sở dữ liệu lý lịch tư pháp")
    PASSPORTS = "passports", _("Cơ sở dữ liệu hộ chiếu")
    SOCIAL_INSURANCE = "social_insurance", _("Cơ sở dữ liệu quốc gia về bảo hiểm")
    HEALTH = "health", _("Cơ sở dữ liệu y tế")
    CHILDREN = "children", _("Cơ sở dữ liệu trẻ em")
    BIRTH_NOTES = "birth_notes", _("Giấy chứng sinh điện tử")
    EDUCATION = "education", _("Cơ sở dữ liệu giáo dục")


class Confidence(models.TextChoices):
    """How sure a fact of the catalogue is."""

    HIGH = "high", _("Nguồn nêu rõ thời hạn và mức thu")
    MEDIUM = "medium", _("Nguồn thiếu thời hạn hoặc mức thu")
    LOW = "low", _("Chưa đối chiếu với quyết định công bố")


class AuthorityLevel(models.TextChoices):
    """Who settles a procedure."""

    COMMUNE = "commune", _("Cấp xã")
    PROVINCE = "province", _("Cấp tỉnh")
    CENTRAL = "central", _("Cấp trung ương")
    OTHER = "other", _("Cơ quan khác")


ACT_TITLES: Mapping[str, StrOrPromise] = {
    "submit": _("nộp hồ sơ"),
    "receive": _("tiếp nhận hồ sơ"),
    "refuse_reception": _("từ chối tiếp nhận"),
    "assign": _("phân công giải quyết"),
    "request_supplement": _("yêu cầu bổ sung"),
    "supplement": _("bổ sung hồ sơ"),
    "convene": _("triệu tập Hội đồng"),
    "opine": _("cho ý kiến trong Hội đồng"),
    "excuse": _("ghi thành viên vắng mặt"),
    "replace": _("thay thành viên Hội đồng"),
    "conclude": _("kết luận của Hội đồng"),
    "sign_minutes": _("ký lại biên bản"),
    "establish": _("ghi kết quả thẩm định"),
    "propose": _("trình dự thảo kết quả"),
    "send_duty": _("chuyển thông tin cho cơ quan thuế"),
    "record_duty": _("ghi thông báo nghĩa vụ tài chính"),
    "confirm_duty": _("xác nhận đã hoàn thành nghĩa vụ tài chính"),
    "check": _("thẩm tra dự thảo"),
    "sign": _("ký kết quả"),
    "ask_signature": _("đề nghị ký số"),
    "return_for_rework": _("trả lại để làm lại"),
    "issue": _("cấp số và phát hành"),
    "ask_seal": _("đề nghị đóng dấu số"),
    "apologise": _("xin lỗi và hẹn lại"),
    "pass_on": _("chuyển nơi giải quyết"),
    "sync_failed": _("chưa chuyển được nơi giải quyết"),
    "follow_up": _("gửi lại hoặc hỏi lại nơi giải quyết"),
    "answered_elsewhere": _("nhận kết quả của nơi giải quyết"),
    "hand_over": _("trả kết quả"),
    "withdraw": _("rút hồ sơ"),
    "signing_failed": _("ký số không thành công"),
}
"""What the acts of a dossier's life are called when people are told that they happened."""
