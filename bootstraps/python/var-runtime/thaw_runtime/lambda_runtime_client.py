"""The Runtime API, one method per endpoint. Instrumentation replaces some of them by name."""

import sys

from .http_connection import HttpConnection

_BASE = "/2018-06-01"
_ANNOUNCEMENT_TIMEOUT_S = 1
_USER_AGENT = "aws-lambda-python/%d.%d.%d-thaw" % sys.version_info[:3]
_ERROR_TYPE = "Lambda-Runtime-Function-Error-Type"
# A lone surrogate has no UTF-8; this way it becomes the escape that JSON has for it.
_UNPAIRED = "backslashreplace"
_XRAY_CAUSE = "Lambda-Runtime-Function-XRay-Error-Cause"


class RuntimeApiError(Exception):
    """The Runtime API does not answer, or answers that nothing can go on: the runtime has to end."""


class Invocation:
    """One event, as it came."""

    def __init__(self, headers, body):
        self.request_id = headers.get("lambda-runtime-aws-request-id")
        self.deadline_epoch_ms = int(headers.get("lambda-runtime-deadline-ms", "0"))
        self.function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.trace_id = headers.get("lambda-runtime-trace-id")
        self.client_context = headers.get("lambda-runtime-client-context")
        self.cognito_identity = headers.get("lambda-runtime-cognito-identity")
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        self.content_type = headers.get("content-type", "application/json")
        self.body = body


class LambdaRuntimeClient:
    def __init__(self, address):
        """`address` is `host:port`. Raises RuntimeApiError without one."""
        if not address:
            raise RuntimeApiError("AWS_LAMBDA_RUNTIME_API is not set: this program runs in a Lambda environment")
        try:
            self._connection = HttpConnection(address)
        except ValueError as error:
            raise RuntimeApiError("AWS_LAMBDA_RUNTIME_API is %r, which is not host:port" % address) from error

    def announce_function_init(self):
        """Tells that the runtime itself is up and the function's code is loaded from here on. Other Runtime APIs (a
        proxy extension's, say) need not know this, so what they answer is all the same, and the init does not hang
        on it."""
        try:
            headers = {"User-Agent": _USER_AGENT, "Thaw-Phase": "function-init"}
            self._connection.request("GET", _BASE + "/ping", headers, timeout_s=_ANNOUNCEMENT_TIMEOUT_S)
        except OSError:
            # Who cannot be reached now is asked again by the first wait for an invocation.
            pass

    def wait_next_invocation(self):
        """Waits for an event, for hours if need be."""
        status, headers, body = self._call("GET", "/runtime/invocation/next", {})
        if status != 200:
            raise _refused("the next event", status, body)
        return Invocation(headers, body)

    def post_invocation_result(self, invoke_id, result_data, content_type="application/json"):
        data = result_data if isinstance(result_data, bytes) else result_data.encode("utf-8", _UNPAIRED)
        self._post("/runtime/invocation/%s/response" % invoke_id, {"Content-Type": content_type}, data, "the response")

    def post_invocation_error(self, invoke_id, error_type, error_json, xray_cause):
        """`xray_cause` is ASCII JSON, or None."""
        headers = {_ERROR_TYPE: error_type, "Content-Type": "application/json"}
        if xray_cause is not None:
            headers[_XRAY_CAUSE] = xray_cause
        data = error_json.encode("utf-8", _UNPAIRED)
        self._post("/runtime/invocation/%s/error" % invoke_id, headers, data, "the error")

    def post_init_error(self, error_type, error_json):
        self._post_lifecycle_error("/runtime/init/error", error_type, error_json, "the init error")

    def restore_next(self):
        """Returns when the environment is restored from its snapshot."""
        status, _, body = self._call("GET", "/runtime/restore/next", {})
        if status != 200:
            raise _refused("to take a snapshot", status, body)

    def post_restore_error(self, error_type, error_json):
        self._post_lifecycle_error("/runtime/restore/error", error_type, error_json, "the restore error")

    def _post_lifecycle_error(self, path, error_type, error_json, what):
        headers = {_ERROR_TYPE: error_type, "Content-Type": "application/json"}
        self._post(path, headers, error_json.encode("utf-8", _UNPAIRED), what)

    def _post(self, path, headers, body, what):
        """Goes on after an answer that concerns one invocation only."""
        status, _, answer = self._call("POST", path, headers, body)
        if status >= 500:
            raise _refused(what, status, answer)
        # Too large: the platform has told the caller so itself.
        if status >= 400 and status != 413:
            sys.stderr.write("%s\n" % _refused(what, status, answer))

    def _call(self, method, path, headers, body=None):
        try:
            return self._connection.request(method, _BASE + path, {"User-Agent": _USER_AGENT, **headers}, body)
        except OSError as error:
            address = self._connection.address
            message = "The Runtime API at %s did not answer %s %s%s: %s" % (address, method, _BASE, path, error)
            raise RuntimeApiError(message) from error


def _refused(what, status, body):
    return RuntimeApiError("The Runtime API refused %s: %d %s" % (what, status, body.decode("utf-8", "replace")))
