"""The runtime: loads a function, then serves its invocations, one after another.

Instrumentation replaces `handle_event_request` here and methods of `LambdaRuntimeClient`, by these names.
"""

import os
import sys

from . import current_invocation
from .error_report import ErrorReport
from .lambda_context import LambdaContext
from .lambda_runtime_client import LambdaRuntimeClient, RuntimeApiError
from .load_handler import load_handler
from .log_sink import open_log_sink
from .marshaller import read_event, write_result
from .search_path import put_function_first
from .unbuffered import Unbuffered
from .when_logging_is_imported import when_logging_is_imported

_is_json = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"


def main():
    sys.stdout = Unbuffered(sys.stdout)
    sys.stderr = Unbuffered(sys.stderr)
    log_sink = open_log_sink(os.environ)
    put_function_first(os.environ.get("LAMBDA_TASK_ROOT", os.getcwd()), os.path.dirname(os.path.dirname(__file__)))
    when_logging_is_imported(lambda: _configure_logging(log_sink))
    try:
        client = LambdaRuntimeClient(os.environ.get("AWS_LAMBDA_RUNTIME_API"))
        client.announce_function_init()
        request_handler = _load(client, log_sink)
        if os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") == "snap-start":
            from .snapshot import pass_snapshot

            pass_snapshot(client, log_sink, _is_json)
        while True:
            _serve(client, request_handler, log_sink)
    except RuntimeApiError as error:
        sys.stderr.write("%s\n" % error)
        sys.exit(1)


def _configure_logging(log_sink):
    from .log_handler import install

    install(log_sink, _is_json, os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper())


def _load(client, log_sink):
    """Returns the handler. Ends the process where there is none."""
    from .notices import warn_of_failed_init, warn_of_preview

    try:
        warn_of_preview()
        return load_handler(os.environ.get("_HANDLER", ""))
    except Exception as error:
        warn_of_failed_init(error)
        report = ErrorReport(error)
        report.log(log_sink, _is_json)
        client.post_init_error(report.type, report.json())
        sys.exit(1)


def _serve(client, request_handler, log_sink):
    invocation = client.wait_next_invocation()
    current_invocation.request_id = invocation.request_id
    current_invocation.tenant_id = invocation.tenant_id
    if invocation.trace_id:
        os.environ["_X_AMZN_TRACE_ID"] = invocation.trace_id
    else:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    handle_event_request(client, request_handler, invocation, log_sink)


def handle_event_request(lambda_runtime_client, request_handler, invocation, log_sink):
    """Calls the handler with one event, and posts what came of it."""
    try:
        context = LambdaContext(invocation)
        event = read_event(invocation.body, invocation.content_type)
        result, content_type = write_result(request_handler(event, context))
    except Exception as error:
        report = ErrorReport(error, invocation.request_id)
    else:
        lambda_runtime_client.post_invocation_result(invocation.request_id, result, content_type)
        return
    # Outside the handling of the error, so that its frames and what they hold can go.
    report.log(log_sink, _is_json)
    lambda_runtime_client.post_invocation_error(
        invocation.request_id, report.type, report.json(), report.xray_cause()
    )
