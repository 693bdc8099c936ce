"""An exception, as it is told to the caller, to the log and to X-Ray."""

import json
import os
import sys
import time

from .fault import Fault
from .log_sink import ERROR_LEVEL, JSON_FRAME, TEXT_FRAME
from .marshaller import to_json
from .search_path import StandardLibraryFirst

_OWN_DIRECTORY = os.path.dirname(__file__) + os.sep
_NO_BREAK_SPACE = "\u00a0"
_MAX_CAUSE_BYTES = 1024 * 1024


class ErrorReport:
    def __init__(self, error, request_id=""):
        is_fault = isinstance(error, Fault)
        self._frames = [] if is_fault else _frames(error)
        self.type = error.error_type if is_fault else type(error).__name__
        self.message = str(error)
        self._xray_type = "LambdaValidationError" if is_fault else self.type
        self.body = {
            "errorMessage": self.message,
            "errorType": self.type,
            "requestId": request_id,
            "stackTrace": error.trace if is_fault else _formatted(self._frames),
        }

    def json(self):
        return to_json(self.body)

    def xray_cause(self):
        """JSON of ASCII alone; None where it is too long for a header."""
        stack = [{"label": frame.name, "path": frame.filename, "line": frame.lineno} for frame in self._frames]
        cause = {
            "working_directory": os.getcwd(),
            "exceptions": [{"message": self.message, "type": self._xray_type, "stack": stack}],
            "paths": sorted({frame.filename for frame in self._frames}),
        }
        text = json.dumps(cause)
        return text if len(text) < _MAX_CAUSE_BYTES else None

    def log(self, log_sink, is_json):
        if is_json:
            now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            line = to_json({"timestamp": now, "log_level": "ERROR", **self.body})
            log_sink.log_error([line], JSON_FRAME | ERROR_LEVEL)
        else:
            log_sink.log_error(self._text_lines(), TEXT_FRAME | ERROR_LEVEL)

    def _text_lines(self):
        told = ": ".join(part for part in (self.type, self.message) if part)
        lines = ["[ERROR] " + told, "Traceback (most recent call last):"]
        for frame in self.body["stackTrace"]:
            lines += [_with_kept_indentation(line) for line in frame.splitlines()] or [""]
        return lines


def _frames(error):
    """Those of the function: the runtime's own, which called it, are left out."""
    with StandardLibraryFirst():
        import traceback

        # What reads the source lines is imported by some versions only when there is one to be read.
        frames = list(traceback.extract_tb(error.__traceback__))
    for at, frame in enumerate(frames):
        if not frame.filename.startswith(_OWN_DIRECTORY):
            return frames[at:]
    return frames


def _formatted(frames):
    if not frames:
        return []
    # As plain tuples they are formatted alike by every Python: without the markers that 3.11 began to add.
    return sys.modules["traceback"].format_list([tuple(frame) for frame in frames])


def _with_kept_indentation(line):
    """Log viewers take blanks away from the beginning of a line."""
    text = line.lstrip(" ")
    return _NO_BREAK_SPACE * (len(line) - len(text)) + text
