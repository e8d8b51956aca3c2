from odoo import api, models
from odoo.exceptions import UserError

from ..tools import gs1


class StockLotStation(models.AbstractModel):
    """The end of a walk: boxes, and the validation."""

    _inherit = "stock.lot.station"

    # Boxes ------------------------------------------------------------------------------------

    @api.model
    def pick_pack(self, kind, record_id, line_ids, barcode=None):
        """Put picked lines into a box.

        :param list line_ids: lines of one transfer that are verified and in no box yet.
        :param str barcode: the label of the box, an SSCC or the name of a package; a new number of
            the company's own prefix when not given.
        :return: ``{"box": {"id", "name"}, "walk"}``
        :raises UserError: when a line is not picked, the label is no package's, or the policy wants
            one lot per box and this would be the second one.
        """
        self._check_operator()
        pickings = self._get_walk(kind, record_id)
        lines = self._get_walk_lines(pickings).filtered(lambda line: line.id in line_ids)
        self._check_packable(lines)
        package = self._get_box(lines, barcode)
        self._check_box(lines, package)
        lines.result_package_id = package
        return {
            "box": {"id": package.id, "name": package.name},
            "walk": self._prepare_walk(kind, record_id, pickings),
        }

    @api.model
    def pick_unpack(self, kind, record_id, package_id):
        """Take all lines of this walk out of a box again.

        :return: the walk.
        """
        self._check_operator()
        pickings = self._get_walk(kind, record_id)
        lines = self._get_walk_lines(pickings)
        lines.filtered(
            lambda line: line.result_package_id.id == package_id
        ).result_package_id = False
        return self._prepare_walk(kind, record_id, pickings)

    @api.model
    def _check_packable(self, lines):
        if not lines or len(lines.picking_id) > 1:
            raise UserError(self.env._("Choose picked lines of one transfer."))
        open_lines = lines.filtered(lambda line: not line.picked)
        if open_lines:
            raise UserError(
                self.env._(
                    "Pick it first: %(product)s, lot %(lot)s.",
                    product=open_lines[0].product_id.display_name,
                    lot=open_lines[0].lot_id.name or self.env._("none"),
                )
            )

    @api.model
    def _get_box(self, lines, barcode):
        """The package of a label, made when nobody knows it yet."""
        packages = self.env["stock.package"]
        company = lines.company_id
        if not barcode:
            return packages.create({"name": packages._next_sscc(company), "company_id": company.id})
        scan = gs1.parse(barcode)
        names = [name for name in (scan.sscc, scan.text) if name]
        package = packages.search([("name", "in", names)], limit=1)
        if not package and scan.sscc:
            package = packages.create({"name": scan.sscc, "company_id": company.id})
        if not package:
            raise UserError(
                self.env._(
                    "%(barcode)s is no box. Scan the SSCC of a box, or make a new one.",
                    barcode=barcode,
                )
            )
        return package

    @api.model
    def _check_box(self, lines, package):
        """Refuse a box that is somewhere else, and a second lot where the policy wants one."""
        others = self.env["stock.move.line"].search(
            [
                ("result_package_id", "=", package.id),
                ("state", "not in", ("done", "cancel")),
                ("id", "not in", lines.ids),
            ]
        )
        if package.quant_ids or others.picking_id - lines.picking_id:
            raise UserError(
                self.env._("Box %(box)s is in use already. Take another one.", box=package.name)
            )
        for line in lines:
            same = (lines | others).filtered(
                lambda other, line=line: other.product_id == line.product_id
            )
            if len(same.lot_id) > 1 and line._wants_one_lot_per_box():
                raise UserError(
                    self.env._(
                        "One lot per box: %(lots)s would share box %(box)s. Take a box for each.",
                        lots=", ".join(same.lot_id.mapped("name")),
                        box=package.name,
                    )
                )

    # Validation -------------------------------------------------------------------------------

    @api.model
    def pick_validate(self, kind, record_id, backorder=None):
        """Validate a walk: what was picked leaves.

        :param bool backorder: what becomes of the rest: True for a back-order, False to cancel it;
            asked for when not given and there is a rest.
        :return: ``{"status": "ok"|"ask"|"refused", "code": "done"|"backorder"|"nothing_picked",
            "message", "rest": [str], "may_cancel": bool, "backorders": [names], "walk"}``
        :raises UserError: when Odoo or a rule refuses it; nothing is done then.
        """
        self._check_operator()
        pickings = self._get_walk(kind, record_id)
        answer = self._validate_walk(kind, record_id, pickings, backorder)
        return {**answer, "walk": self._prepare_walk(kind, record_id, pickings.exists())}

    @api.model
    def _validate_walk(self, kind, record_id, pickings, backorder):
        todo = pickings.filtered(lambda picking: picking.state not in ("done", "cancel"))
        lines = self._get_walk_lines(todo)
        begun = lines.filtered(lambda line: line.picked or line.lot_verified_qty)
        if not begun:
            return {
                "status": "refused",
                "code": "nothing_picked",
                "message": self.env._("Nothing has been picked yet."),
            }
        states = lines.mapped("lot_verification_state")
        rest = self._describe_rest(todo, lines)
        ways = set(todo.picking_type_id.mapped("create_backorder"))
        if rest and backorder is None and ways != {"always"}:
            return self._ask_for_backorder(rest, ways)
        self._leave_the_rest(begun)
        self._run_validation(kind, record_id, todo, keep_rest=backorder is not False)
        stuck = begun.picking_id.filtered(lambda picking: picking.state != "done")
        if stuck:
            raise UserError(
                self.env._(
                    "%(transfer)s could not be validated here. Open it in Inventory.",
                    transfer=stuck[0].name,
                )
            )
        return {
            "status": "ok",
            "code": "done",
            "message": self._word_verified(states),
            "backorders": todo.backorder_ids.filtered(
                lambda picking: picking.state not in ("done", "cancel")
            ).mapped("name"),
        }

    @api.model
    def _word_verified(self, states):
        verified, approved = states.count("verified"), states.count("approved")
        words = self.env._(
            "%(verified)s of %(wanted)s lines verified.",
            verified=verified,
            wanted=len(states) - states.count("not_required"),
        )
        if approved:
            words = self.env._(
                "%(words)s %(approved)s approved unscanned.", words=words, approved=approved
            )
        return words

    @api.model
    def _ask_for_backorder(self, rest, ways):
        return {
            "status": "ask",
            "code": "backorder",
            "message": self.env._("Not everything has been picked. What about the rest?"),
            "rest": rest,
            "may_cancel": "always" not in ways,
        }

    @api.model
    def _describe_rest(self, pickings, lines):
        """What would not leave, in words."""
        rest = []
        for move in pickings.move_ids:
            if move.state in ("done", "cancel"):
                continue
            uom = move.product_id.uom_id
            picked = sum(self._get_leaving(line) for line in lines if line.move_id == move)
            missing = move.product_qty - picked
            if uom.compare(missing, 0) > 0:
                rest.append(
                    self.env._(
                        "%(quantity)g %(uom)s of %(product)s",
                        quantity=missing,
                        uom=uom.name,
                        product=move.product_id.display_name,
                    )
                )
        return rest

    @api.model
    def _get_leaving(self, line):
        return line.quantity_product_uom if line.picked else line.lot_verified_qty

    @api.model
    def _leave_the_rest(self, lines):
        """D08: a line that was verified in part leaves in part, on record."""
        for line in lines.filtered(lambda line: not line.picked):
            self._shorten(line, line.lot_verified_qty, self.env._("Validated with the rest open"))

    @api.model
    def _run_validation(self, kind, record_id, pickings, keep_rest):
        # Odoo's questions are answered by what the operator decided; no rule listens to these keys.
        options = {
            "skip_backorder": True,
            "skip_expired": True,
            "picking_ids_not_to_backorder": [] if keep_rest else pickings.ids,
        }
        if kind == "batch":
            batch = self.env["stock.picking.batch"].browse(record_id)
            batch.with_context(**options).action_done()
        else:
            pickings.with_context(**options).button_validate()
