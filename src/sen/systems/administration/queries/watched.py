"""What of the whole is measured and what rings: the manifest's values, in one place."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from sen.kernel.manifest.public import Alarm, Measure
from sen.systems.administration.queries import watching

MEASURES = (
    Measure(name="jobs", says="Jobs by queue and state, without those done",
            read=watching.measure_jobs),
    Measure(name="jobs_oldest_seconds", says="Age of the first due job that nobody has begun",
            read=watching.measure_oldest_job),
    Measure(name="workers", says="Workers that live", read=watching.measure_workers),
    Measure(name="events_waiting", says="Events that wait for the relay",
            read=watching.measure_events),
    Measure(name="events_lag_seconds", says="Age of the first event that waits for the relay",
            read=watching.measure_event_lag),
    Measure(name="audit_unsealed", says="Entries of the audit trail without a seal",
            read=watching.measure_unsealed),
    Measure(name="audit_unsealed_seconds", says="Age of the first entry without a seal",
            read=watching.measure_unsealed_age),
    Measure(name="signatures_waiting", says="Signatures asked for and not made",
            read=watching.measure_signatures),
    Measure(name="messages_failed", says="Messages that failed for good, by medium",
            read=watching.measure_messages),
    Measure(name="disk_free_bytes", says="Free bytes of the fullest disk that Sen writes to",
            read=watching.measure_disk),
    Measure(name="storage_up", says="Whether the storage of the files answers",
            read=watching.measure_storage),
    Measure(name="certificate_end_timestamp_seconds", says="When the first certificate ends",
            read=watching.measure_certificates),
    Measure(name="backup_timestamp_seconds", says="When the last good backup was made",
            read=watching.measure_backup),
    Measure(name="alarm_ringing", says="Whether an alarm rings", read=watching.measure_alarms),
)  # fmt: skip

ALARMS = (
    Alarm(
        code="administration.workers",
        title=_("Không có tiến trình nền"),
        advice=_("Xem ./sen status và nhật ký worker.log; chạy lại bằng ./sen restart."),
        look=watching.look_at_workers,
        rings_at=60,
        clears_at=20,
    ),
    Alarm(
        code="administration.queue",
        title=_("Việc nền chờ quá lâu"),
        advice=_("Xem Quản trị, Việc nền: loại việc nào dồn lại; thêm một ./sen worker."),
        look=watching.look_at_queue,
        rings_at=300,
        clears_at=60,
    ),
    Alarm(
        code="administration.dead_jobs",
        title=_("Việc nền không thành"),
        advice=_("Xem lý do ở Quản trị, Việc nền; chữa nguyên nhân rồi chạy lại."),
        look=watching.look_at_dead_jobs,
        rings_at=1,
        clears_at=0,
    ),
    Alarm(
        code="administration.deliveries",
        title=_("Sự kiện không giao được"),
        advice=_("Xem lý do ở Quản trị, Việc nền; chữa nguyên nhân rồi chạy lại từng sự kiện."),
        look=watching.look_at_deliveries,
        rings_at=1,
        clears_at=0,
    ),
    Alarm(
        code="administration.relay",
        title=_("Sự kiện chờ phân phát quá lâu"),
        advice=_("Có tiến trình nền nhưng không phân phát: xem worker.log, rồi ./sen restart."),
        look=watching.look_at_relay,
        rings_at=120,
        clears_at=30,
    ),
    Alarm(
        code="administration.trail",
        title=_("Nhật ký kiểm toán chưa được niêm phong"),
        advice=_("Xem worker.log; khi tiến trình nền chạy lại, soát bằng ./sen audit verify."),
        look=watching.look_at_trail,
        rings_at=120,
        clears_at=30,
    ),
    Alarm(
        code="administration.signatures",
        title=_("Chữ ký chờ quá lâu"),
        advice=_("Xem Quản trị, Việc nền; đơn vị có thể chưa có chứng thư còn hạn."),
        look=watching.look_at_signatures,
        rings_at=1800,
        clears_at=300,
    ),
    Alarm(
        code="administration.disk",
        title=_("Sắp hết chỗ trên đĩa"),
        advice=_(
            "Thêm chỗ, hoặc dọn nhật ký và bản sao lưu cũ; không xóa tệp trong thư mục files."
        ),
        look=watching.look_at_disk,
        rings_at=10,
        clears_at=15,
    ),
    Alarm(
        code="administration.storage",
        title=_("Kho tệp S3 không trả lời"),
        advice=_("Xem máy chủ S3, đường mạng và khóa; tải lên và ký bị từ chối tới khi có lại."),
        look=watching.look_at_storage,
        rings_at=1,
        clears_at=0,
    ),
    Alarm(
        code="administration.backup",
        title=_("Bản sao lưu đã cũ"),
        advice=_("Chạy ./sen backup và đọc lời báo; xem lịch sao lưu hằng đêm còn chạy không."),
        look=watching.look_at_backup,
        rings_at=36,
        clears_at=30,
    ),
    Alarm(
        code="administration.certificates",
        title=_("Chứng thư số sắp hết hạn"),
        advice=_("Xin cấp chứng thư mới cho đơn vị, cán bộ ấy trước ngày hết hạn."),
        look=watching.look_at_certificates,
        rings_at=30,
        clears_at=31,
    ),
    Alarm(
        code="administration.tls",
        title=_("Chứng thư TLS sắp hết hạn"),
        advice=_("Gia hạn (certbot renew); Sen tự dùng chứng thư mới trong một phút."),
        look=watching.look_at_tls,
        rings_at=14,
        clears_at=15,
    ),
    Alarm(
        code="administration.clock",
        title=_("Đồng hồ máy lệch"),
        advice=_("Bật đồng bộ giờ (timedatectl set-ntp true) ở máy này và máy cơ sở dữ liệu."),
        look=watching.look_at_clock,
        rings_at=5,
        clears_at=2,
    ),
)
