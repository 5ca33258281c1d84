"""One writer at a time: a lock that the kernel frees when its process ends, however it ends."""

from __future__ import annotations

import errno
import fcntl
import os
import time
from pathlib import Path
from types import TracebackType

from kashaf.errors import ArchiveLocked, ArchiveReadOnly

# Where nothing may be written, or nothing more.
CANNOT_WRITE = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT)


class WriterLock:
    """Held while an archive is written to.

    Args:
        path: the lock file.
        wait: seconds to wait for another writer to finish.
        poll: seconds between two looks whether it has.

    Raises:
        ArchiveLocked: when it is entered, if another writer does not finish in time.
        ArchiveReadOnly: if nobody could write there.
    """

    def __init__(self, path: Path, wait: float = 0.0, poll: float = 0.02) -> None:
        self.path = path
        self.wait = wait
        self.poll = poll
        self._handle: int | None = None

    def __enter__(self) -> WriterLock:
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            if error.errno not in CANNOT_WRITE:
                raise
            raise ArchiveReadOnly(f"{self.path.parent} cannot be written to: {error.strerror}") from error
        deadline = time.monotonic() + self.wait
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    os.close(handle)
                    raise ArchiveLocked(
                        f"{self.path.parent} is being written to by another process; try again when it has finished"
                    ) from None
                time.sleep(self.poll)
        self._handle = handle
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle is not None:
            fcntl.flock(self._handle, fcntl.LOCK_UN)  # for a process forked meanwhile too, which has the handle
            os.close(self._handle)
            self._handle = None
