"""The second argument of every handler."""

import json
import os
import sys
import time

from .fault import Fault


class _Record:
    """Attributes from a mapping; those it has not are None."""

    __slots__ = ()

    def __init__(self, values):
        for name in self.__slots__:
            setattr(self, name, values.get(name))

    def __repr__(self):
        return _represent(self, self.__slots__)


class Client(_Record):
    __slots__ = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


class ClientContext(_Record):
    __slots__ = ("custom", "env", "client")

    def __init__(self, values):
        super().__init__(values)
        if self.client is not None:
            self.client = Client(self.client)


class CognitoIdentity(_Record):
    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")


class LambdaContext:
    def __init__(self, invocation):
        """Raises Fault where the caller's client context or identity is no JSON."""
        environ = os.environ
        self.aws_request_id = invocation.request_id
        self.log_group_name = environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = invocation.function_arn
        client_context = _read(invocation.client_context, "Client Context")
        self.client_context = None if client_context is None else ClientContext(client_context)
        identity = _read(invocation.cognito_identity, "Cognito Identity") or {}
        self.identity = CognitoIdentity(
            {
                "cognito_identity_id": identity.get("cognitoIdentityId"),
                "cognito_identity_pool_id": identity.get("cognitoIdentityPoolId"),
            }
        )
        self.tenant_id = invocation.tenant_id
        self._deadline_epoch_ms = invocation.deadline_epoch_ms

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_epoch_ms - int(time.time() * 1000))

    def log(self, message):
        """Writes as it is, without a line end of its own, to where the root logger writes."""
        logging = sys.modules.get("logging")
        for handler in logging.getLogger().handlers if logging else ():
            if hasattr(handler, "log_sink"):
                handler.log_sink.log(str(message))
                return
        sys.stdout.write(str(message))

    def __repr__(self):
        return _represent(self, [name for name in self.__dict__ if not name.startswith("_")])


def _represent(value, names):
    fields = ",".join("%s=%s" % (name, getattr(value, name)) for name in names)
    return "%s([%s])" % (type(value).__name__, fields)


def _read(text, what):
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError as error:
        raise Fault("LambdaContextUnmarshalError", "Unable to parse %s JSON: %s" % (what, error)) from None
