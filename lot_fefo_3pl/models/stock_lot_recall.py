import time

from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError
from odoo.tools import SQL

# What the server alone writes: numbers, states, times and figures are evidence.
SERVER_FIELDS = frozenset(
    {
        "name",
        "state",
        "hold_ids",
        "shipment_ids",
        "consignee_ids",
        "stock_ids",
        "date_requested",
        "date_frozen",
        "date_traced",
        "date_counted",
        "freeze_seconds",
        "trace_seconds",
        "consignee_count",
        "quantity_shipped",
        "quantity_returned",
        "quantity_net",
        "quantity_on_hand",
    }
)
# What tells which recall this is; fixed once it runs.
IDENTITY_FIELDS = frozenset({"is_mock", "company_id", "line_ids", "owner_id"})


class StockLotRecall(models.Model):
    """A recall as a case: which lots, why, who has them, what is still here.

    Confirming freezes the lots and copies, in the same transaction, who received how much. The
    copy stays as it was, whatever happens to the deliveries and the addresses afterwards.
    """

    _name = "stock.lot.recall"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _description = "Lot Recall"
    _order = "id desc"

    name = fields.Char("Number", readonly=True, copy=False, index=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("confirmed", "Running"),
            ("closed", "Closed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    is_mock = fields.Boolean(
        "Mock Recall", help="An exercise: the same lists and clocks, and no lot is held."
    )
    reason = fields.Text(required=True, help="What is wrong, and how it was found.")
    recall_class = fields.Selection(
        [
            ("class_1", "Class I"),
            ("class_2", "Class II"),
            ("class_3", "Class III"),
            ("withdrawal", "Market withdrawal"),
            ("stock_recovery", "Stock recovery"),
            ("unclassified", "Unclassified"),
        ],
        "Class",
        required=True,
        default="unclassified",
        tracking=True,
    )
    source = fields.Selection(
        [("brand", "Brand"), ("authority", "Authority"), ("own", "Own finding")],
        "Initiated by",
        required=True,
        default="brand",
    )
    brand_reference = fields.Char("Brand's Reference")
    owner_id = fields.Many2one(
        "res.partner", "Brand", compute="_compute_owner_id", store=True, index="btree_not_null"
    )
    user_id = fields.Many2one(
        "res.users", "Responsible", default=lambda self: self.env.user, tracking=True
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company, index=True
    )
    line_ids = fields.One2many("stock.lot.recall.line", "recall_id", "Lots")
    lot_ids = fields.Many2many("stock.lot", compute="_compute_lot_ids", search="_search_lot_ids")
    consignee_ids = fields.One2many("stock.lot.recall.consignee", "recall_id", "Customers")
    shipment_ids = fields.One2many("stock.lot.recall.shipment", "recall_id", "Deliveries")
    stock_ids = fields.One2many("stock.lot.recall.stock", "recall_id", "Found on Hand")
    hold_ids = fields.Many2many("stock.lot.hold", string="Holds", readonly=True, copy=False)

    date_requested = fields.Datetime("Requested", readonly=True, copy=False)
    date_frozen = fields.Datetime("Frozen", readonly=True, copy=False)
    date_traced = fields.Datetime("Traced", readonly=True, copy=False)
    date_counted = fields.Datetime("Counted", readonly=True, copy=False)
    quantity_counted = fields.Float(
        "Counted on Hand", digits="Product Unit", compute="_compute_counted"
    )
    physical_gap = fields.Float(
        digits="Product Unit",
        compute="_compute_counted",
        help="On hand by the system minus what was found, where somebody has counted.",
    )
    freeze_seconds = fields.Float("Seconds to Freeze", digits=(16, 3), readonly=True, copy=False)
    trace_seconds = fields.Float("Seconds to Trace", digits=(16, 3), readonly=True, copy=False)
    seconds = fields.Float("Seconds Taken", digits=(16, 3), compute="_compute_seconds")

    consignee_count = fields.Integer("Number of Customers", readonly=True, copy=False)
    quantity_shipped = fields.Float("Shipped", digits="Product Unit", readonly=True, copy=False)
    quantity_returned = fields.Float("Returned", digits="Product Unit", readonly=True, copy=False)
    quantity_net = fields.Float("With Customers", digits="Product Unit", readonly=True, copy=False)
    quantity_on_hand = fields.Float("On Hand", digits="Product Unit", readonly=True, copy=False)

    @api.depends("line_ids.lot_id.owner_id")
    def _compute_owner_id(self):
        for recall in self:
            # Another brand's lot is refused by a constraint, so the first is the one.
            recall.owner_id = recall.line_ids.lot_id.owner_id[:1]

    @api.depends("line_ids.lot_id")
    def _compute_lot_ids(self):
        for recall in self:
            recall.lot_ids = recall.line_ids.lot_id

    @api.model
    def _search_lot_ids(self, operator, value):
        return [("line_ids.lot_id", operator, value)]

    @api.depends("freeze_seconds", "trace_seconds")
    def _compute_seconds(self):
        for recall in self:
            recall.seconds = recall.freeze_seconds + recall.trace_seconds

    @api.depends("stock_ids.counted", "stock_ids.difference")
    def _compute_counted(self):
        for recall in self:
            recall.quantity_counted = sum(recall.stock_ids.mapped("counted"))
            recall.physical_gap = -sum(recall.stock_ids.mapped("difference"))

    @api.constrains("line_ids")
    def _check_one_brand(self):
        for recall in self:
            brands = recall.line_ids.lot_id.mapped("owner_id")
            if len(brands) > 1:
                raise UserError(
                    self.env._(
                        "These lots belong to %(brands)s. Start one recall per brand, so that"
                        " no brand reads another one's customers.",
                        brands=", ".join(brands.mapped("name")),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        now = fields.Datetime.now()
        for vals in vals_list:
            self._check_server_fields(vals)
            vals.update(
                name=self.env["ir.sequence"].next_by_code("stock.lot.recall"), date_requested=now
            )
        recalls = super().create(vals_list)
        self.env["stock.lot.audit"]._log(recalls, "recall.request")
        return recalls

    def write(self, vals):
        self._check_server_fields(vals)
        if IDENTITY_FIELDS & vals.keys() and any(recall.state != "draft" for recall in self):
            raise self._frozen_error()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.line_ids.lot_id._say_retention(
                self.env._("A recall stays on record."),
                self.env._("Cancel it instead of deleting it."),
            )
        )

    @api.model
    def _get_server_fields(self):
        """What nobody writes by hand; other parts of the addon add theirs."""
        return SERVER_FIELDS

    def _check_server_fields(self, vals):
        if not self.env.su and self._get_server_fields() & vals.keys():
            raise AccessError(
                self.env._("Numbers, states, times and lists of a recall are set by the system.")
            )

    def _frozen_error(self):
        return UserError(
            self.env._("This recall is running: its lots, company and brand stay as they are.")
        )

    # Actions -----------------------------------------------------------------------------------

    def action_confirm(self):
        """Freeze the lots and list who received them."""
        self.ensure_one()
        self._confirm()

    def action_cancel(self):
        """Give up a recall that was not confirmed."""
        self.ensure_one()
        self.check_access("write")
        self._check_draft()
        self.sudo().state = "cancelled"
        self.env["stock.lot.audit"]._log(self, "recall.cancel", reason=self.reason)

    def action_export_csv(self):
        """Download the recall list as CSV."""
        return self._download("list.csv")

    def action_export_xlsx(self):
        """Download the recall list as a workbook."""
        return self._download("list.xlsx")

    def action_export_exercise(self):
        """Download inbound, outbound, on hand and balance as one workbook."""
        return self._download("exercise.xlsx")

    def action_found_elsewhere(self):
        """Open the dialog for units found where the system has none. Lot Operator only."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Found Elsewhere"),
            "res_model": "stock.lot.recall.found",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_recall_id": self.id,
                "default_lot_id": self.lot_ids.id if len(self.lot_ids) == 1 else False,
            },
        }

    def _note_counted(self):
        """The clock of the count stops when every place has been counted."""
        if all(self.stock_ids.mapped("count_date")) and not self.date_counted:
            self.sudo().date_counted = fields.Datetime.now()
            self.env["stock.lot.audit"]._log(self, "recall.counted")

    def _download(self, name):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/lot_fefo_3pl/recall/{self.id}/{name}",
            "target": "download",
        }

    # Freeze and snapshot ---------------------------------------------------------------------

    def _confirm(self):
        self.check_access("write")
        self._check_draft()
        lots = self.line_ids.lot_id
        self._check_lots(lots)
        values = {"state": "confirmed", "date_scoped": fields.Datetime.now()}
        begun = time.perf_counter()
        self.env.flush_all()
        foreign = self.line_ids._add_descendants()
        if not self.is_mock:
            values["hold_ids"] = [fields.Command.set(self._freeze(self.line_ids.lot_id).ids)]
        values["date_frozen"] = fields.Datetime.now()
        frozen = time.perf_counter()
        values.update(self._take_snapshot(lots, foreign))
        values.update(
            date_traced=fields.Datetime.now(),
            freeze_seconds=frozen - begun,
            trace_seconds=time.perf_counter() - frozen,
        )
        self.sudo().write(values)
        self.env["stock.lot.audit"]._log(self, "recall.confirm", reason=self.reason)
        self.env["stock.lot.audit"]._log(self.line_ids.lot_id, "recall.lot", reason=self.name)
        if foreign:
            self._warn_of_other_brands(foreign)

    def _check_draft(self):
        if self.state != "draft":
            raise UserError(
                self.env._("Recall %(name)s has already left the draft.", name=self.name)
            )

    def _check_lots(self, lots):
        if not lots:
            raise UserError(self.env._("Add the lots that are to be recalled."))
        groups = (
            self.env["stock.move.line"]
            .sudo()
            ._read_group([("lot_id", "in", lots.ids), ("state", "=", "done")], ["company_id"])
        )
        hidden = [company for (company,) in groups if company not in self.env.companies]
        if hidden:
            raise UserError(
                self.env._(
                    "These lots also moved in %(companies)s. Switch these companies on, or ask"
                    " somebody who works there: a recall must list every customer.",
                    companies=", ".join(company.name for company in hidden),
                )
            )

    def _freeze(self, lots):
        """Hold the lots, and make sure that this transaction sees everything that left before.

        From here on nothing moves these lots until this transaction ends. What others committed
        after it began is on no list of its snapshot: then it begins anew.
        """
        lots._lock_for_hold()
        known = self._get_done_lines(self.env.cr, lots)
        with self.pool.cursor() as fresh:
            if self._get_done_lines(fresh, lots) - known:
                raise ConcurrencyError(
                    self.env._("Goods of these lots left this very moment. Please try again.")
                )
        return self.env["stock.lot.hold"]._hold(
            lots,
            self.env.ref("lot_fefo_3pl.hold_reason_recall"),
            note=f"{self.name}: {self.reason}",
        )

    def _get_done_lines(self, cr, lots):
        cr.execute(
            SQL(
                """
                SELECT id, location_id, location_dest_id, quantity_product_uom
                FROM stock_move_line WHERE lot_id = ANY(%(ids)s) AND state = 'done'
                """,
                ids=lots.ids,
            )
        )
        return set(cr.fetchall())

    def _warn_of_other_brands(self, lots):
        message = self.env._(
            "Units of the recalled lots also went into %(lots)s. They belong to other brands: start"
            " a recall for each of them.",
            lots=", ".join(f"{lot.name} ({lot.owner_id.name})" for lot in lots),
        )
        self.message_post(body=message)
        self.activity_schedule(
            "mail.mail_activity_data_todo", note=message, user_id=self.user_id.id or self.env.uid
        )

    def _take_snapshot(self, lots, foreign):
        """Copy who received what and what is here; the figures of it for the recall itself.

        :param lots: the lots that were named; those they went into are found from them.
        :param foreign: lots of other brands, which are no part of this recall.
        """
        rows = [
            row
            for row in self.env["stock.lot.trace"].forward(lots.ids, descend=True)
            if row["lot_id"] not in foreign.ids
        ]
        consignees = self.env["stock.lot.recall.consignee"].sudo()._create_snapshot(self, rows)
        self.env["stock.lot.recall.shipment"].sudo()._create_snapshot(self, rows, consignees)
        stock = (
            self.env["stock.lot.recall.stock"].sudo()._create_snapshot(self, self.line_ids.lot_id)
        )
        self.line_ids.sudo()._set_figures(rows, stock)
        return {
            "consignee_count": len(consignees),
            "quantity_shipped": sum(row["quantity"] for row in rows),
            "quantity_returned": sum(row["returned"] for row in rows),
            "quantity_net": sum(row["net"] for row in rows),
            "quantity_on_hand": sum(stock.mapped("quantity")),
        }
