"""What the worker processes of one server know together: a secret, counters, slow requests, who has asked how much.

One piece of memory without a file, made before the workers are forked, so that all of them see it. Each worker
writes to a place of its own, and who reads adds the places up: no worker waits for another. A place outlives
its worker and is given to the next one, so that counters never go back.
"""

from __future__ import annotations

import mmap
import secrets
from typing import Any

import numpy as np
from numpy.typing import NDArray

COUNTERS = 4_096  # numbers of a worker
NOTES = 16  # notes that a worker keeps
NOTE_BYTES = 2_048
CLIENTS = 1 << 16  # clients whose requests are counted at a time
_NUMBER = 8  # bytes
_PLACE = COUNTERS * _NUMBER + NOTES * NOTE_BYTES


class Shared:
    """The common memory of `places` processes.

    Attributes:
        counters: the numbers of this process.
        clients: two numbers for each of `CLIENTS` clients, of all processes; see `kashaf.web.limits`.
        secret: of this run of the server; it stands in no file.
    """

    def __init__(self, places: int = 1) -> None:
        self.secret = secrets.token_bytes(32)
        self._places = places
        self._free = list(range(1, places))
        clients = CLIENTS * 2 * _NUMBER
        self._memory = mmap.mmap(-1, clients + places * _PLACE)  # zeros that take no memory before they are written to
        whole = memoryview(self._memory)
        self.clients = whole[:clients].cast("d")
        self._own = [whole[start : start + _PLACE] for start in range(clients, len(whole), _PLACE)]
        self._noted = 0
        self.settle(0)

    def take(self) -> int:
        """A place for a process that is about to be forked; the last one again when there are no more."""
        return self._free.pop(0) if self._free else self._places - 1

    def give_back(self, place: int) -> None:
        """Frees the place of a process that has ended."""
        if place and place not in self._free:
            self._free.append(place)

    def settle(self, place: int) -> None:
        """Makes this process write to a place."""
        self._notes = self._own[place][COUNTERS * _NUMBER :]
        self.counters = self._own[place][: COUNTERS * _NUMBER].cast("d")

    def totals(self) -> NDArray[np.float64]:
        """The counters of all processes together."""
        places = (np.frombuffer(own, np.float64, COUNTERS) for own in self._own)
        total: Any = sum(places, np.zeros(COUNTERS))
        return np.asarray(total)

    def note(self, text: bytes) -> None:
        """Keeps a note of at most `NOTE_BYTES` - 4 bytes, and forgets the oldest of this process."""
        start = self._noted % NOTES * NOTE_BYTES
        self._noted += 1
        content = len(text).to_bytes(4, "little") + text
        if len(content) <= NOTE_BYTES:
            self._notes[start : start + len(content)] = content

    def notes(self) -> list[bytes]:
        """The notes of all processes, in no order; one that is being written may be cut off."""
        found = []
        for own in self._own:
            for start in range(COUNTERS * _NUMBER, _PLACE, NOTE_BYTES):
                size = int.from_bytes(own[start : start + 4], "little")
                if 0 < size <= NOTE_BYTES - 4:
                    found.append(bytes(own[start + 4 : start + 4 + size]))
        return found
