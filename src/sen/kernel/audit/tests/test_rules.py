"""The trail's arithmetic."""

from __future__ import annotations

import dataclasses
import datetime as dt
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sen.base.identifiers import new_id
from sen.kernel.audit import rules
from sen.kernel.audit.data import InclusionProof, Seal, Subject
from sen.kernel.audit.tests.factories import EntryFactory

LEAVES = st.lists(st.binary(min_size=32, max_size=32), min_size=1, max_size=40)

# The published vectors of Certificate Transparency (RFC 6962 reference implementation).
CT_INPUTS = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
CT_ROOTS = {
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    4: "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    5: "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    6: "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


@pytest.mark.parametrize(("size", "root"), CT_ROOTS.items())
def test_the_tree_is_that_of_rfc_6962(size, root):
    leaves = [rules.leaf_hash(content) for content in CT_INPUTS[:size]]

    assert rules.root_of(leaves).hex() == root


def test_a_tree_needs_a_leaf():
    with pytest.raises(ValueError, match="leaf"):
        rules.root_of([])


@given(LEAVES, st.data())
def test_every_leaf_has_a_path_to_the_root(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    path = rules.path_to(leaves, index)

    assert rules.root_by_path(leaves[index], index, len(leaves), path) == rules.root_of(leaves)


@given(LEAVES, st.data())
def test_a_path_serves_no_other_place_leaf_or_length(leaves, data):
    index = data.draw(st.integers(0, len(leaves) - 1))
    path, root, size = rules.path_to(leaves, index), rules.root_of(leaves), len(leaves)

    assert rules.root_by_path(bytes(31) + b"\x01", index, size, path) != root
    assert rules.root_by_path(leaves[index], index, size, (*path, bytes(32))) != root
    assert rules.root_by_path(leaves[index], size, size, path) is None
    assert rules.root_by_path(leaves[index], -1, size, path) is None
    if path:
        assert rules.root_by_path(leaves[index], index, size, path[:-1]) != root


@pytest.mark.parametrize("index", [-1, 3])
def test_there_is_no_path_from_outside_the_tree(index):
    with pytest.raises(IndexError):
        rules.path_to([bytes(32)] * 3, index)


def test_canonical_bytes_are_fixed():
    entry = EntryFactory(
        id=__import__("uuid").UUID(int=1),
        subject=Subject("k", __import__("uuid").UUID(int=2), "H41-1"),
        reason="Thiếu giấy",
        fields={"b": "02", "a": "01"},
    )

    assert rules.canonical(entry).decode() == (
        '[1,"00000000-0000-0000-0000-000000000001",1795248000000000,"tests.do","k",'
        '"00000000-0000-0000-0000-000000000002","H41-1",null,null,null,null,null,null,0,"web",'
        '"Thiếu giấy",[["a","01"],["b","02"]]]'
    )


def test_the_zone_of_the_moment_does_not_count():
    entry = EntryFactory()
    moved = dataclasses.replace(entry, at=entry.at.astimezone(dt.timezone(dt.timedelta(hours=7))))

    assert rules.canonical(moved) == rules.canonical(entry)


@pytest.mark.parametrize(
    "change",
    [
        {"id": new_id()},
        {"at": dt.datetime(2026, 11, 21, 8, 0, 0, 1, tzinfo=dt.UTC)},
        {"action": "tests.undo"},
        {"subject": Subject("tests.record", new_id(), "H41-1")},
        {"account": new_id()},
        {"person": new_id()},
        {"position": new_id()},
        {"unit": new_id()},
        {"acting_for": new_id()},
        {"token": new_id()},
        {"strength": 50},
        {"channel": "api"},
        {"reason": "x"},
        {"fields": {"a": "01"}},
    ],
)
def test_every_part_of_an_entry_counts(change):
    entry = EntryFactory()

    assert rules.canonical(dataclasses.replace(entry, **change)) != rules.canonical(entry)


def seal_of(contents, number=1, former=rules.GENESIS):
    leaves = tuple(rules.leaf_hash(content) for content in contents)
    root = rules.root_of(leaves)
    return Seal(
        number=number,
        entries=tuple(new_id() for _ in contents),
        leaves=leaves,
        root=root,
        former=former,
        chain=rules.chain_hash(number, former, root, len(leaves)),
    )


SEAL = seal_of([b"one", b"two"])


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, []),
        ({"root": bytes(32)}, ["root", "chain"]),
        ({"leaves": SEAL.leaves[::-1]}, ["root"]),
        ({"leaves": SEAL.leaves[:1]}, ["leaves", "chain"]),
        ({"leaves": (), "entries": ()}, ["leaves", "chain"]),
        ({"number": 2}, ["chain"]),
        ({"chain": bytes(32)}, ["chain"]),
        ({"former": bytes(31) + b"\x01"}, ["chain", "former"]),
    ],
)
def test_a_touched_seal_shows(change, faults):
    assert rules.seal_faults(dataclasses.replace(SEAL, **change), rules.GENESIS) == faults


def proof_of(contents, index):
    seal = seal_of(contents, number=7, former=sha256(b"former").digest())
    return InclusionProof(
        entry=seal.entries[index],
        content=contents[index],
        index=index,
        size=len(contents),
        path=rules.path_to(seal.leaves, index),
        root=seal.root,
        number=seal.number,
        former=seal.former,
        chain=seal.chain,
    )


PROOF = proof_of([b"one", b"two", b"ba"], 1)


def test_a_proof_holds():
    assert rules.check_proof(PROOF) is True


@pytest.mark.parametrize(
    "change",
    [
        {"content": b"Two"},
        {"index": 0},
        {"size": 4},
        {"path": PROOF.path[::-1]},
        {"path": ()},
        {"root": bytes(32)},
        {"number": 8},
        {"former": bytes(32)},
        {"chain": bytes(32)},
    ],
)
def test_a_changed_proof_does_not_hold(change):
    assert rules.check_proof(dataclasses.replace(PROOF, **change)) is False


def test_a_proof_comes_back_from_its_text():
    assert rules.proof_from_json(rules.proof_to_json(PROOF)) == PROOF


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"entry": 1}', '{"entry": "x"}', "null"])
def test_what_is_no_proof_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        rules.proof_from_json(text)
