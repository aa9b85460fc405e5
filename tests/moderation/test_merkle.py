"""Merkle trees, against RFC 6962's own recursive definition written out once more here."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.ledger import merkle


def mth(entries: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not entries:
        return sha256(b"").digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    k = 1
    while k * 2 < len(entries):
        k *= 2
    return sha256(b"\x01" + mth(entries[:k]) + mth(entries[k:])).digest()


def path(m: int, entries: list[bytes]) -> list[bytes]:
    """RFC 6962, 2.1.1, word for word."""
    if len(entries) == 1:
        return []
    k = 1
    while k * 2 < len(entries):
        k *= 2
    if m < k:
        return [*path(m, entries[:k]), mth(entries[k:])]
    return [*path(m - k, entries[k:]), mth(entries[:k])]


def subproof(m: int, entries: list[bytes], whole: bool) -> list[bytes]:
    """RFC 6962, 2.1.2, word for word."""
    n = len(entries)
    if m == n:
        return [] if whole else [mth(entries)]
    k = 1
    while k * 2 < n:
        k *= 2
    if m <= k:
        return [*subproof(m, entries[:k], whole), mth(entries[k:])]
    return [*subproof(m - k, entries[k:], False), mth(entries[:k])]


ENTRIES = [f"entry {index}".encode() for index in range(70)]
LEAVES = [merkle.leaf_hash(entry) for entry in ENTRIES]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 32, 33, 63, 64, 65, 70])
def test_roots_are_those_of_the_rfc(size: int) -> None:
    assert merkle.root(LEAVES[:size]) == mth(ENTRIES[:size])


@given(st.integers(1, 70).flatmap(lambda size: st.tuples(st.just(size), st.integers(0, size - 1))))
def test_inclusion_proofs_are_those_of_the_rfc_and_hold(case: tuple[int, int]) -> None:
    size, index = case
    proof = merkle.inclusion(index, size, merkle.subtree_of(LEAVES))
    assert proof == path(index, ENTRIES[:size])
    root = mth(ENTRIES[:size])
    assert merkle.included(LEAVES[index], index, size, proof, root)
    assert not merkle.included(merkle.leaf_hash(b"other"), index, size, proof, root)
    assert not merkle.included(LEAVES[index], index, size, [*proof, root], root)
    if proof:
        assert not merkle.included(LEAVES[index], index, size, proof[:-1], root)
        assert not merkle.included(LEAVES[index], index ^ 1, size, proof, root)


@given(st.integers(1, 70).flatmap(lambda new: st.tuples(st.integers(1, new), st.just(new))))
def test_consistency_proofs_are_those_of_the_rfc_and_hold(case: tuple[int, int]) -> None:
    old, new = case
    proof = merkle.consistency(old, new, merkle.subtree_of(LEAVES))
    assert proof == subproof(old, ENTRIES[:new], True)
    old_root, new_root = mth(ENTRIES[:old]), mth(ENTRIES[:new])
    assert merkle.consistent(old, new, old_root, new_root, proof)
    assert not merkle.consistent(old, new, sha256(b"fork").digest(), new_root, proof)
    assert not merkle.consistent(old, new, old_root, sha256(b"fork").digest(), proof)


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 5), (5, 5)])
def test_there_is_no_proof_for_what_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no entry"):
        merkle.inclusion(index, size, merkle.subtree_of(LEAVES))
