"""What people call what Sen names by a code: acts of the trail, records, jobs, events, values.

Each system names its own in its manifest; the kernel's, which has none, are named here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from sen.kernel.manifest import public as manifest
from sen.kernel.manifest.public import Name
from sen.kernel.notifications import public as notifications
from sen.web import wording

ACTS = {
    "access.grant.ended": _("cho vai trò hết hiệu lực"),
    "access.grant.made": _("giao vai trò cho vị trí"),
    "access.grant.revoked": _("thu hồi vai trò"),
    "access.role.saved": _("ghi vai trò"),
    "administration.delivery.replay": _("xử lý lại sự kiện"),
    "administration.first_run.begin": _("lập tỉnh và quản trị viên đầu tiên"),
    "administration.first_run.open": _("mở liên kết cài đặt lần đầu"),
    "administration.first_run.put_off": _("để bước cài đặt lại sau"),
    "administration.job.replay": _("chạy lại việc nền"),
    "administration.officials.load": _("nạp danh sách cán bộ"),
    "administration.units.load": _("nạp danh sách đơn vị"),
    "calendar.day.cleared": _("bỏ ngày khỏi lịch"),
    "calendar.days.set": _("ghi ngày vào lịch"),
    "calendar.week.set": _("đặt giờ làm việc trong tuần"),
    "calendar.year.opened": _("mở lịch của năm"),
    "forms.form.published": _("ban hành biểu mẫu"),
    "identity.access.reset": _("cấp lại mật khẩu"),
    "identity.account.add": _("mở tài khoản"),
    "identity.account.disable": _("khóa tài khoản"),
    "identity.account.enable": _("mở khóa tài khoản"),
    "identity.account.link": _("gắn tài khoản với người"),
    "identity.employment.add": _("giao vị trí việc làm"),
    "identity.employment.default": _("chọn vị trí mặc định"),
    "identity.employment.end": _("thôi giữ vị trí việc làm"),
    "identity.enterprise.add": _("ghi doanh nghiệp"),
    "identity.kinship.add": _("ghi quan hệ gia đình"),
    "identity.passkey.add": _("thêm khóa truy cập của thiết bị"),
    "identity.passkey.remove": _("bỏ khóa truy cập của thiết bị"),
    "identity.passkey.rename": _("đổi tên khóa truy cập của thiết bị"),
    "identity.password.change": _("đổi mật khẩu"),
    "identity.person.add": _("ghi người"),
    "identity.person.update": _("cập nhật thông tin người"),
    "identity.position.switch": _("chuyển vị trí làm việc"),
    "identity.recovery_code.use": _("dùng mã khôi phục"),
    "identity.recovery_codes.make": _("tạo mã khôi phục"),
    "identity.representation.add": _("ghi quan hệ đại diện"),
    "identity.representation.end": _("kết thúc quan hệ đại diện"),
    "identity.representation.switch": _("chuyển người được đại diện"),
    "identity.second_factor.add": _("thêm xác thực hai lớp"),
    "identity.session.end": _("kết thúc phiên đăng nhập"),
    "identity.sign_in": _("đăng nhập"),
    "identity.sign_in.refuse": _("từ chối đăng nhập"),
    "identity.sign_out": _("đăng xuất"),
    "identity.token.add": _("cấp khóa truy cập cho chương trình"),
    "identity.token.revoke": _("thu hồi khóa truy cập của chương trình"),
    "keeping.record_backup": _("ghi nhận bản sao lưu"),
    "keeping.record_drill": _("ghi nhận lần thử khôi phục"),
    "keeping.retain": _("xóa dữ liệu hết hạn lưu"),
    "legal.correct_value": _("sửa giá trị ghi nhầm"),
    "legal.set_value": _("ghi giá trị pháp lý"),
    "notifications.delivery.replay": _("gửi lại thông báo"),
    "organisations.areas.loaded": _("nạp danh mục đơn vị hành chính"),
    "organisations.boundaries.loaded": _("nạp ranh giới"),
    "organisations.position.added": _("thêm vị trí việc làm"),
    "organisations.position.closed": _("đóng vị trí việc làm"),
    "organisations.stand_in.appointed": _("cử người làm thay"),
    "organisations.stand_in.ended": _("thôi cử người làm thay"),
    "organisations.unit.added": _("thêm đơn vị"),
    "organisations.unit.moved": _("chuyển đơn vị"),
    "organisations.unit.renamed": _("đổi tên đơn vị"),
    "organisations.units.merged": _("sáp nhập đơn vị"),
    "search.add_wording": _("thêm từ ngữ tìm kiếm"),
    "search.change_wording": _("sửa từ ngữ tìm kiếm"),
    "search.seed_wordings": _("nạp từ ngữ tìm kiếm"),
    "signing.cancel": _("hủy đề nghị ký"),
    "signing.issue_certificate": _("cấp chứng thư số"),
    "signing.make_authority": _("lập nơi cấp chứng thư số"),
    "signing.request": _("đề nghị ký số"),
    "signing.revoke_certificate": _("thu hồi chứng thư số"),
    "signing.trust_root": _("tin cậy chứng thư gốc"),
    "workflow.flow.publish": _("ban hành quy trình"),
    "workflow.task.assign": _("giao việc"),
    "workflow.task.claim": _("nhận việc"),
    "workflow.task.release": _("trả lại việc"),
}
"""Acts as lines of the trail name them."""

RECORDS = {
    "access.grant": _("Vai trò được giao"),
    "access.role": _("Vai trò"),
    "administration.first_run": _("Cài đặt lần đầu"),
    "administration.list": _("Danh sách nạp"),
    "calendar": _("Lịch làm việc"),
    "events.delivery": _("Lượt xử lý sự kiện"),
    "forms.form": _("Biểu mẫu"),
    "identity.account": _("Tài khoản"),
    "identity.enterprise": _("Doanh nghiệp"),
    "identity.person": _("Người"),
    "identity.representation": _("Quan hệ đại diện"),
    "identity.token": _("Khóa truy cập của chương trình"),
    "jobs.job": _("Việc nền"),
    "keeping.backup": _("Bản sao lưu"),
    "keeping.retention": _("Thời hạn lưu"),
    "legal.value": _("Giá trị pháp lý"),
    "notifications.delivery": _("Lượt gửi thông báo"),
    "organisations.areas": _("Danh mục đơn vị hành chính"),
    "organisations.position": _("Vị trí việc làm"),
    "organisations.unit": _("Đơn vị"),
    "search.wording": _("Từ ngữ tìm kiếm"),
    "signing.authority": _("Nơi cấp chứng thư số"),
    "signing.certificate": _("Chứng thư số"),
    "workflow.flow": _("Quy trình công việc"),
}
"""Kinds of records of which the trail tells."""

JOBS = {
    "audit.anchor": _("Đóng dấu thời gian cho nhật ký"),
    "events.deliver": _("Chuyển sự kiện đến nơi xử lý"),
    "files.purge": _("Dọn tệp không còn dùng"),
    "identity.disable_idle": _("Khóa tài khoản lâu không dùng"),
    "identity.purge": _("Dọn phiên và lượt thử đăng nhập cũ"),
    "jobs.partition": _("Mở chỗ chứa cho tháng tới"),
    "jobs.purge": _("Dọn việc nền đã xong"),
    "notifications.send": _("Gửi thông báo"),
    "organisations.announce_merger": _("Báo đơn vị sáp nhập có hiệu lực"),
    "access.follow_merger": _("Chuyển quyền sang đơn vị sau sáp nhập"),
    "workflow.follow_merger": _("Chuyển việc sang đơn vị sau sáp nhập"),
}
"""Work in the background: jobs, and the handlers of events."""

HAPPENED = {
    "calendar.changed": _("Lịch làm việc thay đổi"),
    "identity.second_factor.changed": _("Xác thực hai lớp thay đổi"),
    "signing.completed": _("Ký số xong"),
    "workflow.task.assigned": _("Việc được giao"),
    "workflow.timer.fired": _("Đến hạn báo của một việc"),
}
"""Events, beside those that bear the name of an act of the trail."""

VALUES = {"files.size_limit": _("Dung lượng lớn nhất của một tệp")}
"""Values of the law that the kernel reads."""

FIELDS = {
    "account": _("tài khoản"),
    "added": _("số thêm mới"),
    "after": _("giá trị sau khi sửa"),
    "before": _("giá trị trước khi sửa"),
    "birth_date": _("ngày sinh"),
    "certificate": _("chứng thư số"),
    "changed": _("số thay đổi"),
    "corrects": _("dòng được sửa"),
    "count": _("số lượng"),
    "digest": _("mã băm của nội dung"),
    "email": _("thư điện tử"),
    "erased": _("số đã xóa"),
    "expires_at": _("thời điểm hết hạn"),
    "failed": _("có lỗi hay không"),
    "files": _("tệp"),
    "first": _("ngày đầu"),
    "full_name": _("họ và tên"),
    "identity.person.kind": _("quan hệ gia đình"),
    "is_active": _("đang dùng hay không"),
    "issuer": _("nơi xác nhận danh tính"),
    "kind": _("loại"),
    "last": _("ngày cuối"),
    "loaded": _("số nạp vào"),
    "means": _("cách viết trong tên gọi"),
    "name": _("tên"),
    "old": _("đơn vị cũ"),
    "on": _("ngày có hiệu lực"),
    "opened": _("số tài khoản mở mới"),
    "parent": _("đơn vị cấp trên"),
    "permissions": _("các quyền"),
    "phone": _("điện thoại"),
    "phrases": _("cách nói"),
    "position": _("vị trí việc làm"),
    "records": _("bản ghi được dẫn tới"),
    "removed": _("số bỏ đi"),
    "representation": _("quan hệ đại diện"),
    "role": _("vai trò"),
    "rows": _("số dòng"),
    "scope": _("phạm vi"),
    "scopes": _("quyền của khóa"),
    "sex": _("giới tính"),
    "short_name": _("tên ngắn"),
    "size": _("dung lượng"),
    "stand_in": _("người làm thay"),
    "status": _("tình trạng"),
    "task": _("việc"),
    "topic": _("chủ đề"),
    "uses": _("số bản ghi đã tính theo"),
    "valid_from": _("hiệu lực từ"),
    "valid_to": _("hiệu lực đến"),
    "value": _("giá trị"),
    "version": _("phiên bản"),
}
"""What acts set, as lines of the trail name it; with its kind of record where that says more."""

KERNEL = (
    *(
        Name(code=code, title=title)
        for named in (ACTS, RECORDS, JOBS, HAPPENED, VALUES)
        for code, title in named.items()
    ),
    *(Name(code=f"field.{code}", title=title) for code, title in FIELDS.items()),
)

_COUNTED: Mapping[str, Callable[[Any], str]] = {
    "_working_days": lambda n: gettext("%(n)d ngày làm việc") % {"n": n},
    "_days": lambda n: gettext("%(n)d ngày") % {"n": n},
    "_pct": lambda n: f"{_number(n)} %",
    "_vnd": wording.money,
    "_limit": wording.file_size,
}
"""How a number is written by what the end of its key says it counts; the longest end first."""


def called(code: str) -> str:
    """Return what people call a code, beginning with a capital; the code where nobody named it."""
    said = str(manifest.names().get(code, code))
    return said if said == code else said[:1].upper() + said[1:]


def fields(kind: str, changed: Collection[str]) -> str:
    """Return what people call the fields that an act set in a record of a kind, as one list.

    A name given to a field of that kind comes before one given to the field of any; where there is
    neither, the field stands as it is.
    """
    known = manifest.names()
    named = [known.get(f"field.{kind}.{one}") or known.get(f"field.{one}") for one in changed]
    said = ", ".join(str(name or one) for name, one in zip(named, changed, strict=True))
    return said[:1].upper() + said[1:] if named and named[0] else said


def message(code: str) -> str:
    """Return what a message is called: its title, with an ellipsis for what each one names."""
    template = notifications.templates().get(code)
    if template is None:
        return code
    title = template.title.get(get_language() or "vi") or template.title["vi"]
    return re.sub(r"\{\w+\}", "…", title)


def value_text(key: str, value: Any) -> str:
    """Return a value of the law as people read it: days, đồng, dates, lists, pairs."""
    if isinstance(value, bool):
        return gettext("Có") if value else gettext("Không")
    if isinstance(value, int | float):
        said = next((say for end, say in _COUNTED.items() if key.endswith(end)), _number)
        return said(value)
    if isinstance(value, Mapping):
        pairs = [(called(f"{key}.{name}"), name, one) for name, one in value.items()]
        return "; ".join(
            f"{name if said == f'{key}.{name}' else said}: {value_text(name, one)}"
            for said, name, one in pairs
        )
    if isinstance(value, list | tuple):
        return ", ".join(value_text(key, one) for one in value)
    return "—" if value is None else _text(str(value))


def _number(value: float) -> str:
    return number_format(value, 0 if isinstance(value, int) else None, force_grouping=True)


def _text(said: str) -> str:
    try:
        return wording.day(dt.date.fromisoformat(said))
    except ValueError:
        return said
