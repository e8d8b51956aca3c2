"""Who got this lot."""

from bench.cast import Cast
from bench.limit import run_limit
from bench.measure import Case


class Trace(Case):
    """Plain Odoo's lot form against the consignees of the trace."""

    work = "trace"

    def __init__(self, number, deliveries):
        self.number, self.deliveries = number, deliveries
        self.title = f"{deliveries:,} deliveries, with consignees"

    def prepare(self, env, column):
        return Cast(env).traced_lot(self.number)[0]

    def plain(self, env, made):
        return made.read(["delivery_ids", "partner_ids"])[0]["partner_ids"]

    def addon(self, env, made):
        return [row["consignee_id"] for row in env["stock.lot.trace"].consignees(made.ids)]

    def limit(self, cr, made):
        return [row[0] for row in run_limit(cr, "trace", lot_id=made.id)]

    def outcome(self, env, made, result):
        if len(set(result)) != self.deliveries:
            raise AssertionError(f"{len(set(result))} customers instead of {self.deliveries}")
        return sorted(result)


class Deliveries(Trace):
    """The deliveries alone, as the smart button counts them."""

    def __init__(self, number, deliveries):
        super().__init__(number, deliveries)
        self.title = f"{deliveries:,} deliveries, documents"

    def plain(self, env, made):
        return made.delivery_ids.ids

    def addon(self, env, made):
        return [row["picking_id"] for row in env["stock.lot.trace"].forward(made.ids)]

    def limit(self, cr, made):
        return [row[0] for row in run_limit(cr, "trace_documents", lot_id=made.id)]


def cases(size):
    numbered = list(enumerate(size.trace, start=1))
    return [kind(*row) for kind in (Deliveries, Trace) for row in numbered]
