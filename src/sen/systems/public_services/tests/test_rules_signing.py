"""How leaders sign and agencies are named on papers.

Nguồn: Nghị định 30/2020/NĐ-CP, Điều 13; Phụ lục I, phần I, mục II.
"""

from __future__ import annotations

import datetime as dt

import pytest

from sen.base.actor import COMMAND
from sen.kernel.access import public as access
from sen.kernel.organisations import public as organisations
from sen.systems.public_services.queries import paperwork
from sen.systems.public_services.rules import signing
from sen.systems.public_services.tests import factories as f


@pytest.mark.parametrize(
    ("title", "head", "is_collective", "is_head", "is_delegate", "authority", "printed"),
    [
        # Điều 13.2: làm việc theo chế độ tập thể, người đứng đầu thay mặt tập thể lãnh đạo ký
        ("Chủ tịch", "Chủ tịch", True, True, False, "TM. Ủy ban nhân dân", "Chủ tịch"),
        # Điều 13.2: cấp phó thay mặt tập thể, ký thay người đứng đầu
        ("Phó Chủ tịch", "Chủ tịch", True, False, False,
         "TM. Ủy ban nhân dân\nKT. Chủ tịch", "Phó Chủ tịch"),
        # Điều 13.1: làm việc theo chế độ thủ trưởng
        ("Giám đốc Sở", "Giám đốc Sở", False, True, False, "", "Giám đốc"),
        ("Phó Giám đốc Sở", "Giám đốc Sở", False, False, False, "KT. Giám đốc", "Phó Giám đốc"),
        ("Trưởng phòng", "Trưởng phòng", False, True, False, "", "Trưởng phòng"),
        # Điều 13.4: thừa ủy quyền
        ("Giám đốc Trung tâm", "Chủ tịch", True, True, True, "TUQ. Chủ tịch", "Giám đốc Trung tâm"),
        ("Trưởng phòng Hành chính tư pháp", "Giám đốc Sở", False, False, True,
         "TUQ. Giám đốc", "Trưởng phòng Hành chính tư pháp"),
    ],
)  # fmt: skip
def test_how_a_leader_signs(title, head, is_collective, is_head, is_delegate, authority, printed):
    signs = signing.signature(
        title=title,
        head_title=head,
        is_collective=is_collective,
        is_head=is_head,
        is_delegate=is_delegate,
    )
    assert signs == (authority, printed)


@pytest.mark.parametrize(
    ("name", "short", "above", "is_collective", "shown"),
    [
        # Phụ lục I, mục II.2: Ủy ban nhân dân không ghi cơ quan chủ quản
        ("Ủy ban nhân dân xã Đại Đồng", "UBND xã Đại Đồng", "Ủy ban nhân dân tỉnh Nghệ An", True,
         ("", "Ủy ban nhân dân xã Đại Đồng")),
        ("Sở Tư pháp tỉnh Nghệ An", "Sở Tư pháp", "Ủy ban nhân dân tỉnh Nghệ An", False,
         ("Ủy ban nhân dân tỉnh Nghệ An", "Sở Tư pháp")),
        ("Sở Tư pháp tỉnh Nghệ An", "Sở Tư pháp", "", False, ("", "Sở Tư pháp tỉnh Nghệ An")),
    ],
)  # fmt: skip
def test_an_agency_stands_below_its_superior(name, short, above, is_collective, shown):
    assert (
        signing.named_above(name=name, short_name=short, above=above, is_collective=is_collective)
        == shown
    )


@pytest.mark.parametrize(
    ("name", "is_collective", "short"),
    [
        ("UBND xã Đại Đồng", True, "UBND"),
        ("Sở Tư pháp", False, "STP"),
        ("Sở Nông nghiệp và Môi trường tỉnh Nghệ An", False, "SNNMT"),
        ("Sở Văn hóa, Thể thao và Du lịch", False, "SVHTTDL"),
    ],
)
def test_an_agency_in_a_notation(name, is_collective, short):
    """Phụ lục VI: bảng chữ viết tắt; tên cơ quan viết bằng chữ cái đầu."""
    assert signing.abbreviation(name, is_collective=is_collective) == short


@pytest.mark.django_db
def test_the_leaders_of_a_ward_its_head_first_then_a_delegate(province):
    found = paperwork.signers(province.ward, f.ON)
    assert [(one.authority, one.title) for one in found] == [
        ("TM. Ủy ban nhân dân", "Chủ tịch"),
        ("TM. Ủy ban nhân dân\nKT. Chủ tịch", "Phó Chủ tịch"),
    ]
    office = organisations.unit("H41.9.11.2", f.ON).id
    post = organisations.positions(on=f.ON).get(unit=office, code="head_of_office")
    access.grant(
        COMMAND,
        grant=access.NewGrant(
            position=post.id,
            role="public_services.leader",
            scope=access.Scope.LIST,
            units=[province.ward],
            valid_from=dt.date(2026, 1, 1),
        ),
        at=f.MORNING,
    )
    delegate = paperwork.signers(province.ward, f.ON)[-1]
    assert (delegate.account, delegate.authority, delegate.title) == (
        province.chanhvanphong.account, "TUQ. Chủ tịch", "Chánh Văn phòng",
    )  # fmt: skip


@pytest.mark.django_db
def test_the_heads_of_papers(province):
    department = organisations.unit("H41.9.2", f.ON).id
    heads = {
        unit: (paperwork.head(unit, f.ON)["agency_parent"], paperwork.head(unit, f.ON)["agency"])
        for unit in (province.ward, province.centre, department)
    }
    assert heads == {
        province.ward: ("", "Ủy ban nhân dân phường Trường Vinh"),
        province.centre: (
            "Ủy ban nhân dân phường Trường Vinh", "Trung tâm Phục vụ hành chính công",
        ),
        department: ("Ủy ban nhân dân tỉnh Nghệ An", "Sở Tư pháp"),
    }  # fmt: skip
