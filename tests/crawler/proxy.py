"""A small forward proxy on loopback: it knows where some hosts are, and reaches no other."""

from __future__ import annotations

import http.client
import select
import socket
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

Place = tuple[str, int]


class Proxy:
    """Use it as a context manager; `log` holds what it was asked: method, address and Proxy-Authorization."""

    def __init__(self, places: Mapping[str, Place]) -> None:
        self.log: list[tuple[str, str, str | None]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, places))
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Proxy:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def url(self, user: str = "") -> str:
        return f"http://{user}127.0.0.1:{self.port}"


def _handler(proxy: Proxy, places: Mapping[str, Place]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            self._note()
            if parts.hostname not in places:
                self.send_error(502)
                return
            connection = http.client.HTTPConnection(*places[parts.hostname], timeout=10)
            connection.request("GET", parts.path, headers={"Host": parts.netloc, "User-Agent": self.headers["User-Agent"]})
            answer = connection.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            connection.close()

        def do_CONNECT(self) -> None:
            self._note()
            host = self.path.rpartition(":")[0]
            if host not in places:
                self.send_error(502)
                return
            with socket.create_connection(places[host]) as there:
                self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                _carry(self.connection, there)
            self.close_connection = True

        def _note(self) -> None:
            proxy.log.append((self.command, self.path, self.headers["Proxy-Authorization"]))

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


def _carry(one: socket.socket, other: socket.socket) -> None:
    """Both ways, until one side hangs up or says nothing for long."""
    across = {one: other, other: one}
    while ready := select.select([one, other], [], [], 10)[0]:
        for side in ready:
            try:
                data = side.recv(65_536)
            except OSError:
                return
            if not data:
                return
            across[side].sendall(data)
