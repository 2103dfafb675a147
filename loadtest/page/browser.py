"""Opens pages in headless Chromium, by its DevTools protocol, with the standard library.

    with browser.Browser() as chromium:
        tab = chromium.open("file:///tmp/report.html", width=1200, height=900)
        tab.evaluate("document.title")
        tab.requests, tab.errors

The protocol's messages go through a pipe (--remote-debugging-pipe): JSON, each ended by a
NUL. It needs neither a display nor a network, and runs as root.
"""

import base64
import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

# Debian's packages: the smaller one without a window, and the whole of it.
PROGRAMS = ("chromium-headless-shell", "chromium")

# Longer than anything takes.
_LONG_S = 60

# Narrower than this is a phone.
_PHONE_PX = 480

_FLAGS = (
    "--headless",
    "--remote-debugging-pipe",
    # Its sandbox does not run as root, nor inside another one.
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    # /dev/shm is small in a container.
    "--disable-dev-shm-usage",
    # Nothing but what the page asks for, and of that nothing that leaves the machine.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


class Error(Exception):
    """The browser is not there, died, or refused a command."""


def _program():
    for name in PROGRAMS:
        path = shutil.which(name, path="/usr/bin")
        if path:
            return path
    raise Error(f"there is no {PROGRAMS[0]}; './run setup' installs it")


def _high(descriptor):
    """The same one under a number that is not one of those that the browser expects."""
    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 100)
    os.close(descriptor)
    return high


class Browser:
    """A process of its own, which ends with the block."""

    def __init__(self):
        self._program = _program()
        # What the browser leaves behind when it is killed may come and go for a moment.
        self._folder = tempfile.TemporaryDirectory(prefix="browser.", ignore_cleanup_errors=True)
        self._events = {}
        self._buffer = b""
        self._last_id = 0

    def __enter__(self):
        commands, self._commands = (_high(end) for end in os.pipe())
        self._messages, messages = (_high(end) for end in os.pipe())
        self._log_path = os.path.join(self._folder.name, "log")
        # The browser reads from descriptor 3 and writes to 4.
        script = f'exec "$@" 3<&{commands} 4>&{messages}'
        with open(self._log_path, "wb") as log:
            self._process = subprocess.Popen(
                ["/bin/bash", "-c", script, "browser", self._program, *_FLAGS,
                 "--user-data-dir=" + os.path.join(self._folder.name, "profile")],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                pass_fds=(commands, messages), start_new_session=True,
                env={**os.environ, "HOME": self._folder.name})
        os.close(commands)
        os.close(messages)
        return self

    def __exit__(self, *unused):
        try:
            self.call("Browser.close")
            self._process.wait(timeout=_LONG_S)
        except (Error, subprocess.TimeoutExpired):
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        os.close(self._commands)
        os.close(self._messages)
        self._folder.cleanup()

    def open(self, url, width, height, dark=False):
        """A Tab that has loaded `url`, in a window of so many CSS pixels."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._events[session] = []
        return Tab(self, session, target, url, width, height, dark)

    def call(self, method, session=None, **parameters):
        """The result of a command; Error where it has none."""
        self._last_id += 1
        message = {"id": self._last_id, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        try:
            os.write(self._commands, json.dumps(message).encode() + b"\0")
        except BrokenPipeError:
            raise Error("the browser has ended:\n" + self._log()) from None
        deadline = time.monotonic() + _LONG_S
        while True:
            answer = self._receive(deadline)
            if answer.get("id") != self._last_id:
                self._keep(answer)
            elif "error" in answer:
                raise Error(f"{method}: {answer['error']['message']}")
            else:
                return answer["result"]

    def wait_for_event(self, session, method):
        """Returns as soon as the session has had one."""
        deadline = time.monotonic() + _LONG_S
        while not any(event["method"] == method for event in self._events[session]):
            self._keep(self._receive(deadline))

    def events(self, session, method):
        """The parameters of those that the session has had so far."""
        return [event["params"] for event in self._events[session] if event["method"] == method]

    def _keep(self, event):
        if event.get("sessionId") in self._events:
            self._events[event["sessionId"]].append(event)

    def _receive(self, deadline):
        while b"\0" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self._messages], [], [], left)[0]:
                raise Error(f"the browser says nothing for {_LONG_S} s:\n" + self._log())
            part = os.read(self._messages, 1 << 20)
            if not part:
                raise Error("the browser has ended:\n" + self._log())
            self._buffer += part
        message, self._buffer = self._buffer.split(b"\0", 1)
        return json.loads(message)

    def _log(self):
        with open(self._log_path, "rb") as log:
            return log.read().decode("utf-8", "replace")[-2000:]


class Tab:
    """One page. Everything that it asked for and complained of since it began is kept."""

    def __init__(self, browser, session, target, url, width, height, dark):
        self._browser = browser
        self._session = session
        self._target = target
        for domain in ("Page", "Network", "Runtime", "Log"):
            self._call(domain + ".enable")
        # A phone lays a page out in more pixels than it has, unless the page says otherwise.
        self._call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                   deviceScaleFactor=1, mobile=width <= _PHONE_PX)
        self._set_media("", dark)
        self._call("Page.navigate", url=url)
        browser.wait_for_event(session, "Page.loadEventFired")

    def close(self):
        self._browser.call("Target.closeTarget", targetId=self._target)

    def print_preview(self):
        """From here on it is laid out as if for paper."""
        self._set_media("print", dark=True)

    def evaluate(self, expression):
        """The value of an expression of JavaScript, by way of JSON."""
        answer = self._call("Runtime.evaluate", expression=expression, returnByValue=True,
                            awaitPromise=True)
        if "exceptionDetails" in answer:
            raise Error("JavaScript: " + json.dumps(answer["exceptionDetails"])[:1000])
        return answer["result"].get("value")

    def screenshot(self):
        """A PNG of the page in its whole length."""
        size = self._call("Page.getLayoutMetrics")["cssContentSize"]
        answer = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                            clip={**size, "scale": 1})
        return base64.b64decode(answer["data"])

    def pdf(self):
        answer = self._call("Page.printToPDF", printBackground=False, preferCSSPageSize=True)
        return base64.b64decode(answer["data"])

    @property
    def requests(self):
        """The URLs that it asked for, the page's own included."""
        return [event["request"]["url"]
                for event in self._browser.events(self._session, "Network.requestWillBeSent")]

    @property
    def errors(self):
        """What scripts threw, and what the browser logged: requests that the page's policy
        refused are among it."""
        thrown = [event["exceptionDetails"].get("exception", {}).get("description", "?")
                  for event in self._browser.events(self._session, "Runtime.exceptionThrown")]
        logged = [event["entry"]["text"]
                  for event in self._browser.events(self._session, "Log.entryAdded")
                  if event["entry"]["level"] in ("warning", "error")]
        return thrown + logged

    def _set_media(self, media, dark):
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self._call("Emulation.setEmulatedMedia", media=media, features=[scheme])

    def _call(self, method, **parameters):
        return self._browser.call(method, self._session, **parameters)
