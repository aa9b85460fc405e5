"""A bounded cache of rendered bytes. Its keys carry revisions, so nothing in it ever needs taking back."""

from collections import OrderedDict


class ByteCache:
    """The newest revision of each id's bytes, least recently used first out, at most `max_bytes` in all."""

    __slots__ = ("_entries", "_size", "max_bytes")

    # What a dictionary entry, a tuple and a bytes object cost beside the bytes themselves.
    OVERHEAD = 250

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes = max_bytes
        self._size = 0
        self._entries: OrderedDict[int, tuple[int, bytes]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, id_: int, revision: int) -> bytes | None:
        """The bytes of exactly this revision, or None."""
        entry = self._entries.get(id_)
        if entry is None or entry[0] != revision:
            return None
        self._entries.move_to_end(id_)
        return entry[1]

    def kept(self, wanted: dict[int, int]) -> tuple[dict[int, bytes], list[int]]:
        """Of many ids and revisions at once: the bytes that are here, and the ids that are not."""
        found: dict[int, bytes] = {}
        missing = []
        entries = self._entries
        for id_, revision in wanted.items():
            entry = entries.get(id_)
            if entry is None or entry[0] != revision:
                missing.append(id_)
            else:
                entries.move_to_end(id_)
                found[id_] = entry[1]
        return found, missing

    def put(self, id_: int, revision: int, data: bytes) -> None:
        """Keep these bytes. An older revision does not displace a newer one: another reader was faster."""
        before = self._entries.get(id_)
        if before is not None:
            if before[0] > revision:
                return
            self._size -= len(before[1]) + self.OVERHEAD
        self._entries[id_] = (revision, data)
        self._entries.move_to_end(id_)
        self._size += len(data) + self.OVERHEAD
        while self._size > self.max_bytes and self._entries:
            _, (_, dropped) = self._entries.popitem(last=False)
            self._size -= len(dropped) + self.OVERHEAD
