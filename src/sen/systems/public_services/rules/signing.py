"""In whose name and as what a leader signs, how an agency stands at the head of its papers.

Nguồn: Nghị định 30/2020/NĐ-CP, Điều 13 và Phụ lục I, phần I, mục II, khoản 2 và khoản 7.
"""

from __future__ import annotations

import re
from typing import NamedTuple

PEOPLES_COMMITTEE = "Ủy ban nhân dân"
_OWN_KIND = re.compile(r" (Sở|Ban|Chi nhánh|Trung tâm|Văn phòng|Phòng)$")
_ADDED = re.compile(r" (tỉnh|thành phố|phường|xã|đặc khu) \S.*$")


class Signature(NamedTuple):
    """What stands above a signature: the authority, a line each, then the title."""

    authority: str
    title: str


def signature(
    *, title: str, head_title: str, is_collective: bool, is_head: bool, is_delegate: bool
) -> Signature:
    """Return how somebody signs for a unit.

    title: of the post they hold; head_title: of the head of the unit that signs. is_collective: it
    decides as a body ("làm việc theo chế độ tập thể"), as a People's Committee does. is_delegate:
    the post is in a unit below, by delegation ("thừa ủy quyền"). Else whoever is not the head signs
    in the head's place ("ký thay").
    Nguồn: Nghị định 30/2020/NĐ-CP, Điều 13 khoản 1, 2, 4; Phụ lục I, mục II.7.a, b.
    """
    head = own_title(head_title)
    if is_delegate:
        return Signature(f"TUQ. {head}", title)
    lines = [f"TM. {PEOPLES_COMMITTEE}"] if is_collective else []
    if not is_head:
        lines.append(f"KT. {head}")
    return Signature("\n".join(lines), own_title(title))


def own_title(title: str) -> str:
    """Return a leader's title without the agency, which stands at the head of the paper already.

    Nguồn: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.7.b.
    """
    return _OWN_KIND.sub("", title)


def named_above(*, name: str, short_name: str, above: str, is_collective: bool) -> tuple[str, str]:
    """Return the superior and the agency as they stand at the head of a paper.

    A People's Committee has no superior above it; any other agency stands below its own, and so
    without the place that its superior names.
    Nguồn: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.2.
    """
    return ("", name) if is_collective or not above else (above, short_name)


def abbreviation(name: str, *, is_collective: bool) -> str:
    """Return an agency as a notation names it: UBND, STP, SNNMT.

    Nguồn: Nghị định 30/2020/NĐ-CP, Phụ lục I, mục II.3; Phụ lục VI.
    """
    if is_collective:
        return "UBND"
    words = re.findall(r"\w+", _ADDED.sub("", name))
    return "".join(word[0].upper() for word in words if word != "và")
