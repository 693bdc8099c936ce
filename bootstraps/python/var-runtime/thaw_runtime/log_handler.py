"""What `logging` does in a Lambda function: its root logger writes to the platform."""

import logging
import time

from . import current_invocation
from .log_sink import TEXT_FRAME


def install(log_sink, is_json, level):
    """`level`: of `AWS_LAMBDA_LOG_LEVEL`, or "" where it is not set."""
    # Times are UTC, whatever TZ a function sets for itself.
    logging.Formatter.converter = time.gmtime
    if is_json:
        from .json_formatter import JsonFormatter

        formatter = JsonFormatter()
    else:
        formatter = logging.Formatter(
            "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n", "%Y-%m-%dT%H:%M:%S"
        )
    handler = LambdaLoggerHandler(log_sink, states_level=is_json or level != "")
    handler.setFormatter(formatter)
    handler.addFilter(_add_invocation)
    root = logging.getLogger()
    # Python calls its levels so; there is none below DEBUG.
    level = "DEBUG" if level == "TRACE" else level
    if isinstance(logging.getLevelName(level), int):
        root.setLevel(level)
    root.addHandler(handler)


def rounded_level(levelno):
    """The standard level at or below: 25 is INFO. Custom levels have no frame type of their own."""
    return min(logging.CRITICAL, max(logging.NOTSET, levelno)) // 10 * 10


def level_bits(levelno):
    """What a level adds to a frame's type; nothing for NOTSET."""
    rank = rounded_level(levelno) // 10
    return (rank + 1) * 4 if rank else 0


class LambdaLoggerHandler(logging.Handler):
    def __init__(self, log_sink, states_level):
        super().__init__()
        self.log_sink = log_sink
        self._states_level = states_level

    def emit(self, record):
        message = self.format(record)
        frame_type = None
        if self._states_level:
            frame_type = getattr(record, "_frame_type", TEXT_FRAME | level_bits(record.levelno))
        self.log_sink.log(message, frame_type)


def _add_invocation(record):
    record.aws_request_id = current_invocation.request_id or ""
    record.tenant_id = current_invocation.tenant_id
    return True
