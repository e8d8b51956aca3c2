from odoo import fields, models
from odoo.exceptions import UserError


class StockLotCount(models.Model):
    """Comparing a count with the book, and posting what is settled through Odoo's own counts."""

    _inherit = "stock.lot.count"

    def _finish(self):
        """End the running count: settle it, or have the bin counted again.

        :return: the new state.
        """
        self.ensure_one()
        self._check_counter()
        self._compare()
        different = self.line_ids.filtered(lambda line: not line.exact)
        obstacle = different and self._get_obstacle(different)
        if different and self.round == 1:
            self.state = "recount"
        elif obstacle:
            self._leave_to_supervisor(obstacle)
        else:
            self._post()
        return self.state

    def _get_obstacle(self, different):
        """Why the difference of a recount cannot be posted now, if so."""
        if not self.line_ids._agree():
            return self.env._("The counts disagree with each other.")
        arriving = (
            self.env["stock.move.line"]
            .sudo()
            .search(
                [
                    ("location_dest_id", "=", self.location_id.id),
                    ("product_id", "in", different.product_id.ids),
                    ("picked", "=", True),
                    ("state", "not in", ["done", "cancel", "draft"]),
                ],
                limit=1,
            )
        )
        if arriving:
            return self.env._(
                "%(transfer)s brings %(product)s here and is not validated. Validate it, then have"
                " the bin counted again.",
                transfer=arriving.reference,
                product=arriving.product_id.display_name,
            )
        if self.warehouse_id.count_review:
            return self.env._("Both counts say the same: post the difference or have it counted.")
        return None

    def _leave_to_supervisor(self, problem):
        self.write({"state": "review", "problem": problem})

    # The book --------------------------------------------------------------------------------

    def _compare(self):
        """Write beside each counted lot what the book has of it, and add what nobody counted.

        What the book has without a lot is taken for the lots that were counted beyond the book.
        """
        book = self._get_book()
        lines = {line._get_goods(): line for line in self.line_ids}
        self.env["stock.lot.count.line"].create(
            [
                {
                    "count_id": self.id,
                    **{name: record.id for name, record in goods._asdict().items()},
                    "lot_name": goods.lot_id.name,
                    "package_name": goods.package_id.name,
                }
                for goods in book.keys() - lines.keys()
            ]
        )
        for line in self.line_ids:
            line.write({"expected_qty": book.get(line._get_goods(), 0.0), "assigned_qty": 0.0})
        for line in self.line_ids.filtered(lambda line: line._is_without_lot()):
            line._assign_to_lots()

    def _get_book(self):
        """What should be found in the bin, by goods: not what was taken out for open transfers."""
        domain = [("location_id", "=", self.location_id.id)]
        grouped = ["product_id", "lot_id", "package_id", "owner_id"]
        goods_type = self.env["stock.lot.count.line"]._get_goods_type()
        book = {
            goods_type(*goods): quantity
            for *goods, quantity in self.env["stock.quant"]
            .sudo()
            ._read_group(
                [*domain, ("product_id.is_storable", "=", True)], grouped, ["quantity:sum"]
            )
        }
        taken = (
            self.env["stock.move.line"]
            .sudo()
            ._read_group(
                [*domain, ("picked", "=", True), ("state", "not in", ["done", "cancel", "draft"])],
                grouped,
                ["quantity_product_uom:sum"],
            )
        )
        for *goods, quantity in taken:
            if goods_type(*goods) in book:
                book[goods_type(*goods)] -= quantity
        return {goods: quantity for goods, quantity in book.items() if quantity}

    # Posting ---------------------------------------------------------------------------------

    def _post(self):
        """Make the book say what was counted; what the rules refuse is left with the reason.

        What is missing goes first, so that the bin has room for what was found; of that the most,
        so that the least has to be carried elsewhere.
        """
        for line in self.line_ids.filtered(lambda line: not line.posted).sorted(
            lambda line: (line._get_change() > 0, -abs(line._get_change()))
        ):
            line._post()
        self._settle()

    def _settle(self):
        """Close the count when all of it is posted."""
        problems = self.line_ids.filtered("problem")
        if problems:
            self.is_partly_posted |= any(
                line.posted and line._get_change() for line in self.line_ids
            )
            self._leave_to_supervisor("\n".join(problems.mapped("problem")))
            return
        self.write({"state": "done", "problem": False, "date_done": fields.Datetime.now()})
        self.location_id.sudo().last_inventory_date = fields.Date.today()
        self._log(
            "count.done",
            new_value=self.env._(
                "%(lines)s lots, %(different)s differences",
                lines=len(self.line_ids),
                different=len(self.line_ids.filtered(lambda line: not line.exact)),
            ),
        )

    def _put_aside(self, line, location):
        """Book goods that may not lie in the bin into the place where they were taken.

        :raises UserError: when they may not lie there either.
        """
        self.ensure_one()
        if self.state != "review" or line not in self.line_ids or not line.problem:
            raise UserError(self.env._("There is nothing to put aside."))
        if location.usage != "internal" or location.warehouse_id != self.warehouse_id:
            raise UserError(
                self.env._(
                    "%(bin)s is no place for goods of this warehouse. Scan another one.",
                    bin=location.display_name,
                )
            )
        line._book(location)
        line.write({"put_aside_id": location.id, "problem": False, "posted": True})
        self._settle()
