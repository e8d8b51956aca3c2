"""Confirming a receipt: a bin for every line, by the rule of the product's storage zone."""

from bench.cast import Cast
from bench.limit import run_limit
from bench.measure import Case

QUANTITY = 24
ZONES = {
    "c10": ("shelf", "mixed bins"),
    "pallet": ("pallet", "empty bins only"),
    "single": ("single", "one product a bin"),
}


class Putaway(Case):
    work = "put-away"

    def __init__(self, lines, role):
        self.lines, self.role = lines, role
        self.zone, name = ZONES[role]
        self.title = f"{lines} x {name}"
        self.goals = [("plain", 1 / 30)] if lines == 100 else []

    def prepare(self, env, column):
        return Cast(env).receipt(self.role, self.lines, QUANTITY, confirm=False)

    def plain(self, env, made):
        made.action_confirm()

    def limit(self, cr, made):
        run_limit(cr, "putaway", picking_id=made.id, zone=f"Zone: {self.zone}")

    def outcome(self, env, made, result):
        lines = made.move_line_ids
        if len(lines) != self.lines:
            raise AssertionError(f"{len(lines)} lines instead of {self.lines}")
        bins = lines.location_dest_id
        outside = bins.filtered(
            lambda place: place.storage_category_id.name != f"Zone: {self.zone}"
        )
        self.note = f"{len(bins)} bins" + (f", {len(outside)} outside the zone" if outside else "")


def cases(size):
    return [Putaway(lines, role) for role in ZONES for lines in (1, 10, 100)]
