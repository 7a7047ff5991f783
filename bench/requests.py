"""A load generator that costs little: keep-alive sockets, a thread per client."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request as bytes are made of."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def encoded(self) -> bytes:
        """The bytes on the wire."""
        lines = [f"{self.method} {self.path} HTTP/1.1", "Host: localhost"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        if self.body or self.method in {"POST", "PUT"}:
            lines.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + self.body


@dataclass(slots=True)
class Result:
    """Latencies in milliseconds, sorted, and what went wrong."""

    milliseconds: list[float]
    errors: list[str]
    seconds: float

    def percentile(self, share: float) -> float:
        """The latency that ``share`` of the requests did not pass."""
        if not self.milliseconds:
            return float("nan")
        return self.milliseconds[
            min(len(self.milliseconds) - 1, int(share * len(self.milliseconds)))
        ]


def drive(
    host: str,
    port: int,
    requests: Iterator[Request],
    *,
    clients: int,
    expect: Callable[[int], bool],
) -> Result:
    """Send all requests from ``clients`` connections; the iterator is shared."""
    lock = threading.Lock()
    milliseconds: list[float] = []
    errors: list[str] = []

    def client() -> None:
        connection = _Connection(host, port)
        mine = []
        while True:
            with lock:
                request = next(requests, None)
            if request is None:
                break
            started = time.perf_counter()
            try:
                status, body = connection.send(request.encoded())
            except OSError as error:
                errors.append(repr(error))
                connection = _Connection(host, port)
                continue
            mine.append((time.perf_counter() - started) * 1000)
            if not expect(status):
                errors.append(f"{request.method} {request.path}: {status} {body[:200]!r}")
        with lock:
            milliseconds.extend(mine)

    started = time.perf_counter()
    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Result(sorted(milliseconds), errors, time.perf_counter() - started)


class _Connection:
    """One keep-alive connection."""

    def __init__(self, host: str, port: int) -> None:
        self.socket = socket.create_connection((host, port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def send(self, raw: bytes) -> tuple[int, bytes]:
        self.socket.sendall(raw)
        line = self.file.readline()
        if not line:
            raise ConnectionResetError("closed by the server")
        status = int(line.split()[1])
        length, chunked = 0, False
        while (header := self.file.readline().strip().lower()) != b"":
            name, _, value = header.partition(b":")
            if name == b"content-length":
                length = int(value)
            chunked = chunked or (name == b"transfer-encoding" and b"chunked" in value)
        return status, self._chunks() if chunked else self.file.read(length)

    def _chunks(self) -> bytes:
        parts = []
        while size := int(self.file.readline().split(b";")[0], 16):
            parts.append(self.file.read(size))
            self.file.readline()
        self.file.readline()
        return b"".join(parts)
