"""HTTP/1.1 over one keep-alive connection: all of it that the Runtime API needs.

Python's own client takes longer to import than everything else here together. `_socket` is what `socket` is made of,
without the enumerations and selectors that it imports.
"""

import _socket

from .wait_readable import wait_readable

_MAX_HEAD_BYTES = 2 * 1024 * 1024
_MAX_LINE_BYTES = 64 * 1024
_READ_BYTES = 64 * 1024
# A head is sent together with a body up to this size: one packet instead of two.
_JOINED_BYTES = 64 * 1024


class BrokenConnection(OSError):
    """The other side closed the connection, or sent what is no HTTP."""


class HttpConnection:
    """One exchange at a time."""

    def __init__(self, address):
        host, _, port = address.rpartition(":")
        self.address = address
        # As bytes: for a name of text a codec of international names would be imported.
        self._host, self._port = host.encode("ascii"), int(port)
        self._socket = None
        self._unread = b""

    def request(self, method, path, headers, body=None, timeout_s=None):
        """Returns (status, headers by lower-case name, body as a bytearray).

        Without a timeout the answer may take hours, and the handlers of signals that come in meanwhile are run.
        Raises OSError where there is no answer. After that, or a timeout, the next request opens a new connection.
        """
        lines = ["%s %s HTTP/1.1" % (method, path), "Host: " + self.address]
        lines += ["%s: %s" % (name, _printable(value)) for name, value in headers.items()]
        if body is not None:
            lines.append("Content-Length: %d" % len(body))
        head = "\r\n".join(lines + ["", ""]).encode("ascii")
        reused = self._socket is not None
        try:
            return self._exchange(head, body or b"", timeout_s)
        except (BrokenConnection, ConnectionError):
            self.close()
            # A kept connection may have been closed by the other side just before it was used.
            if not reused:
                raise
        return self._exchange(head, body or b"", timeout_s)

    def close(self):
        if self._socket is not None:
            self._socket.close()
        self._socket = None
        self._unread = b""

    def _exchange(self, head, body, timeout_s):
        done = False
        try:
            if self._socket is None:
                self._socket = _connect(self._host, self._port)
            self._socket.settimeout(timeout_s)
            self._send(head, body)
            if timeout_s is None:
                wait_readable(self._socket.fileno())
            answer, done = self._read_answer()
            return answer
        except ValueError as error:
            raise BrokenConnection("the answer's length cannot be read: %s" % error) from error
        finally:
            if not done:
                self.close()

    def _send(self, head, body):
        try:
            if len(body) <= _JOINED_BYTES:
                self._socket.sendall(head + body)
            else:
                self._socket.sendall(head)
                self._socket.sendall(body)
        except ConnectionError:
            # Who refuses a body may answer before all of it came, and close: then the answer is there to be read.
            if not body:
                raise

    def _read_answer(self):
        while True:
            version, status, headers = self._read_head()
            # 1xx: an interim answer, the real one follows.
            if status >= 200:
                break
        body, framed = self._read_body(status, headers)
        closes = version == "HTTP/1.0" or "close" in headers.get("connection", "").lower()
        return (status, headers, body), framed and not closes and not self._unread

    def _read_head(self):
        head = bytearray(self._unread)
        end = head.find(b"\r\n\r\n")
        while end < 0:
            if len(head) > _MAX_HEAD_BYTES:
                raise BrokenConnection("the answer's headers are longer than %d bytes" % _MAX_HEAD_BYTES)
            searched = max(0, len(head) - 3)
            head += self._receive()
            end = head.find(b"\r\n\r\n", searched)
        self._unread = bytes(head[end + 4 :])
        first, *rest = head[:end].decode("utf-8", "replace").split("\r\n")
        version, _, status = first.partition(" ")
        if not version.startswith("HTTP/1.") or not status[:3].isdigit():
            raise BrokenConnection("the answer begins with %r, which is no HTTP" % first[:80])
        headers = {}
        for line in rest:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        return version, int(status[:3]), headers

    def _read_body(self, status, headers):
        """Returns the body, and whether it ended by itself rather than with the connection."""
        if status in (204, 304):
            return bytearray(), True
        if "chunked" in headers.get("transfer-encoding", "").lower():
            return self._read_chunks(), True
        if "content-length" in headers:
            return self._read_exactly(int(headers["content-length"])), True
        body = bytearray(self._unread)
        self._unread = b""
        while True:
            data = self._socket.recv(_READ_BYTES)
            if not data:
                return body, False
            body += data

    def _read_chunks(self):
        body = bytearray()
        while True:
            size = int(self._read_line().partition(b";")[0], 16)
            if size == 0:
                break
            body += self._read_exactly(size)
            self._read_line()
        # Trailers, up to an empty line.
        while self._read_line():
            pass
        return body

    def _read_line(self):
        while True:
            line, newline, rest = self._unread.partition(b"\r\n")
            if newline:
                self._unread = rest
                return line
            if len(line) > _MAX_LINE_BYTES:
                raise BrokenConnection("a line of a chunked answer is longer than %d bytes" % _MAX_LINE_BYTES)
            self._unread += self._receive()

    def _read_exactly(self, count):
        body = bytearray(count)
        have = min(count, len(self._unread))
        body[:have] = self._unread[:have]
        self._unread = self._unread[have:]
        with memoryview(body) as view:
            while have < count:
                received = self._socket.recv_into(view[have:])
                if received == 0:
                    raise BrokenConnection("the connection was closed within the answer's body")
                have += received
        return body

    def _receive(self):
        data = self._socket.recv(_READ_BYTES)
        if not data:
            raise BrokenConnection("the connection was closed before the answer came")
        return data


def _connect(host, port):
    failure = None
    for family, kind, protocol, _, address in _socket.getaddrinfo(host, port, 0, _socket.SOCK_STREAM):
        connection = _socket.socket(family, kind, protocol)
        try:
            connection.connect(address)
            connection.setsockopt(_socket.IPPROTO_TCP, _socket.TCP_NODELAY, 1)
            return connection
        except OSError as error:
            connection.close()
            failure = error
    raise failure


def _printable(value):
    """What a header can carry on one line; an error's name can be anything."""
    return "".join(char if " " <= char <= "~" else "?" for char in value)
