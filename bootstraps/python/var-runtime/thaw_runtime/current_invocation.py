"""Which invocation is being served, for the log records written meanwhile. None of it is set during Init."""

request_id = None
tenant_id = None
