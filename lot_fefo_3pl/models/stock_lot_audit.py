from odoo import api, fields, models
from odoo.exceptions import UserError


class StockLotAudit(models.Model):
    _name = "stock.lot.audit"
    _inherit = ["stock.lot.append.only"]
    _description = "Lot Audit Trail"
    _order = "id desc"

    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    user_id = fields.Many2one(
        "res.users",
        string="Done by",
        required=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    approver_id = fields.Many2one("res.users", string="Approved by", ondelete="restrict")
    event = fields.Selection(
        selection="_selection_event",
        string="What",
        required=True,
        index=True,
        # Another module may keep events of its own here.
        validate=False,
    )
    lot_id = fields.Many2one("stock.lot", ondelete="restrict", index="btree_not_null")
    res_model = fields.Char(string="Record Type", required=True)
    res_id = fields.Many2oneReference(string="Record", model_field="res_model", index=True)
    record_name = fields.Char(required=True, help="The record's name at that time.")
    field_name = fields.Char(string="Field")
    old_value = fields.Text()
    new_value = fields.Text()
    reason = fields.Text()
    owner_ref = fields.Integer(string="Brand ID", help="The brand at that time.")
    company_id = fields.Many2one("res.company", ondelete="restrict")

    @api.model
    def _selection_event(self):
        return [
            ("badge.issue", self.env._("Badge issued")),
            ("badge.withdraw", self.env._("Badge withdrawn")),
            ("brand.recall_approval", self.env._("Approval of recalls changed")),
            ("count.again", self.env._("Another count asked for")),
            ("count.cancel", self.env._("Count given up")),
            ("count.decide", self.env._("Disputed count posted")),
            ("count.done", self.env._("Bin counted")),
            ("count.post", self.env._("Counted difference posted")),
            ("hold.start", self.env._("Held")),
            ("hold.release", self.env._("Released")),
            ("hold.request", self.env._("Hold asked for by the brand")),
            ("hold.decline", self.env._("Hold declined")),
            ("line.correct", self.env._("Done line corrected")),
            ("line.short", self.env._("Less taken than promised")),
            ("line.swap", self.env._("Other lot taken")),
            ("lot.change", self.env._("Lot corrected")),
            ("lot.relabel", self.env._("Relabelled or repacked")),
            ("move.short", self.env._("Less left than ordered")),
            ("order.change", self.env._("Open order changed")),
            ("override.grant", self.env._("Deviation approved")),
            ("override.station", self.env._("Approved at the station")),
            ("override.denied", self.env._("Wrong badge or password")),
            ("policy.new", self.env._("Policy made")),
            ("policy.change", self.env._("Policy changed")),
            ("policy.delete", self.env._("Policy deleted")),
            ("reason.change", self.env._("Hold reason changed")),
            ("warehouse.switch", self.env._("Lot control switched")),
            ("recall.request", self.env._("Recall asked for")),
            ("recall.confirm", self.env._("Recall confirmed")),
            ("recall.lot", self.env._("Lot recalled")),
            ("recall.freeze", self.env._("Recalled stock frozen")),
            ("recall.count", self.env._("Recalled stock counted in one place")),
            ("recall.counted", self.env._("Recalled stock counted everywhere")),
            ("recall.handed", self.env._("List handed to the brand")),
            ("recall.announce", self.env._("Lot numbers added to the recall")),
            ("recall.extend", self.env._("Recall extended")),
            ("recall.deadline", self.env._("Rules of the recall changed")),
            ("recall.approval.ask", self.env._("Brand asked to approve")),
            ("recall.approval.approved", self.env._("Approved by the brand")),
            ("recall.approval.changes", self.env._("Brand wants changes")),
            ("recall.approval.overridden", self.env._("Sent without the brand")),
            ("recall.approval.void", self.env._("Approval void")),
            ("recall.send", self.env._("Recall notices sent")),
            ("recall.remind", self.env._("Customers reminded")),
            ("recall.first_notice", self.env._("First customer notified")),
            ("recall.all_notified", self.env._("All customers notified")),
            ("recall.answer", self.env._("Customer answered")),
            ("recall.sample", self.env._("Sample drawn")),
            ("recall.check", self.env._("Effectiveness checked")),
            ("recall.destroy", self.env._("Recalled goods destroyed")),
            ("recall.balanced", self.env._("Recall balanced")),
            ("recall.status", self.env._("Status report given out")),
            ("recall.close", self.env._("Recall closed")),
            ("recall.verify", self.env._("Frozen file verified")),
            ("recall.reopen", self.env._("Recall reopened")),
            ("recall.cancel", self.env._("Recall given up")),
        ]

    @api.model
    def _log(self, records, event, **values):
        """Add one entry per record.

        :param records: the records that the event is about, of any one model.
        :param str event: dotted name, the noun first, for example ``"lot.rename"``.
        :param values: further fields of the entry (``lot_id``, ``field_name``, ``old_value``,
            ``new_value``, ``reason``, ``approver_id``), the same for every record.
        :return: the new entries.
        """
        is_lot = records._name == "stock.lot"
        return self.sudo().create(
            [
                {
                    "user_id": self.env.uid,
                    "event": event,
                    "res_model": record._name,
                    "res_id": record.id,
                    "record_name": record.display_name,
                    **({"lot_id": record.id, "owner_ref": record.owner_id.id} if is_lot else {}),
                    **values,
                }
                for record in records
            ]
        )

    @api.model
    def _log_changes(self, records, vals, event, reason=None):
        """Add one entry per record and field of ``vals`` that changes, before it is written."""
        vals_list = []
        for record in records:
            lot = self._get_lot(record)
            for name, value in vals.items():
                old = self._to_text(record, name, record[name])
                new = self._to_text(record, name, value)
                if old != new:
                    vals_list.append(
                        {
                            "user_id": self.env.uid,
                            "event": event,
                            "res_model": record._name,
                            "res_id": record.id,
                            "record_name": record.display_name,
                            "lot_id": lot.id,
                            "owner_ref": self._get_owner(record, lot).id,
                            "company_id": "company_id" in record and record.company_id.id,
                            "field_name": record._fields[name]._description_string(self.env),
                            "old_value": old,
                            "new_value": new,
                            "reason": reason,
                        }
                    )
        return self.sudo().create(vals_list)

    @api.model
    def _get_lot(self, record):
        if record._name == "stock.lot":
            return record
        return record.lot_id if record._name == "stock.move.line" else self.lot_id

    @api.model
    def _get_owner(self, record, lot):
        return lot.owner_id or ("owner_id" in record and record.owner_id) or lot.owner_id

    @api.model
    def _to_text(self, record, name, value):
        """How the trail words ``value`` of a field: names for records, ISO for dates."""
        field = record._fields[name]
        value = field.convert_to_record(field.convert_to_cache(value, record), record)
        if field.relational:
            return ", ".join(value.mapped("display_name"))
        if field.type == "boolean":
            return self.env._("Yes") if value else self.env._("No")
        if field.type == "selection":
            value = dict(field._description_selection(self.env)).get(value, value)
        return "" if value is False else str(value)

    @api.model
    def _check_reason(self, reason):
        """Refuse to go on without a reason."""
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: the reason is kept with the change."))
