"""Starts the real rcukv_server for tests, on free ports of loopback."""

import os
import re
import signal
import subprocess
import tempfile

# Long enough for a slow machine; what works never waits for it.
PATIENCE_SECONDS = 60

_BINARY = os.path.join("server", "rcukv_server")
_LISTENING = re.compile(r"listening on (\S+) \(admin (\S+)\)")


def _environment(extra):
    return {**os.environ, **(extra or {})}


def run(*flags, wrapper=(), environment=None):
    """A run that is to end by itself: its CompletedProcess.

    `wrapper`: a command that becomes the server. `environment`: set beside what there is.
    """
    return subprocess.run(
        [*wrapper, _BINARY, *flags],
        check=False,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        env=_environment(environment),
    )


def start(*flags):
    """A process that may not listen yet, or ever: a Popen."""
    return subprocess.Popen(
        [_BINARY, "--listen=127.0.0.1:0", "--admin_listen=127.0.0.1:0", *flags],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def start_and_kill(*flags, after_seconds):
    """Starts a server and kills it, whatever it is doing by then."""
    process = start(*flags)
    try:
        process.wait(after_seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class ServerProcess:
    """A server that listens; use it in a `with`, which kills what is left of it."""

    def __init__(self, *flags, store="memory", wrapper=(), environment=None):
        """`store`: None leaves out the flag."""
        if store is not None:
            flags = (f"--store={store}", *flags)
        self._stderr = tempfile.TemporaryFile("w+")
        self._process = subprocess.Popen(
            [*wrapper, _BINARY, "--listen=127.0.0.1:0", "--admin_listen=127.0.0.1:0", *flags],
            stdout=subprocess.PIPE,
            stderr=self._stderr,
            text=True,
            env=_environment(environment),
        )
        self.first_line = self._process.stdout.readline()
        found = _LISTENING.search(self.first_line)
        if found is None:
            self._process.kill()
            raise RuntimeError(f"the server said {self.first_line!r} and {self.stderr()!r}")
        self.address, self.admin_address = found.groups()

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        if any(failure):
            print(f"the server's stderr: {self.stderr()}")
        self._stderr.close()

    @property
    def pid(self):
        return self._process.pid

    def stderr(self):
        """What it has written there so far."""
        return os.pread(self._stderr.fileno(), 1 << 20, 0).decode()

    def kill(self):
        """As kill -9 does; returns when it is gone."""
        self._process.kill()
        self._process.wait()

    def terminate(self, signal_number=signal.SIGTERM):
        self._process.send_signal(signal_number)

    def wait(self):
        """Its exit code."""
        return self._process.wait(PATIENCE_SECONDS)
