"""Events from JSON, results to JSON."""

import json
import os
import sys

from .fault import Fault

_RAW_UTF8_SINCE = (3, 12)
_PLAIN = {str, int, float, bool, type(None)}


def read_event(body, content_type):
    """JSON as what it says; an event of another type as its bytes."""
    if content_type != "application/json":
        return bytes(body)
    try:
        return json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except Exception as error:
        raise Fault("UnmarshalError", "Unable to unmarshal input: %s" % error) from None


def write_result(result):
    """Returns (text or bytes, content type)."""
    if isinstance(result, bytes):
        return result, "application/unknown"
    try:
        return to_json(result), "application/json"
    except Exception as error:
        raise Fault("MarshalError", "Unable to marshal response: %s" % error) from None


def to_json(value):
    """Non-ASCII as escapes up to Python 3.11, raw from then on. Decimals as the numbers they are, named tuples as
    objects, bytes within a result as the text they hold."""
    encoder = _Encoder(ensure_ascii=sys.version_info < _RAW_UTF8_SINCE)
    return encoder.with_decimals(encoder.encode(_with_objects(value, set())))


class _Encoder(json.JSONEncoder):
    _mark = None

    def default(self, value):
        decimal = sys.modules.get("decimal")
        if decimal is not None and isinstance(value, decimal.Decimal):
            return float("nan") if value.is_nan() else self._marked(str(value))
        if isinstance(value, bytes):
            return value.decode("utf-8")
        if callable(getattr(value, "_asdict", None)):
            return _with_objects(value._asdict(), set())
        return super().default(value)

    def _marked(self, digits):
        """json has no way to write a number as given. It is written as a string that nothing else can hold."""
        if self._mark is None:
            self._mark = "decimal:%s:" % os.urandom(16).hex()
        return self._mark + digits

    def with_decimals(self, text):
        if self._mark is not None:
            import re

            text = re.sub('"%s([^"]*)"' % self._mark, r"\1", text)
        return text


def _with_objects(value, enclosing):
    """A value whose named tuples are dicts, and whose keys of bytes are text; itself where there are none."""
    if isinstance(value, tuple) and callable(getattr(value, "_asdict", None)):
        return _with_objects(value._asdict(), enclosing)
    is_dict = isinstance(value, dict)
    if not is_dict and not isinstance(value, (list, tuple)):
        return value
    items = value.values() if is_dict else value
    # Most containers hold nothing that can hold more, and that is soon seen.
    has_plain_items = _PLAIN.issuperset(map(type, items))
    if has_plain_items and not (is_dict and any(type(key) is bytes for key in value)):
        return value
    if id(value) in enclosing:
        raise ValueError("Circular reference detected")
    enclosing.add(id(value))
    if is_dict:
        written = {_text_key(key): _with_objects(item, enclosing) for key, item in value.items()}
    else:
        written = [_with_objects(item, enclosing) for item in value]
    enclosing.remove(id(value))
    return written


def _text_key(key):
    return key.decode("utf-8") if isinstance(key, bytes) else key


def _refuse_constant(name):
    raise ValueError("%s is no JSON value" % name)
