"""What a small form of findings has to keep, so that a page can ask it beside an act."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

RESERVED = frozenset({"version", "key", "kind", "signer", "reason", "ground", "findings"})
"""Names of the other inputs of the page on which findings are entered."""


def problems(*, pages: int, keys: Collection[str], result_data: Mapping[str, Any]) -> Iterator[str]:
    """Yield what keeps a form of findings from being used with a result, in words.

    pages: how many it has. keys: what it asks. result_data: where each fact of the result comes
    from.
    """
    if pages > 1:
        yield "Biểu mẫu kết quả thẩm định chỉ có một trang."
    for key in sorted(RESERVED & set(keys)):
        yield f"Khóa “{key}” không dùng được trong biểu mẫu kết quả thẩm định."
    for key in sorted(asked_of(result_data) - set(keys)):
        yield f"Kết quả cần “{key}” mà biểu mẫu kết quả thẩm định không hỏi."


def asked_of(result_data: Mapping[str, Any]) -> frozenset[str]:
    """Return the findings that the facts of a result are taken from."""
    return frozenset(
        rule["finding"]
        for rule in result_data.values()
        if isinstance(rule, Mapping) and "finding" in rule
    )
