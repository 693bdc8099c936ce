"""Where the function's modules are looked for, and where those of the runtime are."""

import sys

# As the interpreter started: the runtime's own directory, PYTHONPATH, the standard library.
_interpreter_path = list(sys.path)


def put_function_first(task_root, runtime_dir):
    """The function, then its layers, then PYTHONPATH and the standard library."""
    rest = sys.path[1:] if sys.path and sys.path[0] == runtime_dir else sys.path[:]
    layers = "/opt/python/lib/python%d.%d/site-packages" % sys.version_info[:2], "/opt/python"
    sys.path[:] = [task_root, *layers, *rest]


class StandardLibraryFirst:
    """While this is entered, a function's `token.py` does not stand in the way of the standard library's."""

    def __enter__(self):
        self._path = sys.path
        sys.path = _interpreter_path + self._path

    def __exit__(self, *_exception):
        sys.path = self._path


def find_in_interpreter(name):
    """The spec of a module as if no function were there."""
    from importlib.machinery import PathFinder

    return PathFinder.find_spec(name, _interpreter_path)
