"""Answers kept for whoever asks the same next: the hundred searches that everybody makes cost their first reader only.

An answer is found by its validator (`kashaf.web.freshness`), which names the state of the archive: one commit or
one decision about a name later, nothing of what is kept is asked for any more, and it makes room for the new.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

SHARE = 16  # the part of all the room that a single answer may take


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole answer: its body, and the headers that are its own."""

    body: bytes
    headers: tuple[tuple[str, str], ...]


class Answers:
    """The answers of one process that were asked for last; safe to share between threads.

    Args:
        room: bytes of all bodies together; 0 keeps nothing.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: str) -> Kept | None:
        """The answer of a validator, if it is still kept."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
        return found

    def keep(self, key: str, answer: Kept) -> None:
        """Keeps an answer, and forgets those that nobody has asked for longest where there is no room."""
        if len(answer.body) * SHARE > self._room:
            return
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = answer
            self._bytes += len(answer.body)
            while self._bytes > self._room:
                _, gone = self._kept.popitem(last=False)
                self._bytes -= len(gone.body)
