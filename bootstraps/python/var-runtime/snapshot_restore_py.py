"""Hooks a function registers to be run before its environment is snapshotted, and after it is restored.

Functions import this module by name; it is part of Lambda's Python runtimes.
"""

_before_snapshot = []
_after_restore = []


def register_before_snapshot(func, *args, **kwargs):
    """To be run before the snapshot, last registered first. Returns `func`: this is a decorator, too."""
    _before_snapshot.append((func, args, kwargs))
    return func


def register_after_restore(func, *args, **kwargs):
    """To be run after every restore, first registered first. Returns `func`: this is a decorator, too."""
    _after_restore.append((func, args, kwargs))
    return func


def get_before_snapshot():
    """(function, args, kwargs) of each, as registered."""
    return _before_snapshot


def get_after_restore():
    """(function, args, kwargs) of each, as registered."""
    return _after_restore
