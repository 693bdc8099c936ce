"""The hooks around a snapshot of the environment (SnapStart)."""

import sys

from .error_report import ErrorReport
from .search_path import StandardLibraryFirst

_BEFORE_SNAPSHOT_EXIT = 64
_AFTER_RESTORE_EXIT = 65


def pass_snapshot(client, log_sink, is_json):
    """Returns in the restored environment. Ends the process where a hook fails."""
    with StandardLibraryFirst():
        import snapshot_restore_py as hooks

    try:
        _run(reversed(hooks.get_before_snapshot()))
        client.restore_next()
    except Exception as error:
        report = ErrorReport(error)
        report.log(log_sink, is_json)
        client.post_init_error("Runtime.BeforeSnapshotError", report.json())
        sys.exit(_BEFORE_SNAPSHOT_EXIT)
    try:
        _run(hooks.get_after_restore())
    except Exception as error:
        report = ErrorReport(error)
        report.log(log_sink, is_json)
        client.post_restore_error("Runtime.AfterRestoreError", report.json())
        sys.exit(_AFTER_RESTORE_EXIT)


def _run(hooks):
    for function, args, kwargs in hooks:
        function(*args, **kwargs)
