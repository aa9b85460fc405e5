"""Signed notes, checkpoints and proofs as files."""

import base64

import pytest

from moderation.ledger import merkle
from moderation.ledger.notes import (
    Checkpoint,
    NoteError,
    Signer,
    Verifier,
    open_checkpoint,
    open_note,
    read_vkey,
)
from moderation.ledger.proofs import Proof, check_proof, read_proof

SIGNER = Signer("coop.example/ledger", bytes(range(32)))
LEAVES = [merkle.leaf_hash(b"%d" % index) for index in range(11)]
CHECKPOINT = Checkpoint("coop.example/ledger", 11, merkle.root(LEAVES))


def test_a_known_key_opens_the_example_of_the_specification() -> None:
    """The example key and note in the documentation of golang.org/x/mod/sumdb/note."""
    verifier = read_vkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n"
    )
    signature = (
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8p"
        "AcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    )
    assert open_note(f"{text}\n{signature}\n", verifier) == text


def test_a_checkpoint_is_three_lines_and_a_signature() -> None:
    note = SIGNER.sign(CHECKPOINT.text)
    lines = note.split("\n")
    assert lines[:2] == ["coop.example/ledger", "11"]
    assert base64.b64decode(lines[2]) == CHECKPOINT.root
    assert lines[3] == ""
    assert lines[4].startswith("— coop.example/ledger ")
    assert open_checkpoint(note, SIGNER.verifier) == CHECKPOINT


def test_a_vkey_reads_back() -> None:
    assert read_vkey(SIGNER.verifier.vkey) == SIGNER.verifier


@pytest.mark.parametrize(
    "vkey",
    ["", "name", "name+00000000+AA==", SIGNER.verifier.vkey.replace("+", "+0", 1), "na me+0+0", "n+1+ä"],
)
def test_a_broken_vkey_is_refused(vkey: str) -> None:
    with pytest.raises(ValueError, match=r"key|base64"):
        read_vkey(vkey)


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note.replace("\n11\n", "\n12\n"),
        lambda note: note.replace("\n11\n", "\n011\n"),
        lambda note: note[:-1],
        lambda note: note.replace("\n\n", "\n"),
        lambda note: note.replace("— coop", "- coop"),
        lambda note: note.replace("coop.example/ledger ", "other.example/ledger "),
        lambda note: note + "rubbish\n",
        lambda note: "",
        lambda note: note.replace("\n11\n", "\n11\r\n"),
    ],
)
def test_a_changed_note_is_refused(change: object) -> None:
    with pytest.raises(NoteError):
        open_checkpoint(change(SIGNER.sign(CHECKPOINT.text)), SIGNER.verifier)  # type: ignore[operator]


def test_signatures_of_others_are_left_alone() -> None:
    witness = Signer("witness.example", bytes(32)).sign(CHECKPOINT.text).split("\n\n")[1]
    note = SIGNER.sign(CHECKPOINT.text) + witness
    assert open_checkpoint(note, SIGNER.verifier) == CHECKPOINT
    with pytest.raises(NoteError, match="has not signed"):
        open_note(note, Verifier("stranger.example", bytes(32)))


def test_a_checkpoint_of_another_log_is_refused() -> None:
    other = Checkpoint("other.example/ledger", 11, CHECKPOINT.root)
    with pytest.raises(NoteError, match="no checkpoint of"):
        open_checkpoint(SIGNER.sign(other.text), SIGNER.verifier)


@pytest.mark.parametrize("extra", [b"", b"hello"])
def test_a_proof_file_holds_for_its_entry_and_no_other(extra: bytes) -> None:
    path = tuple(merkle.inclusion(4, 11, merkle.subtree_of(LEAVES)))
    proof = Proof(4, path, SIGNER.sign(CHECKPOINT.text), extra)
    assert proof.text.startswith("c2sp.org/tlog-proof@v1\n")
    assert read_proof(proof.text) == proof
    assert check_proof(proof.text, b"4", SIGNER.verifier) == CHECKPOINT
    with pytest.raises(NoteError, match="does not lead"):
        check_proof(proof.text, b"5", SIGNER.verifier)
    with pytest.raises(NoteError):
        check_proof(proof.text.replace("index 4", "index 3"), b"4", SIGNER.verifier)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1\n",
        "c2sp.org/tlog-proof@v1\nindex x\n\nnote\n",
        "c2sp.org/tlog-proof@v1\nindex 0\nAA==\n\nnote\n",
        "c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\nn\n",
    ],
)
def test_a_broken_proof_file_is_refused(text: str) -> None:
    with pytest.raises(NoteError):
        read_proof(text)
