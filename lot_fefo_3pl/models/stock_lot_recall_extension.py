from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError


class StockLotRecall(models.Model):
    """More lots for a running recall, and lot numbers that have not arrived yet."""

    _inherit = "stock.lot.recall"

    announced_hold_ids = fields.Many2many(
        "stock.lot.hold",
        "stock_lot_recall_announced_rel",
        string="Not in the System Yet",
        readonly=True,
        copy=False,
        help="Lot numbers that were named and never received here. They are held on arrival.",
    )

    @api.model
    def _get_server_fields(self):
        return super()._get_server_fields() | {"announced_hold_ids"}

    def extend(self, lot_ids, reason):
        """Add lots to a running recall. What was found, sent and answered before stays.

        The lots are frozen and traced as at the start, a deadline of its own begins, and customers
        that got units of them are to be notified, again if they were notified before. The brand
        has to approve anew.

        :param list lot_ids: ids of stock.lot; those in the recall already are skipped.
        :param str reason: why more lots are affected.
        :return: dict with ``lots`` (how many were added, descendants included), ``consignees``
            (how many are new), ``shipped`` and ``on_hand`` (units of the added lots) and ``due``
            (datetime in UTC or False).
        :raise AccessError: the user is not in the Lot QA group, or may not read a lot.
        :raise UserError: no new lots, another brand's lots, no reason, or the recall does not run.
        """
        self._check_running()
        self.env["stock.lot.audit"]._check_reason(reason)
        lots = self.env["stock.lot"].browse(lot_ids).exists() - self.line_ids.lot_id
        lots.check_access("read")
        self._check_lots(lots)
        before = self.line_ids.lot_id
        lines = (
            self.line_ids.sudo().create([{"recall_id": self.id, "lot_id": lot.id} for lot in lots])
        ).sudo(False)
        self._check_one_brand()
        foreign = lines._add_descendants()
        added = self.line_ids.lot_id - before
        lines = self.line_ids.filtered(lambda line: line.lot_id in added)
        if not self.is_mock:
            self.sudo().hold_ids |= self._freeze(added).sudo()
        known = self.consignee_ids
        figures = self._extend_snapshot(lots, lines, foreign)
        deadline = self._start_deadline("extension", lines, fields.Datetime.now(), reason)
        deadline._meet("date_traced", fields.Datetime.now())
        self._log_extension(lines, reason)
        if foreign:
            self._warn_of_other_brands(foreign)
        return {
            "lots": len(added),
            "consignees": len(self.consignee_ids - known),
            "due": deadline.date_due,
            **figures,
        }

    def action_extend(self):
        """Open the dialog that finds more lots for this recall. Lot QA only."""
        self._check_running()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Extend %(name)s", name=self.name),
            "res_model": "stock.lot.recall.start",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_recall_id": self.id,
                "default_is_mock": self.is_mock,
                "default_owner_id": self.owner_id.id,
            },
        }

    def _extend_snapshot(self, lots, lines, foreign):
        """Copy what the added lots reached beside what is there; their figures."""
        rows = [
            row
            for row in self.env["stock.lot.trace"].forward(lots.ids, descend=True)
            if row["lot_id"] not in foreign.ids
        ]
        rows = self.shipment_ids._leave_out_known(rows)
        consignees = self.consignee_ids.sudo()._extend_snapshot(self, rows)
        self.env["stock.lot.recall.shipment"].sudo()._create_snapshot(self, rows, consignees)
        stock = self.env["stock.lot.recall.stock"].sudo()._create_snapshot(self, lines.lot_id)
        lines.sudo()._set_figures(rows, stock)
        shipped = sum(row["quantity"] for row in rows)
        on_hand = sum(stock.mapped("quantity"))
        self.sudo().write(
            {
                "consignee_count": len(self.consignee_ids),
                "quantity_shipped": self.quantity_shipped + shipped,
                "quantity_returned": self.quantity_returned + sum(row["returned"] for row in rows),
                "quantity_net": self.quantity_net + sum(row["net"] for row in rows),
                "quantity_on_hand": self.quantity_on_hand + on_hand,
            }
        )
        return {"shipped": shipped, "on_hand": on_hand}

    def _log_extension(self, lines, reason):
        audit = self.env["stock.lot.audit"]
        names = ", ".join(lines.lot_id.mapped("name"))
        audit._log(self, "recall.extend", new_value=names, reason=reason)
        audit._log(lines.lot_id, "recall.lot", reason=self.name)
        self.message_post(
            body=self.env._("Extended to %(lots)s: %(reason)s", lots=names, reason=reason)
        )

    def _hold_announced(self, names, product):
        """Hold lot numbers of ``product`` that are not in the system yet.

        :raises UserError: when nobody said which product they are of.
        """
        names = [name.strip() for name in names if name.strip()]
        if not names or self.is_mock:
            return
        if not product:
            raise UserError(
                self.env._(
                    "Say of which product %(lots)s are, so that they are held when they arrive.",
                    lots=", ".join(names),
                )
            )
        reason = self.env.ref("lot_fefo_3pl.hold_reason_recall")
        holds = self.env["stock.lot.hold"].create(
            [
                {
                    "product_id": product.id,
                    "lot_name": name,
                    "reason_id": reason.id,
                    "note": f"{self.name}: {self.reason}",
                }
                for name in names
            ]
        )
        self.sudo().announced_hold_ids |= holds.sudo()
        self.env["stock.lot.audit"]._log(self, "recall.announce", new_value=", ".join(names))

    def _note_unknown(self, names):
        """Numbers that were named and never came in stay in the case: nobody dropped them."""
        if names:
            self.message_post(
                body=self.env._("Named, and never received here: %(lots)s", lots=", ".join(names))
            )

    def _tell_of_arrival(self, lots):
        """An announced number has arrived and is held: somebody decides whether to extend."""
        for recall in self:
            recall._remind_responsible(
                self.env._("Announced lot has arrived"),
                self.env._(
                    "%(lots)s came in and is held. Compare the label and extend the recall to it.",
                    lots=", ".join(lots.mapped("name")),
                ),
            )


class StockLotRecallShipment(models.Model):
    _inherit = "stock.lot.recall.shipment"

    def _leave_out_known(self, rows):
        """The trace rows that are not in ``self`` yet: a lot may be reached on two ways.

        What came back meanwhile does not make a delivery another one.
        """
        known = Counter(
            (row.kind, row.lot_id.id, row.picking_id.id, row.date, row.quantity) for row in self
        )
        fresh = []
        for row in rows:
            key = (
                row["kind"],
                row["lot_id"] or False,
                row["picking_id"] or False,
                row["date"],
                row["quantity"],
            )
            if known[key] > 0:
                known[key] -= 1
            else:
                fresh.append(row)
        return fresh


class StockLotRecallLine(models.Model):
    _inherit = "stock.lot.recall.line"

    deadline_id = fields.Many2one(
        "stock.lot.recall.deadline", "Since", readonly=True, ondelete="set null", index=True
    )
