"""Enumerations of the forms: types of questions, what may be wrong with an answer or a form."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class QuestionType(models.TextChoices):
    """What a question asks for."""

    TEXT = "text", _("Văn bản ngắn")
    TEXTAREA = "textarea", _("Văn bản dài")
    NUMBER = "number", _("Số")
    MONEY = "money", _("Số tiền (đồng)")
    DATE = "date", _("Ngày")
    CHOICE = "choice", _("Lựa chọn")
    YES_NO = "yes_no", _("Có hoặc không")
    NATIONAL_NUMBER = "national_number", _("Số định danh cá nhân")
    PERSON_NAME = "person_name", _("Họ tên người")
    AREA = "area", _("Đơn vị hành chính")
    ADDRESS = "address", _("Địa chỉ")
    PHONE = "phone", _("Số điện thoại")
    EMAIL = "email", _("Thư điện tử")
    FILE = "file", _("Tệp đính kèm")


class YesNo(models.TextChoices):
    """The two answers of a yes-or-no question, as inputs name them."""

    YES = "yes", _("Có")
    NO = "no", _("Không")


class Sensitivity(models.TextChoices):
    """Who may be harmed when an answer gets known; all but public ones are kept sealed."""

    PUBLIC = "public", _("Thông tin chung")
    PERSONAL = "personal", _("Dữ liệu cá nhân cơ bản")
    SENSITIVE = "sensitive", _("Dữ liệu cá nhân nhạy cảm")


class Fault(models.TextChoices):
    """What is wrong with an answer, in words for whoever typed it.

    %(label)s: the question's label; %(name)s: the same within a sentence; %(typed)s: what was
    typed; %(limit)s and %(other)s: what it is measured by.
    """

    MISSING = "missing", _("Vui lòng nhập %(name)s.")
    NOT_CHOSEN = "not_chosen", _("Vui lòng chọn %(name)s.")
    NO_FILE = "no_file", _("Vui lòng tải lên %(name)s.")
    TOO_LONG = "too_long", _("%(label)s dài quá %(limit)s ký tự. Vui lòng viết ngắn hơn.")
    TOO_SHORT = "too_short", _("%(label)s cần ít nhất %(limit)s ký tự.")
    NOT_TEXT = "not_text", _("%(label)s cần là chữ.")
    NOT_NUMBER = "not_number", _("%(label)s: “%(typed)s” không phải là số. Vui lòng chỉ nhập số.")
    NOT_WHOLE = "not_whole", _("%(label)s cần là số nguyên, không có phần lẻ.")
    TOO_PRECISE = "too_precise", _("%(label)s có nhiều nhất %(limit)s chữ số phần lẻ.")
    TOO_SMALL = "too_small", _("%(label)s không được nhỏ hơn %(limit)s.")
    TOO_BIG = "too_big", _("%(label)s không được lớn hơn %(limit)s.")
    NOT_DATE = (
        "not_date",
        _(
            "%(label)s: “%(typed)s” chưa đúng dạng ngày. "
            "Vui lòng nhập ngày/tháng/năm, ví dụ 21/11/2026."
        ),
    )
    NO_SUCH_DATE = (
        "no_such_date",
        _("%(label)s: %(typed)s là ngày không có trong lịch. Vui lòng kiểm tra lại ngày và tháng."),
    )
    DAY_NEEDED = "day_needed", _("%(label)s cần đủ ngày, tháng và năm, ví dụ 21/11/2026.")
    IN_FUTURE = (
        "in_future",
        _("%(label)s: %(typed)s là ngày chưa đến. Vui lòng nhập ngày không muộn hơn hôm nay."),
    )
    IN_PAST = "in_past", _("%(label)s: %(typed)s đã qua. Vui lòng nhập từ hôm nay trở đi.")
    TOO_EARLY = "too_early", _("%(label)s không được sớm hơn %(limit)s.")
    TOO_LATE = "too_late", _("%(label)s không được muộn hơn %(limit)s.")
    TOO_YOUNG = (
        "too_young",
        _("%(label)s: %(typed)s cho thấy chưa đủ %(limit)s tuổi. Vui lòng kiểm tra lại."),
    )
    TOO_OLD = (
        "too_old",
        _("%(label)s: %(typed)s cho thấy hơn %(limit)s tuổi. Vui lòng kiểm tra lại."),
    )
    NOT_OPTION = "not_option", _("%(label)s: vui lòng chọn một mục có trong danh sách.")
    ONE_ONLY = "one_only", _("%(label)s: chỉ chọn một mục.")
    NOT_YES_NO = "not_yes_no", _("%(label)s: vui lòng chọn Có hoặc Không.")
    NOT_NATIONAL_NUMBER = (
        "not_national_number",
        _("%(label)s gồm đúng 12 chữ số. Vui lòng xem lại trên thẻ căn cước hoặc ứng dụng VNeID."),
    )
    NUMBER_NOT_OF_YEAR = (
        "number_not_of_year",
        _("%(label)s không khớp với năm sinh ở mục “%(other)s”. Vui lòng kiểm tra lại cả hai mục."),
    )
    NUMBER_NOT_OF_SEX = (
        "number_not_of_sex",
        _("%(label)s không khớp với giới tính. Vui lòng kiểm tra lại."),
    )
    NOT_NAME = (
        "not_name",
        _("%(label)s chỉ gồm chữ cái và dấu cách. Vui lòng viết đúng như trên giấy tờ."),
    )
    NOT_PHONE = (
        "not_phone",
        _("%(label)s: “%(typed)s” chưa đúng. Vui lòng nhập 10 chữ số, ví dụ 0912 345 678."),
    )
    NOT_EMAIL = (
        "not_email",
        _("%(label)s: “%(typed)s” chưa đúng dạng. Vui lòng nhập như ten@vidu.vn."),
    )
    NOT_AREA = "not_area", _("%(label)s: vui lòng nhập tên xã, phường và tỉnh, thành phố.")
    NOT_AREA_CODE = (
        "not_area_code",
        _("%(label)s: nơi đã chọn (mã %(typed)s) không còn trong danh mục. Vui lòng chọn lại."),
    )
    NO_LINE = "no_line", _("%(label)s: vui lòng nhập số nhà, đường, thôn, xóm hoặc tổ dân phố.")
    NOT_FILE = "not_file", _("%(label)s: tệp tải lên không còn. Vui lòng tải lên lại.")
    TOO_MANY_FILES = "too_many_files", _("%(label)s: chỉ nhận nhiều nhất %(limit)s tệp.")
    NOT_SAME = "not_same", _("%(label)s cần giống mục “%(other)s”.")
    NOT_OTHER = "not_other", _("%(label)s phải khác mục “%(other)s”.")
    DOES_NOT_HOLD = "does_not_hold", _("%(label)s chưa phù hợp với các mục khác.")
    UNKNOWN = "unknown", _("Biểu mẫu không có mục “%(label)s”.")


class Defect(models.TextChoices):
    """What is wrong with a form document, in words for whoever builds it."""

    MALFORMED = "malformed", _("Sai cấu trúc: %(detail)s")
    KEY_TWICE = "key_twice", _("Khóa “%(detail)s” được dùng hai lần.")
    NO_QUESTION = "no_question", _("Trang không có câu hỏi nào.")
    NO_OPTIONS = "no_options", _("Câu hỏi lựa chọn cần ít nhất hai mục.")
    OPTION_TWICE = "option_twice", _("Mục “%(detail)s” có hai lần.")
    NOT_FOR_TYPE = "not_for_type", _("“%(detail)s” không dùng được với loại câu hỏi này.")
    BAD_CONDITION = "bad_condition", _("Điều kiện sai: %(detail)s")
    UNKNOWN_QUESTION = "unknown_question", _("Nhắc đến câu hỏi không có: “%(detail)s”.")
    LATER_QUESTION = (
        "later_question",
        _("Điều kiện nhắc đến câu hỏi đứng sau: “%(detail)s”. Chỉ dùng câu hỏi đứng trước."),
    )
    CYCLE = "cycle", _("Các điều kiện phụ thuộc vòng tròn: %(detail)s.")
    UNREACHABLE = "unreachable", _("Không câu trả lời nào làm phần này hiện ra.")
    NOT_FOUND_TYPE = "not_found_type", _("Câu hỏi “%(detail)s” không thuộc loại cần có ở đây.")
    NO_MESSAGE = "no_message", _("Kiểm tra bằng điều kiện cần có lời nhắn riêng.")
    NO_BOUND = "no_bound", _("Kiểm tra “%(detail)s” thiếu giá trị hoặc câu hỏi để so.")


class ChangeKind(models.TextChoices):
    """How a question of a newer form differs for whoever keeps a draft of the older one."""

    ADDED = "added", _("Câu hỏi mới")
    REMOVED = "removed", _("Không còn hỏi")
    CHANGED = "changed", _("Câu hỏi đã sửa, câu trả lời được giữ")
    ASK_AGAIN = "ask_again", _("Cần trả lời lại")


class FindingOutcome(models.TextChoices):
    """What came of asking a source that another party keeps, once for a draft."""

    FOUND = "found", _("Đã có dữ liệu")
    NOT_FOUND = "not_found", _("Không có dữ liệu")
    FAILED = "failed", _("Chưa tra cứu được")
    OTHER_PERSON = "other_person", _("Dữ liệu trả về là của người khác, đã bỏ")
