"""`action_assign` of one delivery: which lots, which bins, how much of each."""

from bench.cast import Cast
from bench.limit import run_limit
from bench.measure import Case

QUANTITY = 100
# Lines and candidates -> what part of plain Odoo's time is allowed.
GOALS = {(1, 10): 1, (100, 1_000): 1 / 8, (100, 10_000): 1 / 30}


class Reservation(Case):
    work = "reservation"

    def __init__(self, lines, candidates, products):
        self.lines, self.role = lines, f"c{candidates}"
        self.title = f"{lines} x {candidates:,}"
        if products < lines:
            self.title += f" ({products} products)"
        goal = GOALS.get((lines, candidates))
        self.goals = [("plain", goal)] if goal else []

    def prepare(self, env, column):
        return Cast(env).delivery(self.role, self.lines, QUANTITY)

    def plain(self, env, made):
        made.action_assign()

    def limit(self, cr, made):
        run_limit(cr, "reservation", picking_id=made.id)

    def outcome(self, env, made, result):
        if made.state != "assigned":
            raise AssertionError(f"the delivery is {made.state}")
        taken = {}
        for line in made.move_line_ids:
            taken[line.lot_id.id] = taken.get(line.lot_id.id, 0) + line.quantity_product_uom
        return taken


def cases(size):
    wanted = [(1, quants) for quants in size.candidates] + [
        (100, quants) for quants in size.candidates
    ]
    return [Reservation(lines, quants, size.candidates[quants]) for lines, quants in wanted]
