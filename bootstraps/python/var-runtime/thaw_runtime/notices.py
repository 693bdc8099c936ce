"""What the runtime itself has to say to the function's owner, through the function's log."""

import os

_PREVIEW_RUNTIME = "AWS_Lambda_python3.15"
_AWS_SDK = {"boto3", "botocore", "s3transfer"}


def warn_of_preview():
    if os.environ.get("AWS_EXECUTION_ENV") != _PREVIEW_RUNTIME or os.environ.get("LAMBDA_DISABLE_PREVIEW_WARN"):
        return
    _warn(
        "LAMBDA_WARNING: python3.15 is a preview: Python itself may still change before its release. Do not rely on"
        " it in production. LAMBDA_DISABLE_PREVIEW_WARN=1 mutes this warning."
    )


def warn_of_failed_init(error):
    """`error`: what kept the function from being loaded."""
    _warn(
        "LAMBDA_WARNING: Unhandled exception. The function could not be loaded; its error follows. If the same code"
        " was loaded before, the runtime may have been updated since: compare the runtime versions that the INIT_START"
        " lines name."
    )
    missing = getattr(error.__cause__, "name", None)
    if missing is not None and missing.split(".")[0] in _AWS_SDK:
        _warn("LAMBDA_WARNING: %s is not part of this runtime. Put it into the function's package or a layer." % missing)


def _warn(message):
    import logging

    logging.warning(message)
