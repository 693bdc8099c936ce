"""Output that is gone as soon as it is written."""


class Unbuffered:
    """A text stream that is flushed after every write: the environment may freeze, or be killed, right after."""

    def __init__(self, stream):
        self.stream = stream

    def __getattr__(self, name):
        return getattr(self.stream, name)

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.stream.flush()

    def __iter__(self):
        return iter(self.stream)

    def write(self, text):
        count = self.stream.write(text)
        self.stream.flush()
        return count

    def writelines(self, lines):
        self.stream.writelines(lines)
        self.stream.flush()
