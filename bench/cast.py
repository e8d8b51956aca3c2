"""The generated goods that play a part in the benchmarks, and documents made of them."""

from odoo import Command


class Cast:
    """Products, brands and lots by role, as the generator left them in `bench_cast`."""

    def __init__(self, env):
        self.env = env
        self.warehouse = env["stock.warehouse"].search([], order="id", limit=1)

    def products(self, role, count=None):
        ids = [row[0] for row in self._rows(role)]
        return self.env["product.product"].browse(ids[:count])

    def owner(self, role):
        return self.env["res.partner"].browse(self._rows(role)[0][1])

    def traced_lot(self, number):
        _product_id, _owner_id, lot_id, deliveries = self._rows(f"trace{number}")[0]
        return self.env["stock.lot"].browse(lot_id), deliveries

    def _rows(self, role):
        self.env.cr.execute(
            "SELECT product_id, owner_id, lot_id, deliveries FROM bench_cast WHERE role = %s"
            " ORDER BY product_id",
            [role],
        )
        return self.env.cr.fetchall()

    def delivery(self, role, lines, quantity):
        """A confirmed delivery of `lines` lines, nothing reserved, to a new customer.

        :param quantity: of each line, or what is wanted of each product.
        """
        products = self.products(role)
        chosen = [products[number % len(products)] for number in range(lines)]
        return self._picking(
            self.warehouse.out_type_id,
            self.warehouse.lot_stock_id,
            self.env.ref("stock.stock_location_customers"),
            self.env["res.partner"].create({"name": "New customer"}),
            self.owner(role),
            chosen,
            quantity,
        )

    def receipt(self, role, lines, quantity, confirm=True):
        """A receipt of `lines` products of a brand, confirmed (then put away) or draft."""
        owner = self.owner(role)
        return self._picking(
            self.warehouse.in_type_id,
            self.env.ref("stock.stock_location_suppliers"),
            self.warehouse.lot_stock_id,
            owner,
            owner,
            self.products(role, lines),
            quantity,
            confirm=confirm,
        )

    def _picking(self, kind, source, target, partner, owner, products, quantity, confirm=True):
        places = {"location_id": source.id, "location_dest_id": target.id}
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "partner_id": partner.id,
                "owner_id": owner.id,
                **places,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": (
                                quantity[product] if isinstance(quantity, dict) else quantity
                            ),
                            # Keeps several lines of one product apart.
                            "description_picking_manual": f"Line {number}",
                            **places,
                        }
                    )
                    for number, product in enumerate(products)
                ],
            }
        )
        if confirm:
            picking.action_confirm()
        return picking
