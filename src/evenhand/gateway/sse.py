"""Server-sent events out of bytes, however the network cut them."""

_BOM = b"\xef\xbb\xbf"


class SseError(ValueError):
    """The stream is not one that can be read: a line or an event has no end in sight."""


class SseParser:
    """Takes the bytes of one event stream in pieces of any size and gives its events.

    An event is a pair (name, data) of bytes; the name is empty unless an `event:` line gave one. Comments
    and events without data give nothing. Lines end with LF, CR or CRLF. A line or an event longer than
    `limit` bytes raises `SseError`.
    """

    def __init__(self, limit: int = 1 << 20) -> None:
        self._limit = limit
        self._partial: list[bytes] = []  # the unfinished line, in the pieces that came
        self._partial_size = 0
        self._after_cr = False
        self._at_start = True
        self._name = b""
        self._data: list[bytes] = []
        self._data_size = 0
        self._fresh = False  # whether what comes next begins an event, and not the stream

    def feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        """The events that `data` completes."""
        if self._fresh and data.startswith(b"data: ") and data.endswith(b"\n\n"):
            # One whole event, as nearly every read brings it.
            payload = data[6:-2]
            if payload and b"\n" not in payload and b"\r" not in payload and len(payload) <= self._limit:
                return [(b"", payload)]
        events = self._feed(data)
        self._fresh = not (self._partial or self._data or self._name or self._after_cr or self._at_start)
        return events

    def _feed(self, data: bytes) -> list[tuple[bytes, bytes]]:
        if self._after_cr and data:
            self._after_cr = False
            if data[:1] == b"\n":  # the second half of a CRLF whose first half ended the line
                data = data[1:]
        if b"\n" not in data and b"\r" not in data:
            if data:
                self._partial.append(data)
                self._partial_size += len(data)
                if self._partial_size > self._limit:
                    raise SseError(f"a line of the stream is longer than {self._limit} bytes")
            return []
        if self._partial:
            data = b"".join(self._partial) + data
            self._partial.clear()
            self._partial_size = 0
        self._after_cr = data.endswith(b"\r")
        lines = data.splitlines()
        if data[-1] not in b"\r\n":
            rest = lines.pop()
            self._partial.append(rest)
            self._partial_size = len(rest)
        return self._events(lines)

    def close(self) -> list[tuple[bytes, bytes]]:
        """The event that the end of the stream completes.

        The standard drops it; servers that forget the last empty line are more common than cuts that
        leave a valid event behind.
        """
        line = b"".join(self._partial)
        self._partial.clear()
        return self._events([line, b""])

    def _events(self, lines: list[bytes]) -> list[tuple[bytes, bytes]]:
        events = []
        if self._at_start and lines:
            self._at_start = False
            lines[0] = lines[0].removeprefix(_BOM)
        for line in lines:
            if not line:
                if self._data:
                    data = self._data[0] if len(self._data) == 1 else b"\n".join(self._data)
                    if data:
                        events.append((self._name, data))
                    self._data.clear()
                    self._data_size = 0
                self._name = b""
            elif line.startswith(b"data:"):
                self._add(line[6:] if line[5:6] == b" " else line[5:])
            elif line[0] != 0x3A:  # a colon: the line is a comment
                self._field(line)
        return events

    def _field(self, line: bytes) -> None:
        name, _, value = line.partition(b":")
        if name == b"event":
            self._name = value.removeprefix(b" ")
        elif name == b"data":
            self._add(b"")
        elif name == b"error":  # llama.cpp names the field itself so
            self._name = b"error"
            self._add(value.removeprefix(b" "))

    def _add(self, value: bytes) -> None:
        self._data.append(value)
        self._data_size += len(value) + 1
        if len(value) > self._limit or self._data_size > self._limit + 1:
            raise SseError(f"an event of the stream is longer than {self._limit} bytes")
