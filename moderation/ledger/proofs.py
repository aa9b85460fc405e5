"""C2SP tlog-proof: one file that shows, without asking the server again, that an entry is in its log."""

import base64
import binascii
from dataclasses import dataclass

from .merkle import included, leaf_hash
from .notes import Checkpoint, NoteError, Verifier, open_checkpoint

HEADER = "c2sp.org/tlog-proof@v1"


@dataclass(frozen=True, slots=True)
class Proof:
    """The place of an entry, the hashes up to the root, and the checkpoint with that root."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: str
    extra: bytes = b""

    @property
    def text(self) -> str:
        """The file."""
        lines = [HEADER]
        if self.extra:
            lines.append(f"extra {base64.b64encode(self.extra).decode()}")
        lines.append(f"index {self.index}")
        lines += [base64.b64encode(node).decode() for node in self.path]
        return "\n".join(lines) + "\n\n" + self.checkpoint


def read_proof(text: str) -> Proof:
    """The proof in a file. Raises NoteError."""
    head, blank, checkpoint = text.partition("\n\n")
    lines = head.split("\n")
    if not blank or lines.pop(0) != HEADER:
        raise NoteError("this is no tlog-proof")
    try:
        extra = (
            base64.b64decode(lines.pop(0)[6:], validate=True)
            if lines[:1] and lines[0].startswith("extra ")
            else b""
        )
        if not lines or not lines[0].startswith("index "):
            raise NoteError("the proof does not say which entry it is for")
        number = lines.pop(0)[6:]
        if not (number.isascii() and number.isdigit()) or (number != "0" and number.startswith("0")):
            raise NoteError("the proof's index is no number")
        path = tuple(base64.b64decode(line, validate=True) for line in lines)
    except binascii.Error:
        raise NoteError("the proof has something in it that is not base64") from None
    if len(path) > 63 or any(len(node) != 32 for node in path):
        raise NoteError("the proof has something in it that is no hash")
    return Proof(int(number), path, checkpoint, extra)


def check_proof(text: str, entry: bytes, verifier: Verifier) -> Checkpoint:
    """The checkpoint under which `entry` is in the log of `verifier`. Raises NoteError when it is not."""
    proof = read_proof(text)
    checkpoint = open_checkpoint(proof.checkpoint, verifier)
    if not included(leaf_hash(entry), proof.index, checkpoint.size, proof.path, checkpoint.root):
        raise NoteError("the proof does not lead from this entry to the checkpoint")
    return checkpoint
