"""Who got this lot."""

from lxml import etree

from bench.cast import Cast
from bench.limit import run_limit
from bench.measure import Case


def read_form(lot):
    """What the web client reads to open the form of a lot: its fields, records with their names."""
    arch = etree.fromstring(lot.get_view(view_type="form")["arch"])
    names = {
        node.get("name")
        for node in arch.iter("field")
        if not any(parent.tag == "field" for parent in node.iterancestors())
    }
    named = {"fields": {"display_name": {}}}
    return lot.web_read({name: named if lot._fields[name].relational else {} for name in names})


class Trace(Case):
    """Plain Odoo's lot form, opened, against the consignees of the trace."""

    work = "trace"

    def __init__(self, number, deliveries):
        self.number, self.deliveries = number, deliveries
        self.title = f"{deliveries:,} deliveries, with consignees"
        self.goals = {1: [("ms", 10)], 3: [("limit", 2), ("plain", 1 / 20)]}.get(number, [])

    def prepare(self, env, column):
        lot = Cast(env).traced_lot(self.number)[0]
        lot.get_view(view_type="form")  # the web client has it already
        return lot

    def plain(self, env, made):
        return [partner["id"] for partner in read_form(made)[0]["partner_ids"]]

    def addon(self, env, made):
        return [row["consignee_id"] for row in env["stock.lot.trace"].consignees(made.ids)]

    def limit(self, cr, made):
        return [row[0] for row in run_limit(cr, "trace", lot_id=made.id)]

    def outcome(self, env, made, result):
        if len(set(result)) != self.deliveries:
            raise AssertionError(f"{len(set(result))} customers instead of {self.deliveries}")
        return sorted(result)


class Form(Trace):
    """The form of the lot, opened in both."""

    columns = ("plain", "addon")

    def __init__(self, number, deliveries):
        super().__init__(number, deliveries)
        self.title = f"{deliveries:,} deliveries, lot form"
        self.goals = [("plain", 1 / 20)] if number == 3 else []

    def plain(self, env, made):
        return read_form(made)

    addon = plain

    def outcome(self, env, made, result):
        return result[0]["id"]


class Deliveries(Trace):
    """The deliveries alone, as the smart button counts them."""

    def __init__(self, number, deliveries):
        super().__init__(number, deliveries)
        self.title = f"{deliveries:,} deliveries, documents"
        self.goals = []

    def plain(self, env, made):
        return made.delivery_ids.ids

    def addon(self, env, made):
        return [row["picking_id"] for row in env["stock.lot.trace"].forward(made.ids)]

    def limit(self, cr, made):
        return [row[0] for row in run_limit(cr, "trace_documents", lot_id=made.id)]


def cases(size):
    numbered = list(enumerate(size.trace, start=1))
    return [kind(*row) for kind in (Deliveries, Trace, Form) for row in numbered]
