"""A local platform for measurements: POST /p/<key> answers at once and remembers the time; GET /find/<key>, /stats, /reset/<due>.

`--faults` makes it a bad one: 20 to 300 ms, and of 100 posts two are kept but never answered, two are neither kept nor
answered, two get a 500. Run: python sink.py PORT [--faults]
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time

import uvloop

HEAD = b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
KEPT: dict[str, list[float]] = {}
DUE = [0.0]
FAULTS = "--faults" in sys.argv


def answer(status: int, value: object) -> bytes:
    body = json.dumps(value).encode()
    return HEAD % (status, len(body)) + body


def figures() -> dict[str, float]:
    """Counts, doubles and the spread of arrivals after the due time, in seconds."""
    times = sorted(time_ for all_ in KEPT.values() for time_ in all_)
    found: dict[str, float] = {"posts": len(times), "unique": len(KEPT), "doubled": len(times) - len(KEPT)}
    if times:
        late = [one - (DUE[0] or times[0]) for one in times]
        found |= {
            "span": times[-1] - times[0],
            "p50": late[len(late) // 2],
            "p99": late[int(len(late) * 0.99)],
            "last": late[-1],
        }
    return found


class Sink(asyncio.Protocol):
    """A minimal HTTP server, so that the sink is not what is measured."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport, self.buffer = transport, b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end]
            place = head.lower().find(b"content-length:")
            size = int(head[place + 15 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
            if len(self.buffer) < end + 4 + size:
                return
            self.buffer = self.buffer[end + 4 + size :]
            self.handle(head.split(b" ", 2)[1].decode())

    def handle(self, path: str) -> None:
        kind, _, rest = path.strip("/").partition("/")
        if kind == "p":
            self.post(rest)
        elif kind == "find":
            self.transport.write(answer(200, {"found": rest in KEPT}))
        elif kind == "reset":
            KEPT.clear()
            DUE[0] = float(rest or 0)
            self.transport.write(answer(200, {}))
        else:
            self.transport.write(answer(200, figures()))

    def post(self, key: str) -> None:
        if not FAULTS:
            self.keep(key)
            self.transport.write(answer(200, {"id": key}))
            return
        luck, wait, loop = random.random(), random.uniform(0.02, 0.3), asyncio.get_running_loop()
        if luck < 0.02:
            self.keep(key)
        elif 0.04 <= luck < 0.06:
            self.transport.write(answer(500, {}))
        elif luck >= 0.06:
            early = luck < 0.53
            if early:
                self.keep(key)
            loop.call_later(wait, self.late, key, early)

    def late(self, key: str, early: bool) -> None:
        if not early:
            self.keep(key)
        self.transport.write(answer(200, {"id": key}))

    def keep(self, key: str) -> None:
        KEPT.setdefault(key, []).append(time.time())


async def main() -> None:
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", int(sys.argv[1]), backlog=4096)
    print("ready", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main())
