"""An import and one line of its file on the way from text to outcome."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

RESULT_COLUMNS = ("row", "reference", "line", "status", "code", "message", "document", "bin")


@dataclass
class ImportRun:
    """One import: where, on which day, and what its lines have to know of each other.

    The dictionaries are filled by the kind of file that needs them.
    """

    warehouse: object
    today: date
    lots: dict = field(default_factory=dict)
    expiries: dict = field(default_factory=dict)
    look_alikes: dict = field(default_factory=dict)
    pallets: dict = field(default_factory=dict)
    planned: Counter = field(default_factory=Counter)
    orders: dict = field(default_factory=dict)
    customers: dict = field(default_factory=dict)


@dataclass(eq=False)
class ImportRow:
    """``number`` is the line of the file, ``values`` what it says, ``found`` what that means.

    An open row has no status yet. ``picking_id`` is set when the line was carried out.
    """

    number: int
    values: dict
    found: dict = field(default_factory=dict)
    status: str = ""
    code: str = ""
    message: str = ""
    document: str = ""
    bin: str = ""
    picking_id: int = 0

    def __getitem__(self, column):
        return self.values[column]

    def settle(self, status, code, message):
        self.status, self.code, self.message = status, code, message

    def result(self):
        return {
            "row": self.number,
            "reference": self.values.get("reference", ""),
            "line": self.values.get("line", ""),
            "status": self.status,
            "code": self.code,
            "message": self.message,
            "document": self.document,
            "bin": self.bin,
        }
