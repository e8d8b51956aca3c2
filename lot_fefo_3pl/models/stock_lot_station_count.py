from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import gs1
from .stock_picking_scan import LotScanStop


class StockLotStation(models.AbstractModel):
    """Counting a bin at the station: scan the bin, scan what is there, say that it is finished.

    The operator is never told what the book says. Every method that does something takes ``uid``:
    the same id again gets the first answer and counts once. A count is answered as ``{"id",
    "name", "state", "round", "origin", "location": {"id", "name", "barcode"}, "package", "lines":
    [{"id", "product", "lot", "expiry", "package", "quantity", "uom"}]}`` with what the running
    count has so far, in the product's unit.
    """

    _inherit = "stock.lot.station"

    @api.model
    def count_list(self):
        """The open counts this user may count, in the order of the bins.

        :return: ``[{"id", "name", "bin", "barcode", "state", "origin", "date", "mine", "user"}]``;
            ``state`` is ``draft``, ``counting`` or ``recount``, ``user`` who is counting it now.
        """
        self._check_station_access()
        counts = self.env["stock.lot.count"].search(
            [
                ("state", "in", ["draft", "counting", "recount"]),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        return [
            {
                "id": count.id,
                "name": count.name,
                "bin": count.location_id.display_name,
                "barcode": count.location_id.barcode,
                "state": count.state,
                "origin": count.origin or "",
                "date": fields.Date.to_string(count.planned_date),
                "mine": count.assigned_user_id == self.env.user,
                "user": count._get_counter().name if count.state == "counting" else False,
            }
            for count in counts.sorted(lambda count: count.location_id.complete_name)
            if (
                count._get_counter() == self.env.user
                if count.state == "counting"
                else count._is_for_me()
            )
        ]

    @api.model
    def count_start(self, barcode, device=None, uid=None):
        """Begin or go on counting the bin that was scanned.

        :param str barcode: the bin's barcode or name
        :return: an answer with ``count``; refused with ``wrong_bin`` for what is no bin. As
            :meth:`count_finish` when goods that were found there wait to be put aside.
        :raises UserError: when somebody else counts it, or has to.
        """
        self._check_station_access()
        answer = self._get_earlier_answer(uid)
        if answer:
            return answer
        scan = gs1.parse(barcode)
        facts = self._get_station_facts(scan)
        places = self._find_places(scan.text)
        if len(places) != 1 or places.usage != "internal" or not places.warehouse_id.lot_control:
            message = self.env._(
                "%(barcode)s is no bin of a warehouse under lot control. Scan the label of a bin.",
                barcode=scan.text,
            )
            return self._answer_count(None, facts, "wrong_bin", message, device, uid)
        count = self.env["stock.lot.count"]._plan(places, self.env._("At the station"))
        facts.location = places
        if count._may_put_aside():
            return self._answer_settled(count, facts, device, uid)
        count._begin()
        message = self.env._("Scan everything that lies there.")
        return self._answer_count(count, facts, "bin", message, device, uid)

    @api.model
    def count_load(self, count_id):
        """The count as the station shows it, or False when this user cannot go on with it."""
        count = self._get_count(count_id)
        if count.state != "counting" or count._get_counter() != self.env.user:
            return False
        return self._prepare_count(count)

    @api.model
    def count_scan(
        self,
        count_id,
        barcode,
        quantity=None,
        product_id=None,
        package_id=None,
        lot_name=None,
        expiry=None,
        device=None,
        uid=None,
    ):
        """Add what was scanned to the running count.

        :param float quantity: units found, in the product's unit; when omitted, what the barcode
            stands for (one, a carton, or the count on the label)
        :param int product_id: the product that an answer ``ask_lot`` or ``confirm_lot`` named
        :param int package_id: the package whose goods are being counted
        :param str lot_name: the unknown lot that the operator has confirmed to be right
        :param str expiry: ``YYYY-MM-DD``, of a lot that is new
        :return: an answer with ``count``, ``line`` (of the count), ``package`` and, with
            ``confirm_lot`` and ``ask_date``, ``new_lot``: ``{"product_id", "name", "alike"}``.
        :raises UserError: when the count is not running or somebody else's.
        """
        count = self._get_count(count_id)
        answer = self._get_earlier_answer(uid)
        if answer:
            return answer
        count._check_counter()
        product = self.env["product.product"].browse(product_id or ()).exists()
        scan = gs1.parse(barcode, lot_only=bool(product))
        facts = self._get_station_facts(scan, quantity)
        facts.location, facts.product = count.location_id, product
        facts.package = self.env["stock.package"].browse(package_id or ()).exists()
        more = {}
        try:
            new_lot = {"name": lot_name, "expiry": fields.Date.to_date(expiry)}
            code, message = self._judge_count_scan(count, facts, new_lot, more)
        except LotScanStop as stop:
            code, message = stop.code, stop.message
        return self._answer_count(count, facts, code, message, device, uid, **more)

    @api.model
    def count_set(self, count_id, line_id, quantity, device=None, uid=None):
        """Correct what was entered for one line of the running count.

        :param float quantity: all that is there of it, in the product's unit; 0 takes it out.
        :return: an answer with ``count`` and ``line``.
        """
        count = self._get_count(count_id)
        answer = self._get_earlier_answer(uid)
        if answer:
            return answer
        count._check_counter()
        line = count.line_ids.filtered(lambda line: line.id == line_id)
        facts = self._get_station_facts(self._get_typed_scan(line.lot_name or ""), quantity)
        facts.location, facts.product, facts.lot = count.location_id, line.product_id, line.lot_id
        if not line or quantity < 0:
            message = self.env._("There cannot be less than nothing. Enter what is there.")
            return self._answer_count(count, facts, "bad_quantity", message, device, uid)
        line._set_entered(quantity)
        return self._answer_count(
            count,
            facts,
            "counted",
            self._describe_counted(line),
            device,
            uid,
            line=self._prepare_count_line(line),
        )

    @api.model
    def count_finish(self, count_id, device=None, uid=None):
        """Say that everything in the bin has been counted.

        :return: an answer with ``count``; ``count_done`` when it is settled, ``recount`` when the
            bin has to be counted again, ``count_review`` when it waits for a supervisor; then
            ``problems`` names goods that may not lie there: ``[{"id", "product", "lot",
            "quantity", "uom", "message"}]``, to be put aside in ``place``.
        """
        count = self._get_count(count_id)
        answer = self._get_earlier_answer(uid)
        if answer:
            return answer
        facts = self._get_station_facts(self._get_typed_scan(count.location_id.display_name))
        facts.location = count.location_id
        count._finish()
        return self._answer_settled(count, facts, device, uid)

    @api.model
    def count_put_aside(self, count_id, line_id, barcode, device=None, uid=None):
        """Book goods that may not lie in the counted bin where the operator has taken them.

        :param int line_id: a line of ``problems``
        :param str barcode: the bin or place they were taken to
        :return: as :meth:`count_finish`.
        :raises UserError: when they may not lie there either.
        """
        count = self._get_count(count_id)
        answer = self._get_earlier_answer(uid)
        if answer:
            return answer
        if not count._may_put_aside():
            raise UserError(self.env._("Who counted the bin puts aside what was found there."))
        line = count.line_ids.filtered(lambda line: line.id == line_id)
        scan = gs1.parse(barcode)
        facts = self._get_station_facts(scan)
        facts.product, facts.lot = line.product_id, line.lot_id
        place = self._find_places(scan.text)
        if len(place) != 1:
            message = self.env._(
                "%(barcode)s is no bin that is known here. Scan the place where you have put the"
                " goods.",
                barcode=scan.text,
            )
            return self._answer_count(count, facts, "wrong_bin", message, device, uid)
        facts.location = place
        count._put_aside(line, place)
        return self._answer_settled(count, facts, device, uid)

    # Answers ---------------------------------------------------------------------------------

    @api.model
    def _get_count(self, count_id):
        count = self.env["stock.lot.count"].browse(count_id)
        self._check_station_access(count, "read")
        return count.sudo()

    @api.model
    def _answer_settled(self, count, facts, device, uid):
        answers = {
            "done": ("count_done", self.env._("Thank you. Go on with the next bin.")),
            "recount": (
                "recount",
                self.env._("Something differs. Count everything in the bin once more."),
            ),
            "review": (
                "count_review",
                self.env._("A supervisor decides what is posted. Go on with the next bin."),
            ),
        }
        code, message = answers[count.state]
        if count.state == "recount" and count._needs_other_user():
            message = self.env._(
                "Something differs. Somebody else counts the bin again; go on with the next one."
            )
        problems = count.line_ids.filtered("problem") if count.state == "review" else []
        if problems:
            message = self.env._("Some of it may not lie here: take it out and put it aside.")
        return self._answer_count(
            count,
            facts,
            code,
            message,
            device,
            uid,
            again=count.state == "recount" and not count._needs_other_user(),
            problems=[
                {**self._prepare_count_line(line), "message": line.problem} for line in problems
            ],
            place=self._reference(count.warehouse_id.count_problem_location_id, "barcode"),
        )

    @api.model
    def _answer_count(self, count, facts, code, message, device, uid, **more):
        evidence = {
            "picking_name": count.name if count else False,
            "package_name": facts.package.name,
            "quantity": facts.quantity or 0.0,
            "uom_id": facts.product.uom_id.id,
        }
        return self._answer_station(
            self.env["stock.picking"],
            facts,
            code,
            message,
            device,
            uid,
            evidence=evidence,
            count=self._prepare_count(count) if count else False,
            package=self._reference(facts.package),
            **more,
        )

    @api.model
    def _prepare_count(self, count):
        lines = count.line_ids.filtered(lambda line: line._get_entered())
        return {
            "id": count.id,
            "name": count.name,
            "state": count.state,
            "round": count.round,
            "origin": count.origin or "",
            "location": self._reference(count.location_id, "barcode"),
            "lines": [self._prepare_count_line(line) for line in lines.sorted("write_date")[::-1]],
        }

    @api.model
    def _prepare_count_line(self, line):
        return {
            "id": line.id,
            "product": self._reference(line.product_id),
            "lot": line.lot_name or False,
            "expiry": self._get_count_expiry(line),
            "package": line.package_name or False,
            "quantity": line._get_entered(),
            "uom": line.uom_id.name,
        }

    @api.model
    def _get_count_expiry(self, line):
        day = line.lot_expiry or line.warehouse_id._get_lot_day(line.lot_id.expiration_date)
        return fields.Date.to_string(day) if day else False

    @api.model
    def _describe_counted(self, line):
        return self.env._(
            "%(quantity)g %(uom)s of %(product)s, lot %(lot)s.",
            quantity=line._get_entered(),
            uom=line.uom_id.name,
            product=line.product_id.display_name,
            lot=line.lot_name or self.env._("none"),
        )
