"""Loading a list of units or of officials: all rows in one transaction, or none.

Every row is tried by the verbs that pages use, each in a savepoint, so that all faults of all rows
are known at once; with one fault, or where the list is only tried, everything is taken back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sen.base.actor import Actor
from sen.base.errors import DomainError, Invalid, NotFound
from sen.base.identifiers import NationalNumber, new_id
from sen.base.vietnamese import fold, nfc
from sen.kernel.access import public as access
from sen.kernel.audit import public as audit
from sen.kernel.identity import public as identity
from sen.kernel.organisations import public as organisations
from sen.systems.administration import permissions
from sen.systems.administration.data import (
    Loaded,
    NewOfficial,
    NewPost,
    Opened,
    SheetColumn,
    UnitDraft,
)
from sen.systems.administration.services import accounts, posts, units

T = TypeVar("T")
R = TypeVar("R")
Row = Mapping[str, str]
Faults = dict[int, dict[str, list[str]]]
MOST_OFFICIALS = 200
"""How many accounts one list opens: each password is hashed slowly, on purpose."""
_DAYS = ("%d/%m/%Y", "%Y-%m-%d")

_text = gettext_lazy
_DAY_HINT = _text("Ngày/tháng/năm, ví dụ 01/01/2027.")
UNIT_COLUMNS: Sequence[SheetColumn] = (
    SheetColumn(key="code", title=_text("Mã định danh"), hint=_text("Ví dụ H41.9.12.")),
    SheetColumn(
        key="parent",
        title=_text("Mã đơn vị cấp trên"),
        hint=_text("Mã đã có, hoặc mã ở một dòng khác của danh sách."),
    ),
    SheetColumn(
        key="kind",
        title=_text("Loại đơn vị"),
        hint=_text("province, department, commune, centre, office; hoặc tên loại bằng tiếng Việt."),
    ),
    SheetColumn(key="level", title=_text("Cấp"), hint=_text("province hoặc commune.")),
    SheetColumn(key="name", title=_text("Tên đầy đủ"), hint=_text("Như trong quyết định.")),
    SheetColumn(key="short_name", title=_text("Tên ngắn"), hint=_text("Hiện trong danh sách.")),
    SheetColumn(
        key="name_en", title=_text("Tên tiếng Anh"), hint=_text("Có thể để trống."),
        is_required=False,
    ),
    SheetColumn(
        key="short_name_en", title=_text("Tên ngắn tiếng Anh"), hint=_text("Có thể để trống."),
        is_required=False,
    ),
    SheetColumn(
        key="statistics_code",
        title=_text("Mã đơn vị hành chính"),
        hint=_text("Chỉ với đơn vị quản lý một địa bàn."),
        is_required=False,
    ),
    SheetColumn(key="valid_from", title=_text("Từ ngày"), hint=_DAY_HINT),
    SheetColumn(
        key="decision", title=_text("Quyết định"), hint=_text("Số quyết định thành lập."),
        is_required=False,
    ),
)  # fmt: skip
OFFICIAL_COLUMNS: Sequence[SheetColumn] = (
    SheetColumn(key="full_name", title=_text("Họ, chữ đệm, tên"), hint=_text("Viết đủ dấu.")),
    SheetColumn(
        key="national_number",
        title=_text("Số định danh cá nhân"),
        hint=_text("12 chữ số; ô phải ở dạng văn bản để không mất số 0 ở đầu."),
    ),
    SheetColumn(
        key="birth_date", title=_text("Ngày sinh"), hint=_text("Có thể để trống."),
        is_required=False,
    ),
    SheetColumn(
        key="username",
        title=_text("Tên đăng nhập"),
        hint=_text("Đã có thì cán bộ được giao thêm vị trí này."),
    ),
    SheetColumn(key="unit", title=_text("Mã đơn vị"), hint=_text("Đơn vị của vị trí.")),
    SheetColumn(
        key="position",
        title=_text("Vị trí việc làm"),
        hint=_text("Mã hoặc tên vị trí như trong trang của đơn vị."),
    ),
    SheetColumn(key="valid_from", title=_text("Giữ vị trí từ ngày"), hint=_DAY_HINT),
)  # fmt: skip


class RowsRefused(Invalid):
    """Rows that do not hold. faults: by the row's place in the list, what is wrong where."""

    code = "rows_refused"

    def __init__(self, faults: Faults) -> None:
        said = _("%(n)d dòng chưa đúng. Chưa có gì được ghi.") % {"n": len(faults)}
        fields = {
            f"rows.{row}.{key}" if key else f"rows.{row}": messages
            for row, found in faults.items()
            for key, messages in found.items()
        }
        super().__init__(said, fields=fields)
        self.faults = faults


