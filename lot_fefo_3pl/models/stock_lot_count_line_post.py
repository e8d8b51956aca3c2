from collections import namedtuple

from odoo import api, models
from odoo.exceptions import AccessError, UserError

# What makes goods the same goods in a bin.
Goods = namedtuple("Goods", ["product_id", "lot_id", "package_id", "owner_id"])


class StockLotCountLine(models.Model):
    """One lot of a count on its way into the book."""

    _inherit = "stock.lot.count.line"

    @api.model
    def _get_goods_type(self):
        return Goods

    def _get_goods(self):
        """What this line is about; a lot that is to be made has no record yet."""
        lot = self.lot_id or self.lot_name or self.lot_id
        return Goods(self.product_id, lot, self.package_id, self.owner_id)

    def _is_without_lot(self):
        return self.product_id.tracking != "none" and not self.lot_id and not self.lot_name

    def _agree(self):
        """Whether the last count of each line says what the one before said, or the book.

        Of lots that were assigned to goods without lot the book said nothing.
        """
        return all(
            line.product_id.uom_id.compare(line.second_qty, other) == 0
            for line in self
            for known in [line.exact and not line.assigned_qty]
            for other in [line.expected_qty if known else line.first_qty]
        )

    def _assign_to_lots(self):
        """Take what the book has here without lot for the lots that were found beyond it."""
        left = self.expected_qty
        for line in self.count_id.line_ids - self:
            surplus = min(line.difference, left)
            if (
                line.product_id == self.product_id
                and not line._is_without_lot()
                and self.product_id.uom_id.compare(surplus, 0) > 0
            ):
                line.write(
                    {
                        "expected_qty": line.expected_qty + surplus,
                        "assigned_qty": line.assigned_qty + surplus,
                    }
                )
                left -= surplus
        self.write({"expected_qty": left, "assigned_qty": left - self.expected_qty})

    # Posting ---------------------------------------------------------------------------------

    def _get_change(self):
        """By how much the book of these goods has to change."""
        return self.difference + self.assigned_qty

    def _post(self):
        """Book the line into its bin, or note why the rules refuse it."""
        try:
            with self.env.cr.savepoint():
                self._book(self.location_id)
        except AccessError:
            raise
        except UserError as error:
            self.problem = str(error)
            return
        self.write({"posted": True, "problem": False})

    def _book(self, location):
        """Change the book of ``location`` by what this line says, with Odoo's own count.

        It is done with the rights of the user, so that every guard applies.
        """
        change = self._get_change()
        if self.product_id.uom_id.is_zero(change):
            return
        if self.lot_name and not self.lot_id:
            self.lot_id = self._create_lot()
        quants = (
            self.env["stock.quant"]
            .sudo(False)
            .with_context(inventory_mode=True, inventory_name=self._get_reason())
        )
        quant = quants._gather(
            self.product_id,
            location,
            lot_id=self.lot_id,
            package_id=self.package_id,
            owner_id=self.owner_id,
            strict=True,
        ).filtered(lambda quant: quant.lot_id == self.lot_id)[:1]
        counted = quant.quantity + change
        if quant:
            # Odoo leaves the difference of an earlier count where the counted quantity is the same.
            quant.write({"inventory_quantity": counted, "inventory_diff_quantity": change})
        else:
            quant = quants.create(
                {
                    "product_id": self.product_id.id,
                    "location_id": location.id,
                    "lot_id": self.lot_id.id,
                    "package_id": self.package_id.id,
                    "owner_id": self.owner_id.id,
                    "inventory_quantity": counted,
                }
            )
        quant.with_env(quants.env).action_apply_inventory()
        self._log_change(location, change)

    def _create_lot(self):
        vals = {"product_id": self.product_id.id, "name": self.lot_name}
        if self.lot_expiry:
            vals["expiration_date"] = self.warehouse_id._get_lot_day_end(self.lot_expiry)
        return self.env["stock.lot"].sudo(False).create(vals).sudo()

    def _get_reason(self):
        count = self.count_id
        return self.env._(
            "%(count)s, counted by %(users)s",
            count=count.name,
            users=", ".join((count.first_user_id | count.second_user_id).mapped("name")),
        )

    def _log_change(self, location, change):
        self.env["stock.lot.audit"]._log(
            self.count_id,
            "count.post",
            lot_id=self.lot_id.id,
            owner_ref=self.brand_id.id,
            company_id=self.company_id.id,
            field_name=location.complete_name,
            old_value=str(self.counted_qty - change),
            new_value=str(self.counted_qty),
            reason=self._get_reason(),
        )
