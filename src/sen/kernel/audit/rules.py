"""The trail's arithmetic: canonical bytes, a Merkle tree after RFC 6962, the chain, proofs.

Standard library only, so that a third party can check with this module alone.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from hashlib import sha256
from uuid import UUID

from sen.kernel.audit.data import Entry, InclusionProof, Seal

LEAF, NODE, CHAIN = b"\x00", b"\x01", b"\x02"
"""First byte of what is hashed, so that no leaf can be taken for a node or a seal."""
GENESIS = bytes(32)
"""What stands as the former seal of the first one."""
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def canonical(entry: Entry) -> bytes:
    """Return the bytes of an entry that are hashed: a JSON list in fixed order, UTF-8.

    Times are whole microseconds since 1970 in UTC.
    """
    microseconds = (entry.at - _EPOCH) // dt.timedelta(microseconds=1)
    parts = [
        1,
        str(entry.id),
        microseconds,
        entry.action,
        entry.subject.kind,
        str(entry.subject.id),
        entry.subject.code,
        *(_text(value) for value in (
            entry.account, entry.person, entry.position, entry.unit, entry.acting_for, entry.token
        )),
        entry.strength,
        entry.channel,
        entry.reason,
        sorted(entry.fields.items()),
    ]  # fmt: skip
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":")).encode()


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def leaf_hash(content: bytes) -> bytes:
    """Return the hash of an entry's canonical bytes as a leaf. Nguồn: RFC 6962, mục 2.1."""
    return sha256(LEAF + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two nodes. Nguồn: RFC 6962, mục 2.1."""
    return sha256(NODE + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root over at least one leaf hash. Nguồn: RFC 6962, mục 2.1.

    Raises ValueError for none.
    """
    if not leaves:
        raise ValueError("a tree needs a leaf")
    level = list(leaves)
    while len(level) > 1:
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
    return level[0]


def path_to(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """Return the nodes beside the way from a leaf to the root. Nguồn: RFC 6962, mục 2.1.1.

    Raises IndexError for an index outside the tree.
    """
    if not 0 <= index < len(leaves):
        raise IndexError("no such leaf")
    path = []
    level = list(leaves)
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            path.append(level[sibling])
        paired = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = paired + level[len(paired) * 2 :]
        index //= 2
    return tuple(path)


def root_by_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """Return the root to which a path leads, None where the path does not fit the tree's size.

    Nguồn: RFC 9162, mục 2.1.3.2.
    """
    if not 0 <= index < size:
        return None
    here, left, last = leaf, list(path), size - 1
    while last:
        if index % 2 or index < last:
            if not left:
                return None
            beside = left.pop(0)
            here = node_hash(beside, here) if index % 2 else node_hash(here, beside)
        index, last = index // 2, last // 2
    return None if left else here


def chain_hash(number: int, former: bytes, root: bytes, size: int) -> bytes:
    """Return the hash that chains a seal to the one before it."""
    return sha256(CHAIN + number.to_bytes(8) + size.to_bytes(8) + former + root).digest()


def seal_faults(seal: Seal, former: bytes) -> list[str]:
    """Return what is wrong with a seal in itself and after the one before, as codes.

    leaves: their number is not that of the entries. root, chain: not what it is the hash of.
    former: not the chain of the seal before.
    """
    found = []
    if len(seal.leaves) != len(seal.entries) or not seal.leaves:
        found.append("leaves")
    elif root_of(seal.leaves) != seal.root:
        found.append("root")
    if chain_hash(seal.number, seal.former, seal.root, len(seal.leaves)) != seal.chain:
        found.append("chain")
    if seal.former != former:
        found.append("former")
    return found


def check_proof(proof: InclusionProof) -> bool:
    """Tell whether a proof holds: the content leads to the root, and the root to the seal's chain.

    That the chain is the true one is for an anchor, or a head noted elsewhere, to say.
    """
    leaf = leaf_hash(proof.content)
    root = root_by_path(leaf, proof.index, proof.size, proof.path)
    return root == proof.root and proof.chain == chain_hash(
        proof.number, proof.former, proof.root, proof.size
    )


def proof_to_json(proof: InclusionProof) -> str:
    """Return a proof as JSON text that whoever asked for it can keep."""
    return json.dumps(
        {
            "entry": str(proof.entry),
            "content": proof.content.decode(),
            "index": proof.index,
            "size": proof.size,
            "path": [node.hex() for node in proof.path],
            "root": proof.root.hex(),
            "number": proof.number,
            "former": proof.former.hex(),
            "chain": proof.chain.hex(),
        },
        ensure_ascii=False,
        indent=2,
    )


def proof_from_json(text: str) -> InclusionProof:
    """Return the proof that `proof_to_json` wrote. Raises ValueError for anything else."""
    try:
        raw = json.loads(text)
        return InclusionProof(
            entry=UUID(raw["entry"]),
            content=raw["content"].encode(),
            index=int(raw["index"]),
            size=int(raw["size"]),
            path=tuple(bytes.fromhex(node) for node in raw["path"]),
            root=bytes.fromhex(raw["root"]),
            number=int(raw["number"]),
            former=bytes.fromhex(raw["former"]),
            chain=bytes.fromhex(raw["chain"]),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("this is no inclusion proof") from error
