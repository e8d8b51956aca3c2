"""The list of a brand's lots: what is there, page by page."""

from bench.limit import run_limit
from bench.measure import Case

PAGE = 80


def biggest_brand(env):
    env.cr.execute(
        "SELECT owner_id FROM stock_quant GROUP BY 1"
        " ORDER BY count(DISTINCT lot_id) DESC, 1 LIMIT 1"
    )
    return env["res.partner"].browse(env.cr.fetchone()[0])


class FirstPage(Case):
    """Plain Odoo has no such page: a colleague groups the quants by lot."""

    work = "portal list"
    title = "first page of a brand's lots"
    goals = (("ms", 150),)

    def prepare(self, env, column):
        brand = biggest_brand(env)
        env.cr.execute(
            "SELECT count(DISTINCT lot_id) FROM stock_quant WHERE owner_id = %s", [brand.id]
        )
        self.note = f"{env.cr.fetchone()[0]:,} lots"
        return brand

    def plain(self, env, made):
        domain = [("owner_id", "=", made.id), ("location_id.usage", "in", ("internal", "transit"))]
        quants = env["stock.quant"]
        rows = quants.web_read_group(
            domain,
            ["lot_id"],
            ["quantity:sum", "reserved_quantity:sum", "location_id:count_distinct"],
            limit=PAGE,
        )
        return [group["lot_id"][0] for group in rows["groups"]]

    def addon(self, env, made):
        report = env["stock.lot.report.stock"].sudo()
        user = env["res.users"].search([("login", "=", "bench-brand")])
        rows, _total = report._get_rows(
            user._get_lot_scope(), report._clean_options({}), limit=PAGE
        )
        return rows

    def limit(self, cr, made):
        return run_limit(cr, "portal", owner_id=made.id, page=PAGE)

    def outcome(self, env, made, result):
        return len(result)


def cases(size):
    return [FirstPage()]