@transaction.atomic
def load_units(
    *, actor: Actor, rows: Sequence[Row], at: dt.datetime, dry_run: bool = False
) -> Loaded:
    """Add every unit of a list, or none; a parent may stand below its parts in the list.

    dry_run: try it and take it back. Raises NotAllowed, RowsRefused.
    """
    access.check(actor, organisations.MANAGE_UNITS)
    drafts, faults = _read_all(rows, _unit_draft)
    _once(rows, "code", faults)
    for place in _parents_first(drafts, faults):
        _try(
            faults,
            place,
            lambda draft: units.add_unit(actor=actor, draft=draft, at=at),
            drafts[place],
        )
    return _settle(actor, "units", Loaded(rows=len(rows)), faults, at=at, dry_run=dry_run)


def _unit_draft(row: Row) -> UnitDraft:
    faults: dict[str, list[str]] = {}
    valid_from = _day(row, "valid_from", faults)
    kind = _choice(row, "kind", organisations.UnitKind.choices, faults)
    level = _choice(row, "level", organisations.Level.choices, faults)
    _asked(row, ("code", "parent", "name", "short_name"), faults)
    if faults or valid_from is None:
        raise Invalid(fields=faults)
    return UnitDraft(
        parent=row["parent"].strip(),
        code=row["code"].strip(),
        kind=kind,
        level=level,
        name=row["name"],
        short_name=row["short_name"],
        name_en=row.get("name_en", ""),
        short_name_en=row.get("short_name_en", ""),
        statistics_code=row.get("statistics_code", ""),
        valid_from=valid_from,
        decision=row.get("decision", ""),
    )


def _parents_first(drafts: Mapping[int, UnitDraft], faults: Faults) -> Iterator[int]:
    """Yield places in an order in which every parent comes before its parts.

    A part of a faulty unit says so itself; units that stand below one another are all faulty.
    """
    places = {draft.code: place for place, draft in drafts.items()}
    waiting = [place for place in drafts if place not in faults]
    done: set[int] = set()
    while waiting:
        ready = [one for one in waiting if places.get(drafts[one].parent) in {None, *done}]
        if not ready:
            for one in waiting:
                above = places[drafts[one].parent]
                said = (
                    _("Đơn vị cấp trên ở dòng khác của danh sách chưa đúng.")
                    if above in faults
                    else _("Các đơn vị không thể là cấp trên của nhau theo vòng tròn.")
                )
                faults[one] = {"parent": [said]}
            return
        for one in ready:
            yield one
            if one not in faults:
                done.add(one)
        waiting = [one for one in waiting if one not in ready]


@transaction.atomic
def load_officials(
    *, actor: Actor, rows: Sequence[Row], at: dt.datetime, dry_run: bool = False
) -> Loaded:
    """Open an account for every official of a list, or for none; who has one gets the position.

    dry_run: try it and take it back. Raises NotAllowed, Invalid for more than a list may have,
    RowsRefused.
    """
    access.check(actor, permissions.ACCOUNTS.name)
    if len(rows) > MOST_OFFICIALS:
        said = _("Mỗi danh sách tối đa %(n)d cán bộ. Hãy chia thành nhiều tệp.")
        raise Invalid(said % {"n": MOST_OFFICIALS})
    wanted, faults = _read_all(rows, _official)
    _once(rows, "username", faults, also="position")
    opened: list[Opened] = []
    for place, official in wanted.items():
        if place not in faults:
            made = _try(
                faults,
                place,
                lambda one: _open(actor, one, at=at, dry_run=dry_run),
                official,
            )
            if made:
                opened.append(
                    Opened(
                        row=place,
                        username=official.username.lower(),
                        full_name=nfc(official.full_name),
                        password=made,
                    )
                )
    loaded = Loaded(rows=len(rows), opened=opened)
    return _settle(actor, "officials", loaded, faults, at=at, dry_run=dry_run)


def _official(row: Row) -> NewOfficial:
    faults: dict[str, list[str]] = {}
    valid_from = _day(row, "valid_from", faults)
    birth_date = _day(row, "birth_date", faults) if row.get("birth_date", "").strip() else None
    _asked(row, ("full_name", "national_number", "username", "unit", "position"), faults)
    _number(row, faults)
    position = None if valid_from is None else _position(row, valid_from, faults)
    if faults or valid_from is None or position is None:
        raise Invalid(fields=faults)
    return NewOfficial(
        username=row["username"].strip(),
        full_name=row["full_name"],
        national_number=row["national_number"].strip(),
        birth_date=birth_date,
        position=position,
        valid_from=valid_from,
    )


