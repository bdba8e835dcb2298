"""A headless Chromium spoken to over two pipes: the DevTools protocol without any library.

Messages are JSON ended by a zero byte: ours go to the browser's file descriptor 3, its own come
from 4 (`--remote-debugging-pipe`). No port is opened and no driver is needed.
"""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import signal
import time

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--remote-debugging-pipe",
)


def found():
    """Give the path of a Chromium, or None."""
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


def _spawn(command, read, write):
    """Start a command that reads from the one as its 3 and writes to the other as its 4."""
    # Out of the way first: the pipes may themselves have the numbers 3 and 4 here.
    far = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (read, write)]
    silence = [(os.POSIX_SPAWN_OPEN, n, os.devnull, os.O_WRONLY, 0) for n in (1, 2)]
    moves = [(os.POSIX_SPAWN_DUP2, end, number) for number, end in enumerate(far, start=3)]
    number = os.posix_spawn(command[0], command, os.environ, file_actions=[*silence, *moves])
    for end in (read, write, *far):
        os.close(end)
    return number


class Tab:
    """One tab: `send` calls a method of the protocol, `events` holds what the browser told."""

    def __init__(self, folder, patience=60):
        """Start the browser with a profile of its own in this folder."""
        self._patience, self._number, self._rest = patience, 0, b""
        self.events = []
        read_ours, self._write = os.pipe()
        self._read, write_theirs = os.pipe()
        self._process = _spawn(
            [found(), *FLAGS, f"--user-data-dir={folder}"], read_ours, write_theirs
        )
        self._session = None
        targets = self.send("Target.getTargets")["targetInfos"]
        target = next(t["targetId"] for t in targets if t["type"] == "page")
        attached = self.send("Target.attachToTarget", targetId=target, flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def close(self):
        """End the browser."""
        os.kill(self._process, signal.SIGTERM)
        os.waitpid(self._process, 0)
        os.close(self._write)
        os.close(self._read)

    def send(self, method, **params):
        """Call a method and wait for its answer."""
        self._number += 1
        message = {"id": self._number, "method": method, "params": params}
        if self._session:
            message["sessionId"] = self._session
        os.write(self._write, json.dumps(message).encode() + b"\0")
        while True:
            told = self._next()
            if told.get("id") == self._number:
                if "error" in told:
                    raise RuntimeError(f"{method}: {told['error']}")
                return told["result"]
            self.events.append(told)

    def run(self, script):
        """Give the value of an expression on the page, awaited."""
        answer = self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def open(self, address):
        """Go to a page and wait until it is loaded and its pictures are drawn."""
        self.events.clear()
        self.send("Page.navigate", url=address)
        ready = "document.readyState === 'complete' && !!window.losscopeDrawn"
        end = time.monotonic() + self._patience
        while not self.run(ready):
            if time.monotonic() > end:
                raise TimeoutError(address)
            time.sleep(0.05)
        self.run("window.losscopeDrawn.then(() => true)")

    def told(self, method):
        """Give the parameters of all events of one kind."""
        return [event["params"] for event in self.events if event.get("method") == method]

    def _next(self):
        """Read the next message."""
        while b"\0" not in self._rest:
            if not select.select([self._read], [], [], self._patience)[0]:
                raise TimeoutError("the browser says nothing")
            read = os.read(self._read, 1 << 20)
            if not read:
                raise RuntimeError("the browser ended")
            self._rest += read
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)
