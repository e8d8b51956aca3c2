"""Make the copy of a generated database a warehouse under lot control, every rule active."""

from dev.odoo_env import open_env

# None of them rules out the goods that the benchmarks ask for, all of them have to be looked at.
EVERY_RULE = {
    "rotation": "fefo",
    "rotation_date": "expiration_date",
    "undated": "block",
    "min_life": "days",
    "min_life_number": 30,
    "reference_day": "ship",
    "stop_ship": "days",
    "stop_ship_days": 14,
    "ascending": "yes",
    "exclude_returned": "yes",
    "deviation": "force",
    "verification": "line",
}
HELD_LOTS = 100


def switch_on(database):
    """Name the brands, switch lot control on, set the rules and hold some lots."""
    with open_env(database) as env:
        brands = _name_brands(env)
        env["stock.warehouse"].search([]).lot_control = True
        policies = env["stock.lot.policy"]
        policies.search([]).write(EVERY_RULE)
        policies.create(
            [{"name": brand.name, "owner_id": brand.id, "min_life_number": 30} for brand in brands]
        )
        _hold_lots(env)
        _give_portal_access(env)
    with open_env(database) as env:
        env.cr.execute("ANALYZE")


def _name_brands(env):
    env.cr.execute("SELECT DISTINCT owner_id, product_id FROM stock_quant ORDER BY 1, 2")
    products = {}
    for owner_id, product_id in env.cr.fetchall():
        products.setdefault(owner_id, []).append(product_id)
    for owner_id, product_ids in products.items():
        env["product.product"].browse(product_ids).product_tmpl_id.owner_id = owner_id
    return env["res.partner"].browse(products)


def _hold_lots(env):
    """Hold lots that no benchmark asks for."""
    reason = env["stock.lot.hold.reason"].search([], limit=1)
    env.cr.execute(
        "SELECT id FROM stock_lot WHERE NOT EXISTS (SELECT FROM bench_cast"
        " WHERE bench_cast.product_id = stock_lot.product_id) ORDER BY id LIMIT %s",
        [HELD_LOTS],
    )
    holds = env["stock.lot.hold"].create(
        [{"lot_id": lot_id, "reason_id": reason.id} for (lot_id,) in env.cr.fetchall()]
    )
    if len(holds) != HELD_LOTS:
        raise AssertionError(f"{len(holds)} lots are held instead of {HELD_LOTS}")


def _give_portal_access(env):
    """A portal user of the brand with the most lots."""
    env.cr.execute(
        "SELECT owner_id FROM stock_quant GROUP BY 1"
        " ORDER BY count(DISTINCT lot_id) DESC, 1 LIMIT 1"
    )
    env["res.users"].create(
        {
            "name": "Brand user",
            "login": "bench-brand",
            "password": "bench-brand",
            "partner_id": env["res.partner"]
            .create({"name": "Brand user", "parent_id": env.cr.fetchone()[0]})
            .id,
            "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
        }
    )
