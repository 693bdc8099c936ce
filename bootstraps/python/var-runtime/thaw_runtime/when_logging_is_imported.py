"""`logging` takes longer to import than the runtime itself: it is configured when somebody imports it."""

import sys

from .search_path import StandardLibraryFirst, find_in_interpreter


def when_logging_is_imported(configure):
    """Calls `configure()` right after the first import of `logging`; at once if there was one."""
    if "logging" in sys.modules:
        configure()
    else:
        sys.meta_path.insert(0, _LoggingFinder(configure))


class _LoggingFinder:
    """Finds `logging`, once: the standard library's, whatever the function calls its own modules."""

    def __init__(self, configure):
        self._configure = configure

    def find_spec(self, name, _path=None, _target=None):
        if name != "logging":
            return None
        sys.meta_path.remove(self)
        spec = find_in_interpreter(name)
        loader = spec.loader
        execute = loader.exec_module

        def execute_and_configure(module):
            del loader.exec_module
            with StandardLibraryFirst():
                execute(module)
            self._configure()

        loader.exec_module = execute_and_configure
        return spec
