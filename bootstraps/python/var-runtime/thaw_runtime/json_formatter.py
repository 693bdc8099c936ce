"""Records of `logging` as one JSON object each."""

import json
import logging
import traceback

from .log_handler import level_bits, rounded_level
from .log_sink import JSON_FRAME

# What every record has; anything else was given as `extra`.
_STANDARD_ATTRIBUTES = frozenset(
    "name msg args levelname levelno pathname filename module exc_info exc_text stack_info lineno funcName created"
    " msecs relativeCreated thread threadName processName process aws_request_id tenant_id _frame_type".split()
)
_encode = json.JSONEncoder(ensure_ascii=False).encode


class JsonFormatter(logging.Formatter):
    def __init__(self):
        super().__init__(datefmt="%Y-%m-%dT%H:%M:%SZ")

    def format(self, record):
        record.levelno = rounded_level(record.levelno)
        record.levelname = logging.getLevelName(record.levelno)
        record._frame_type = JSON_FRAME | level_bits(record.levelno)
        fields = {
            "timestamp": self.formatTime(record, self.datefmt),
            "level": record.levelname,
            "message": record.getMessage(),
            "logger": record.name,
            **_error_fields(record),
            "requestId": record.aws_request_id,
            "location": "%s:%s:%d" % (record.pathname, record.funcName, record.lineno) if record.exc_info else None,
            "tenantId": record.tenant_id,
        }
        for name, value in record.__dict__.items():
            if name not in _STANDARD_ATTRIBUTES:
                fields.setdefault(name, value)
        return _encode({name: value for name, value in fields.items() if value is not None}) + "\n"


def _error_fields(record):
    if not record.exc_info:
        return {"stackTrace": None, "errorType": None, "errorMessage": None}
    error_type, error, trace = record.exc_info
    return {
        "stackTrace": traceback.format_tb(trace),
        # `exc_info=True` where no exception is being handled gives three times None.
        "errorType": getattr(error_type, "__name__", None),
        "errorMessage": str(error),
    }
