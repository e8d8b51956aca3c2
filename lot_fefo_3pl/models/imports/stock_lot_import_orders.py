from datetime import datetime, time

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .stock_lot_import_base import LotImportStop

CUSTOMER_COLUMNS = (
    "customer",
    "customer_type",
    "email",
    "phone",
    "street",
    "zip",
    "city",
    "country",
)


class StockLotImportOrders(models.AbstractModel):
    """Orders of consumers and retailers: one line per product, one delivery per order."""

    _name = "stock.lot.import.orders"
    _inherit = ["stock.lot.import.base"]
    _description = "Import of Orders"

    _kind = "orders"
    _required = ("reference", "line", "brand", "customer", "product", "quantity")
    _optional = (*CUSTOMER_COLUMNS[1:], "requested_date")

    # Understanding ---------------------------------------------------------------------------

    @api.model
    def _prepare(self, run, rows):
        products = self.env["product.product"]._find_by_codes(
            {row["product"] for row in rows}, run.warehouse.company_id
        )
        countries = self.env["res.country"].search(
            [("code", "in", list({row["country"].upper() for row in rows}))]
        )
        by_code = {country.code: country for country in countries}
        for row in rows:
            row.found["matches"] = products.get(row["product"])
            row.found["country"] = by_code.get(row["country"].upper(), countries.browse())
        self._prepare_customers(run, rows)

    def _prepare_customers(self, run, rows):
        """Find the customers by name and e-mail.

        The caller may order without being allowed to edit contacts: consignees are looked up and
        added on their behalf, from the columns of the file and nothing else. Nobody who has a
        login is taken for a consignee.
        """
        partners = self.env["res.partner"].sudo()
        for partner in partners.search(
            [
                ("name", "in", list({row["customer"] for row in rows})),
                ("parent_id", "=", False),
                ("user_ids", "=", False),
            ],
            order="id desc",
        ):
            run.customers[partner.name, (partner.email or "").lower()] = partner

    @api.model
    def _understand(self, run, row):
        row.found["product"] = self._get_product(row)
        _products, units = row.found["matches"]
        row.found["quantity"] = units * self._get_quantity(row["quantity"], row.found["product"])
        row.found["day"] = self._get_day(row["requested_date"])
        self._check_customer(run, row)

    def _get_product(self, row):
        if not row.found["matches"]:
            raise LotImportStop(
                "refused",
                "unknown_product",
                self.env._(
                    "No product has the barcode or internal reference %(code)s.",
                    code=row["product"],
                ),
            )
        products, _units = row.found["matches"]
        if len(products) > 1:
            # Two brands may use the same internal reference.
            products = products.filtered(lambda product: product.owner_id == row.found["brand"])
        if len(products) != 1:
            raise LotImportStop(
                "ask",
                "ambiguous_product",
                self.env._(
                    "%(code)s stands for several products. Order by barcode.", code=row["product"]
                ),
            )
        self._check_brand(products, row.found["brand"])
        return products

    def _check_customer(self, run, row):
        if row["country"] and not row.found["country"]:
            raise LotImportStop(
                "refused",
                "unknown_country",
                self.env._(
                    "%(country)s is not a country code. Use two letters, such as DE or US.",
                    country=row["country"],
                ),
            )
        if row["customer_type"] not in ("", "consumer", "retailer"):
            raise LotImportStop(
                "refused",
                "customer_type",
                self.env._("%(type)s is neither consumer nor retailer.", type=row["customer_type"]),
            )
        who = [row[column] for column in CUSTOMER_COLUMNS]
        first = run.orders.setdefault((row.found["brand"], row["reference"]), who)
        if who != first:
            raise LotImportStop(
                "refused",
                "customer_differs",
                self.env._(
                    "Order %(reference)s names another customer or address in an earlier line."
                    " One order goes to one address.",
                    reference=row["reference"],
                ),
            )

    # Carrying out ----------------------------------------------------------------------------

    @api.model
    def _carry_out(self, run, groups):
        deliveries = self.env["stock.picking"]
        for (brand, reference), rows in groups.items():
            try:
                with self.env.cr.savepoint():
                    delivery = self._create_delivery(run, brand, reference, rows)
                    delivery.action_confirm()
            except UserError as error:
                for row in rows:
                    row.settle("refused", "not_allowed", str(error))
            else:
                deliveries |= delivery
        unreserved = deliveries.filtered(lambda delivery: delivery.state == "confirmed")
        if unreserved:
            unreserved.action_assign()
        for rows in groups.values():
            for row in self._open(rows):
                self._settle_ordered(row)

    def _create_delivery(self, run, brand, reference, rows):
        warehouse = run.warehouse
        consignee = self._get_consignee(run, rows[0])
        customers = (
            consignee.property_stock_customer or warehouse.out_type_id.default_location_dest_id
        )
        picking_type, destination = warehouse.out_type_id, customers
        if warehouse.delivery_steps != "ship_only":
            # Odoo's push rules add the steps from there to the customer.
            picking_type = warehouse.pick_type_id
            destination = picking_type.default_location_dest_id
        source = picking_type.default_location_src_id
        day = rows[0].found["day"]
        planned = warehouse._to_utc(datetime.combine(day, time(12))) if day else None
        planned = max(planned or fields.Datetime.now(), fields.Datetime.now())
        delivery = self.env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "location_id": source.id,
                "location_dest_id": destination.id,
                "partner_id": consignee.id,
                "owner_id": brand.id,
                "origin": reference,
                "scheduled_date": planned,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": row.found["product"].id,
                            "product_uom": row.found["product"].uom_id.id,
                            "product_uom_qty": row.found["quantity"],
                            "location_id": source.id,
                            "location_dest_id": destination.id,
                            "location_final_id": customers.id,
                            "partner_id": consignee.id,
                            "date": planned,
                        }
                    )
                    for row in rows
                ],
            }
        )
        for row in rows:
            row.found["delivery"] = delivery
        return delivery

    def _get_consignee(self, run, row):
        """The customer at the address of the line; created when unknown."""
        key = row["customer"], row["email"].lower()
        partners = self.env["res.partner"].sudo()
        address = {**self._prepare_address(row), "name": row["customer"]}
        customer = run.customers.get(key)
        if not customer:
            address["is_company"] = row["customer_type"] == "retailer"
            run.customers[key] = partners.create(address)
            return run.customers[key]
        for partner in customer | customer.child_ids:
            if self._is_at_address(partner, row):
                return partner
        return partners.create({**address, "parent_id": customer.id, "type": "delivery"})

    def _prepare_address(self, row):
        values = {name: row[name] or False for name in ("email", "phone", "street", "zip", "city")}
        return {**values, "country_id": row.found["country"].id}

    def _is_at_address(self, partner, row):
        return partner.country_id == row.found["country"] and all(
            (partner[name] or "").lower() == row[name].lower() for name in ("street", "zip", "city")
        )

    # Outcome ---------------------------------------------------------------------------------

    def _settle_ordered(self, row):
        delivery, product = row.found["delivery"], row.found["product"]
        # Lines of one product and order are one demand: Odoo has merged them.
        moves = delivery.move_ids.filtered(lambda move: move.product_id == product)
        lines = moves.move_line_ids
        row.picking_id, row.document = delivery.id, delivery.name
        row.bin = ", ".join(lines.location_id.mapped("display_name"))
        reserved, ordered = sum(moves.mapped("quantity")), sum(moves.mapped("product_uom_qty"))
        words = {
            "reserved": reserved,
            "ordered": ordered,
            "lots": ", ".join(
                self.env._(
                    "%(quantity)g of lot %(lot)s", quantity=line.quantity, lot=line.lot_id.name
                )
                if line.lot_id
                else f"{line.quantity:g}"
                for line in lines
            ),
        }
        if product.uom_id.compare(reserved, ordered) >= 0:
            code, message = "reserved", self.env._("Reserved: %(lots)s.", **words)
        elif reserved:
            code = "partly"
            message = self.env._(
                "%(reserved)g of %(ordered)g reserved: %(lots)s. %(why)s The rest waits for stock.",
                **words,
                why=self._explain_short(moves[:1]),
            )
        else:
            code = "short"
            message = self.env._(
                "Nothing of %(ordered)g reserved. %(why)s The order waits for stock.",
                **words,
                why=self._explain_short(moves[:1]),
            )
        row.settle("accepted", code, message)

    def _explain_short(self, move):
        """Say what there is of the product and why the order does not get it."""
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", move.product_id.id),
                ("location_id", "child_of", move.location_id.id),
                ("quantity", ">", 0),
            ]
        )
        if not quants:
            return self.env._("There is no stock of %(product)s.", product=move.product_id.name)
        demand = move._get_lot_demand(reserving=True)
        obstacles = self.env["stock.lot.rule"]._get_obstacles(quants, demand)
        reasons = {
            self.env._(
                "lot %(lot)s (%(quantity)g) is %(why)s",
                lot=quant.lot_id.name,
                quantity=quant.quantity,
                why=found[0][1],
            ): None
            for quant, found in obstacles.items()
        }
        free = sum(
            quant.quantity - quant.reserved_quantity for quant in quants if quant not in obstacles
        )
        fit = sum(quant.quantity for quant in quants if quant not in obstacles)
        if move.product_uom.compare(free, 0) <= 0 < fit:
            taken = self.env._("%(quantity)g are reserved for orders before this one", quantity=fit)
            reasons[taken] = None
        return self.env._("Of what is here: %(reasons)s.", reasons="; ".join(reasons))
