"""What the user sees while it works: a line per step, a bar per download."""

import sys
import threading
import time

BAR_WIDTH = 30


def step(text):
    """Say what is done now."""
    print(f"-> {text}", flush=True)


def note(text):
    """Say something about the present step."""
    print(f"   {text}", flush=True)


def megabytes(size):
    return f"{size / 1e6:.0f} MB" if size >= 1e7 else f"{size / 1e6:.1f} MB"


class Ticker:
    """A status line that is redrawn on a terminal, and printed now and then elsewhere."""

    def __init__(self, stream=None, every=20.0):
        self.stream = stream or sys.stdout
        self.live = self.stream.isatty()
        self.every = every
        self.shown_at = time.monotonic()
        self.width = 0

    def show(self, text):
        if self.live:
            text = text[:110]
            self.stream.write("\r   " + text.ljust(self.width))
            self.width = len(text)
        elif time.monotonic() - self.shown_at < self.every:
            return
        else:
            self.stream.write(f"   {text}\n")
            self.shown_at = time.monotonic()
        self.stream.flush()

    def end(self):
        if self.live and self.width:
            self.stream.write("\r" + " " * (self.width + 3) + "\r")
            self.stream.flush()
            self.width = 0


def bar_text(done, total):
    share = min(done / total, 1.0) if total else 0.0
    filled = int(share * BAR_WIDTH)
    bar = "#" * filled + "." * (BAR_WIDTH - filled)
    return f"[{bar}] {share:4.0%}  {megabytes(done)} of {megabytes(total)}"


class DownloadBar:
    """Context: a bar that follows a growing folder or file while another program writes it."""

    def __init__(self, measure, total, stream=None):
        self.measure, self.total = measure, total
        self.ticker = Ticker(stream, every=5.0)
        self.done = threading.Event()
        self.thread = threading.Thread(target=self._follow, daemon=True)

    def _follow(self):
        while not self.done.wait(0.3):
            self.ticker.show(bar_text(self.measure(), self.total))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exc):
        self.done.set()
        self.thread.join()
        self.ticker.end()
        if exc[0] is None:
            self.ticker.stream.write(f"   {bar_text(self.measure(), self.total)}\n")
            self.ticker.stream.flush()
