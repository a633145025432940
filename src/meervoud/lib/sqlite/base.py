"""A database back end: Django's SQLite, whose writers stand in a queue instead of racing for the lock.

SQLite lets waiting writers poll, so that an unlucky one waits for many seconds; the kernel's file lock wakes them one
by one.
"""

import fcntl
import os
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Takes a lock on `<database>.queue` before BEGIN, and leaves it at COMMIT or ROLLBACK."""

    _queue: int | None = None

    def _start_transaction_under_autocommit(self) -> None:
        self._stand_in_queue()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs do not know it
        except BaseException:
            self._leave_queue()
            raise

    def _commit(self) -> None:
        try:
            super()._commit()  # type: ignore[misc]  # the stubs do not know it
        finally:
            self._leave_queue()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # the stubs do not know it
        finally:
            self._leave_queue()

    def _close(self) -> Any:  # Any: what Django gives back
        try:
            return super()._close()  # type: ignore[misc]  # the stubs do not know it
        finally:
            self._leave_queue()

    def _stand_in_queue(self) -> None:
        name = str(self.settings_dict["NAME"])
        if self._queue is None and not self.is_in_memory_db() and not name.startswith("file:"):
            self._queue = os.open(Path(f"{name}.queue"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._queue, fcntl.LOCK_EX)

    def _leave_queue(self) -> None:
        if self._queue is not None:
            os.close(self._queue)
            self._queue = None
