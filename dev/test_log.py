"""Reading the log of an Odoo test run while it is written."""

import re
from dataclasses import dataclass, field

RECORD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ "
    r"(?P<level>DEBUG|INFO|WARNING|ERROR|CRITICAL|RUNBOT|TEST) \S+ (?P<logger>\S+): (?P<text>.*)$"
)
CLOSING = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading")
FAILURE = re.compile(r"^(FAIL|ERROR): ")
NOISE = re.compile(r"^\S+ (FAILED|tests)|Module .* \d+ failures|\d+ failed, ")


@dataclass
class TestLog:
    """Fed line by line; knows the counts, the failures and what runs now."""

    __test__ = False

    ran: int = 0
    failed: int = 0
    started: int = 0
    current: str = ""
    skipped: list = field(default_factory=list)
    failures: list = field(default_factory=list)
    errors: list = field(default_factory=list)
    closed: bool = False
    _block: list | None = None

    def feed(self, line):
        line = line.rstrip("\n")
        record = RECORD.match(line)
        if not record:
            if self._block is not None:
                self._block.append(line)
            return
        self._block = None
        level, text = record["level"], record["text"].rstrip()
        if text.startswith("Starting ") and text.endswith(" ..."):
            self.started += 1
            self.current = text[len("Starting ") : -len(" ...")]
        elif text.startswith("skipped "):
            self.skipped.append(text[len("skipped ") :])
        closing = CLOSING.search(text)
        if closing:
            failed, errors, ran = map(int, closing.groups())
            self.failed, self.ran, self.closed = failed + errors, ran, True
        elif level in ("ERROR", "CRITICAL"):
            self._block = [text]
            kind = self.failures if FAILURE.match(text) else self.errors
            if not NOISE.match(text):
                kind.append(self._block)

    @property
    def passed(self):
        return max(self.ran - self.failed - len(self.skipped), 0)

    def report(self, limit=16):
        """The failures to show, each shortened to its last lines."""
        shown = self.failures or self.errors
        return ["\n".join(_shorten(block, limit)) for block in shown]


def _shorten(block, limit):
    block = [line for line in block if set(line.strip()) - set("^~")]
    while block and not block[-1].strip():
        block = block[:-1]
    if len(block) <= limit:
        return block
    return [block[0], f"... {len(block) - limit} lines left out ...", *block[1 - limit :]]
