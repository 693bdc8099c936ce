"""Waiting for a connection in a way that lets handlers of signals run.

Python runs them on the main thread only, but the kernel may give a signal to any thread, and after a thaw it often
does: a main thread that is blocked in a read then learns nothing of it. So whichever thread gets a signal writes to a
pipe, and the main thread waits for that as well.
"""

import os
import select
from _signal import set_wakeup_fd

_PIPE_BYTES = 4096
_pipe = []


def wait_readable(fd):
    """Returns when there is something to be read. To be called on the main thread."""
    if not _pipe:
        _pipe.extend(os.pipe())
        for end in _pipe:
            os.set_blocking(end, False)
    reader, writer = _pipe
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    poll.register(reader, select.POLLIN)
    # What the function set for itself, an event loop for example, is for the time in which it runs.
    previous = set_wakeup_fd(writer, warn_on_full_buffer=False)
    try:
        while not _is_ready(poll, fd, reader):
            pass
    finally:
        set_wakeup_fd(previous)


def _is_ready(poll, fd, reader):
    ready = [found for found, _ in poll.poll()]
    if reader in ready:
        os.read(reader, _PIPE_BYTES)
    return fd in ready
