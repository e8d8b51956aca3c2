from typing import NamedTuple

from odoo import fields, models
from odoo.fields import Domain

from .stock_location import SEGREGATED_USAGES

OPEN_TRANSFERS = ("waiting", "confirmed", "assigned")


class Finding(NamedTuple):
    """Something that lot control would find in a warehouse."""

    name: str
    count: int
    advice: str
    model: str
    domain: list


class StockWarehouse(models.Model):
    """Turning lot control on by hand shows first what it finds in the stock of today."""

    _inherit = "stock.warehouse"

    def action_turn_on_lot_control(self):
        """Open the preview of what lot control would find in this warehouse. Nothing changes."""
        self.ensure_one()
        self.check_access("write")
        start = self.env["stock.lot.control.start"].create({"warehouse_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Turn On Lot Control: %(warehouse)s", warehouse=self.name),
            "res_model": "stock.lot.control.start",
            "res_id": start.id,
            "view_mode": "form",
            "target": "new",
        }

    def action_turn_off_lot_control(self):
        """Let this warehouse work as plain Odoo again."""
        self.lot_control = False

    def _get_lot_control_findings(self):
        """What lot control would find in this warehouse, each as a list that can be opened."""
        self.ensure_one()
        quants = self._get_own_quants()
        there = quants & Domain("quantity", ">", 0)
        tracked = Domain("product_id.tracking", "!=", "none")
        dated = Domain("product_id.use_expiration_date", "=", True)
        undated = there & tracked & dated & Domain("lot_id.expiration_date", "=", False)
        return [
            self._get_mixed_finding(),
            self._find(
                self.env._("Goods without lot"),
                "stock.quant",
                there & tracked & Domain("lot_id", "=", False),
                self.env._("No order takes them. Count them into their lots."),
            ),
            self._find(
                self.env._("Lots without expiry date"),
                "stock.lot",
                Domain("quant_ids", "any", undated & Domain("lot_id", "!=", False)),
                self.env._("The policy decides what orders take of them. Enter the dates."),
            ),
            self._find(
                self.env._("Expired goods"),
                "stock.quant",
                there & tracked & Domain("expiration_date", "<", fields.Datetime.now()),
                self.env._("No order takes them any more. Move them to quarantine."),
            ),
            self._find(
                self.env._("Lots below zero"),
                "stock.quant",
                quants & tracked & Domain("quantity", "<", 0),
                self.env._("They stay until counted; nothing more can be taken from there."),
            ),
            self._find(
                self.env._("Open transfers"),
                "stock.picking",
                Domain("picking_type_id.warehouse_id", "=", self.id)
                & Domain("state", "in", OPEN_TRANSFERS),
                self.env._("They go on under the rules. What orders take is verified by scan."),
            ),
        ]

    def _get_own_quants(self):
        return Domain("location_id", "child_of", self.view_location_id.id) & Domain(
            "location_id.usage", "in", SEGREGATED_USAGES
        )

    def _get_mixed_finding(self):
        conflicts = (
            self.env["stock.quant"]
            .sudo()
            ._get_segregation_conflicts(self.view_location_id, switched_on=self)
        )
        quants = self.env["stock.quant"].union(*conflicts)
        return Finding(
            self.env._("Mixed locations"),
            len(conflicts),
            self.env._(
                "Their goods may not lie together. They take nothing new until a supervisor has"
                " moved the goods apart; a list with the proposed moves opens next."
            ),
            "stock.quant",
            [("id", "in", quants.ids)],
        )

    def _find(self, name, model, domain, advice):
        return Finding(name, self.env[model].search_count(domain), advice, model, list(domain))

    def _get_lot_control_rules(self):
        """What becomes of the locations of this warehouse: (rules in words, number) pairs."""
        places = self.env["stock.location"]
        lots, owners = (
            dict(places._fields[name]._description_selection(self.env))
            for name in ("lot_segregation_effective", "owner_segregation_effective")
        )
        return [
            (lots[lot] if owner == "mixed" else f"{lots[lot]}, {owners[owner]}", count)
            for lot, owner, count in places.sudo()._count_rules(self)
        ]