def _number(row: Row, faults: dict[str, list[str]]) -> None:
    try:
        NationalNumber.parse(row["national_number"].strip())
    except ValueError:
        faults.setdefault("national_number", [_("Số định danh cá nhân gồm 12 chữ số.")])


def _position(row: Row, on: dt.date, faults: dict[str, list[str]]) -> UUID | None:
    """Return the position that a row names by code or title, None with the fault noted."""
    if "unit" in faults or "position" in faults:
        return None
    code = row["unit"].strip()
    try:
        held = organisations.unit(code, on)
    except NotFound:
        faults["unit"] = [_("Không có đơn vị mang mã “%(code)s” vào ngày này.") % {"code": code}]
        return None
    places = list(organisations.positions(on=on, unit=held.id))
    wanted = fold(row["position"])
    for one in places:
        if wanted in {fold(one.code), fold(one.title["vi"])}:
            return one.id
    known = ", ".join(f"{one.title['vi']} ({one.code})" for one in places) or _("chưa có")
    faults["position"] = [_("Đơn vị không có vị trí này. Đang có: %(known)s.") % {"known": known}]
    return None


def _open(actor: Actor, official: NewOfficial, *, at: dt.datetime, dry_run: bool) -> str:
    """Open an account, or give one more position; return the one-time password of a new one."""
    held = identity.account_named(official.username)
    if held is None:
        if dry_run:
            accounts.check_official(actor=actor, official=official, at=at)
            return "-"
        return accounts.add_official(actor=actor, official=official, at=at)[1]
    person = identity.find_person(official.national_number)
    if person is None or held.person_id != person.pk:
        said = _("Tên đăng nhập này là của người khác.")
        raise Invalid(fields={"username": [said]})
    post = NewPost(account=held.pk, position=official.position, valid_from=official.valid_from)
    posts.add_post(actor=actor, post=post, at=at)
    return ""


# -- What both lists share


def _read_all(rows: Sequence[Row], read: Callable[[Row], T]) -> tuple[dict[int, T], Faults]:
    found: dict[int, T] = {}
    faults: Faults = {}
    for place, row in enumerate(rows):
        try:
            found[place] = read(row)
        except DomainError as error:
            faults[place] = error.fields or {"": [error.message]}
    return found, faults


def _try(faults: Faults, place: int, act: Callable[[T], R], wanted: T) -> R | None:
    try:
        with transaction.atomic():
            return act(wanted)
    except DomainError as error:
        faults[place] = error.fields or {"": [error.message]}
        return None


def _once(rows: Sequence[Row], key: str, faults: Faults, *, also: str = "") -> None:
    """Note each row that says the same as an earlier one. also: a column that tells them apart."""
    seen: dict[tuple[str, str], int] = {}
    for place, row in enumerate(rows):
        said = fold(row.get(key, "")), fold(row.get(also, ""))
        if seen.setdefault(said, place) != place and said[0]:
            message = _("Trùng với một dòng ở trên trong danh sách.")
            faults.setdefault(place, {}).setdefault(key, []).append(message)


def _asked(row: Row, keys: Sequence[str], faults: dict[str, list[str]]) -> None:
    for key in keys:
        if not nfc(row.get(key, "")):
            faults[key] = [_("Thiếu giá trị bắt buộc.")]


def _day(row: Row, key: str, faults: dict[str, list[str]]) -> dt.date | None:
    said = row.get(key, "").strip()
    for form in _DAYS:
        try:
            moment = dt.datetime.strptime(said, form)  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
        return dt.date(moment.year, moment.month, moment.day)
    faults[key] = [_("Ghi ngày dạng 21/11/2026.")]
    return None


def _choice(
    row: Row, key: str, choices: Sequence[tuple[str, object]], faults: dict[str, list[str]]
) -> str:
    said = fold(row.get(key, ""))
    for code, label in choices:
        if said in {code, fold(str(label))}:
            return code
    known = ", ".join(code for code, _label in choices)
    faults[key] = [_("Chỉ nhận: %(known)s.") % {"known": known}]
    return ""


def _settle(
    actor: Actor, kind: str, loaded: Loaded, faults: Faults, *, at: dt.datetime, dry_run: bool
) -> Loaded:
    if faults:
        raise RowsRefused(dict(sorted(faults.items())))
    if dry_run:
        transaction.set_rollback(True)
        return Loaded(rows=loaded.rows)
    audit.record(
        actor,
        f"administration.{kind}.load",
        subject=audit.Subject(kind="administration.list", id=new_id(), code=kind),
        at=at,
        fields={"rows": loaded.rows, "opened": len(loaded.opened)},
    )
    return loaded
