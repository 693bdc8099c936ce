"""What is wrong with a function as the runtime finds it."""


class Fault(Exception):
    """Told to the caller under a type of the runtime's, `Runtime.<reason>`, with a trace of its own or none."""

    def __init__(self, reason, message, trace=None):
        super().__init__(message)
        self.error_type = "Runtime." + reason
        self.trace = trace or []
