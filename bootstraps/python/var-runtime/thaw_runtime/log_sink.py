"""Where log records go: lines on stdout, or frames on a descriptor that the platform reads."""

import os
import stat
import sys
import time
from _thread import RLock

TEXT_FRAME = 0xA55A0003
JSON_FRAME = 0xA55A0002
# Added to a frame's type.
ERROR_LEVEL = 0x14


def open_log_sink(environ):
    """The variable is taken away: the descriptor is the runtime's alone."""
    fd = environ.pop("_LAMBDA_TELEMETRY_LOG_FD", "")
    if fd.isdigit() and _is_pipe(int(fd)):
        os.set_inheritable(int(fd), False)
        return FramedLogSink(int(fd))
    return StandardLogSink()


class StandardLogSink:
    """Records as text on stdout. An error is one line: its own line ends become carriage returns."""

    def log(self, message, frame_type=None):
        sys.stdout.write(message)

    def log_error(self, lines, frame_type):
        # What stdout cannot carry must not hide the error.
        text = "\r".join(lines).encode("utf-8", "backslashreplace").decode("utf-8")
        sys.stdout.write(text + "\n")


class FramedLogSink:
    """Frames: 4 bytes type and level, 4 bytes length, 8 bytes microseconds since the epoch, big endian, then the
    message. The platform learns level and time without parsing, and line ends survive."""

    def __init__(self, fd):
        self._fd = fd
        # Reentrant: a signal handler that logs may run in the middle of a record.
        self._lock = RLock()

    def log(self, message, frame_type=None):
        data = message.encode("utf-8", "backslashreplace")
        head = (
            (frame_type or TEXT_FRAME).to_bytes(4, "big")
            + len(data).to_bytes(4, "big")
            + (time.time_ns() // 1000).to_bytes(8, "big")
        )
        with self._lock:
            self._write(head + data)

    def log_error(self, lines, frame_type):
        self.log("\n".join(lines), frame_type)

    def _write(self, data):
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self._fd, view) :]
            except BlockingIOError:
                # A full pipe that someone made non-blocking: its reader needs a moment.
                time.sleep(0.001)
            except BrokenPipeError:
                # The reader is gone, and with it everyone who could be told.
                return


def _is_pipe(fd):
    try:
        mode = os.fstat(fd).st_mode
        return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)
    except OSError:
        return False
