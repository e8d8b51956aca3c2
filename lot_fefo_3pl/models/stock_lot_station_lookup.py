from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import gs1

SHOWN = 15
SUPERVISOR = "lot_fefo_3pl.lot_fefo_3pl_group_supervisor"
DESCRIBED = {
    "stock.location": "_describe_place",
    "stock.package": "_describe_package",
    "product.product": "_describe_product",
    "stock.lot": "_describe_lot",
    "stock.picking": "_describe_picking",
}


class StockLotStation(models.AbstractModel):
    """Look-up: what a scan is, where it is, what holds it, what happened to it.

    A card is ``{"model", "id", "kind", "name", "sub", "barcode", "facts": [[caption, value]],
    "chips": [{"text", "tone"}], "stock": [{"model", "id", "name", "sub", "place", "package",
    "place_id", "quantity", "uom", "chips"}], "more": how many of the stock are not listed,
    "history": [{"date", "what", "sub"}], "reasons": [{"id", "name"}]}``. ``tone`` is ``good``,
    ``warn`` or ``bad``; dates are UTC moments; quantities are in the product's unit, and False
    where a blind count is running; ``reasons`` are those the user may hold it for. A transfer
    also says ``can_pick``.
    """

    _inherit = "stock.lot.station"

    @api.model
    @api.readonly
    def lookup_scan(self, barcode):
        """Say what was scanned.

        :param str barcode: what the device sent, or a typed number or name
        :return: ``{"status", "code", "message", "cards": [...]}``: several cards when the scan may
            be several things; refused with ``unreadable`` or ``unknown_barcode``.
        """
        self._check_station_access()
        scan = gs1.parse(barcode, lot_only=True)
        if scan.kind in ("empty", "invalid"):
            return self._answer_lookup("unreadable", self._word_unreadable_scan(scan))
        finding = self._identify(scan)
        found = [finding.locations, finding.packages, finding.pickings]
        # The lot says more than its product.
        found.append(finding.lots or finding.products)
        cards = [self._describe(record) for records in found for record in records[:SHOWN]]
        if not cards:
            return self._answer_lookup(
                "unknown_barcode",
                self.env._(
                    "%(barcode)s is no bin, package, product, lot or transfer that is known here.",
                    barcode=scan.lot or scan.sscc or scan.item or scan.text,
                ),
            )
        return self._answer_lookup("read", self._describe_read(scan), cards)

    @api.model
    @api.readonly
    def lookup_open(self, model, record_id):
        """The card of one record, for a link from another card.

        :raises AccessError: when the user may not read it.
        """
        if model not in DESCRIBED:
            raise UserError(self.env._("Scan what you are looking for."))
        record = self.env[model].browse(record_id)
        self._check_station_access(record, "read")
        return self._describe(record)

    @api.model
    def lookup_hold(self, lot_id, reason_id, note=None, location_id=None):
        """Hold a lot, everywhere or in one place; for those who may hold goods.

        :return: the card of the lot.
        :raises AccessError: when the user may not hold goods.
        """
        lot = self.env["stock.lot"].browse(lot_id)
        self._check_station_access(lot, "read")
        holds = self.env["stock.lot.hold"]
        holds.check_access("create")
        reason = self.env["stock.lot.hold.reason"].browse(reason_id)
        location = self.env["stock.location"].browse(location_id or ())
        holds._hold(lot, reason, note=note, location=location or None)
        return self._describe(lot)

    # Answers ---------------------------------------------------------------------------------

    @api.model
    def _answer_lookup(self, code, message, cards=()):
        status = "ok" if code == "read" else "refused"
        return {"status": status, "code": code, "message": message, "cards": [*cards]}

    @api.model
    def _word_unreadable_scan(self, scan):
        return self.env["stock.picking"]._word_unreadable(scan)

    @api.model
    def _describe_read(self, scan):
        """What the label itself says, besides the records."""
        dates = [scan.expiry and self._format_day(scan.expiry)]
        dates += [scan.best_before and self._format_day(scan.best_before)]
        said = [scan.item, scan.lot or scan.serial, *dates, scan.sscc]
        return " · ".join(filter(None, said)) or scan.text

    @api.model
    def _describe(self, record):
        card = {
            "model": record._name,
            "id": record.id,
            "name": record.display_name,
            "sub": "",
            "barcode": False,
            "facts": [],
            "chips": [],
            "stock": [],
            "more": 0,
            "history": [],
            "reasons": [],
        }
        card |= getattr(self, DESCRIBED[record._name])(record)
        card["facts"] = [[caption, value] for caption, value in card["facts"] if value]
        self._hide_what_is_counted(card)
        return card

    @api.model
    def _hide_what_is_counted(self, card):
        """Keep counts blind: who could count a bin is not told what the book has in it."""
        if self.env.user.has_group(SUPERVISOR):
            return
        counted = self.env["stock.lot.count"].search(
            [("state", "in", ["counting", "recount"]), ("company_id", "in", self.env.companies.ids)]
        )
        places = set(counted.location_id.ids)
        for row in card["stock"]:
            if row["place_id"] in places:
                row["quantity"] = False
                row["chips"].append(self._chip(self.env._("Being counted"), "warn"))

    @api.model
    def _describe_place(self, location):
        rule = dict(location._fields["lot_segregation_effective"]._description_selection(self.env))
        count = self.env["stock.lot.count"]._get_open(location)
        stock = self._describe_stock([("location_id", "=", location.id)])
        for row in stock["stock"]:
            # Every row lies here: only its package is news.
            row["place"] = row["package"]
        chips = [
            *([self._chip(self.env._("Waits for repair"), "warn")] * location.segregation_pending),
            *([self._chip(self.env._("Not for orders"), "warn")] * location.not_for_orders),
            *([self._chip(self.env._("To be counted"), "warn")] * bool(count)),
        ]
        counted = location.last_inventory_date
        return {
            "kind": self.env._("Bin"),
            "barcode": location.barcode,
            "chips": chips,
            "facts": [
                (self.env._("Rule"), rule[location.lot_segregation_effective]),
                (self.env._("Last counted"), counted and self._format_day(counted)),
            ],
            **stock,
            "history": self._describe_moves(
                ["|", ("location_id", "=", location.id), ("location_dest_id", "=", location.id)]
            ),
        }

    @api.model
    def _describe_package(self, package):
        inside = [("package_id", "child_of", package.id)]
        return {
            "kind": self.env._("Package"),
            "sub": package.package_type_id.name or "",
            "facts": [
                (self.env._("Where"), package.location_id.display_name),
                (self.env._("In package"), package.parent_package_id.name),
            ],
            **self._describe_stock(inside),
            "history": self._describe_moves(
                ["|", ("package_id", "=", package.id), ("result_package_id", "=", package.id)]
            ),
        }

    @api.model
    def _describe_product(self, product):
        return {
            "kind": self.env._("Product"),
            "barcode": product.barcode,
            "facts": [
                (self.env._("Brand"), product.owner_id.display_name),
                (self.env._("Barcode"), product.barcode),
                (self.env._("On hand"), f"{product.qty_available:g} {product.uom_id.name}"),
            ],
            **self._describe_stock([("product_id", "=", product.id)]),
            "history": self._describe_moves([("product_id", "=", product.id)]),
        }

    @api.model
    def _describe_lot(self, lot):
        holds = lot._get_active_holds()
        reasons = self.env["stock.lot.hold.reason"]
        may_hold = self.env["stock.lot.hold"].has_access("create")
        return {
            "kind": self.env._("Lot"),
            "sub": lot.product_id.display_name,
            "chips": [
                self._chip(self.env._("Held: %(reason)s", reason=hold.reason_id.name), "bad")
                for hold in holds
            ]
            or [self._chip(self.env._("Not held"), "good")],
            "facts": [
                (self.env._("Expires"), self._format_lot_day(lot, "expiration_date")),
                (self.env._("Best before"), self._format_lot_day(lot, "use_date")),
                (self.env._("Brand"), lot.owner_id.display_name),
                *[(self.env._("Held since"), self._describe_hold(hold)) for hold in holds],
            ],
            **self._describe_stock([("lot_id", "=", lot.id)], by_place=True),
            "history": self._merge(
                self._describe_moves([("lot_id", "=", lot.id)]),
                self._describe_scans([("lot_id", "=", lot.id)]),
            ),
            "reasons": [
                {"id": reason.id, "name": reason.name}
                for reason in (reasons.search([]) if may_hold else reasons)
            ],
        }

    @api.model
    def _describe_picking(self, picking):
        state = dict(picking._fields["state"]._description_selection(self.env))[picking.state]
        lines = picking.move_line_ids
        return {
            "kind": self.env._("Transfer"),
            "sub": picking.partner_id.display_name or "",
            "chips": [self._chip(state, "good" if picking.state == "done" else "warn")],
            "facts": [
                (self.env._("Operation"), picking.picking_type_id.display_name),
                (self.env._("Source"), picking.origin),
                (self.env._("Brand"), picking.owner_id.display_name),
            ],
            "stock": [self._describe_goods(line) for line in lines[:SHOWN]],
            "more": max(len(lines) - SHOWN, 0),
            "history": self._describe_scans([("picking_ref", "=", picking.id)]),
            "can_pick": bool(picking.filtered_domain(self._get_pick_domain())),
        }

    # Stock and history -----------------------------------------------------------------------

    @api.model
    def _chip(self, text, tone):
        return {"text": text, "tone": tone}

    @api.model
    def _describe_stock(self, domain, by_place=False):
        """What is there, the first to expire first; each row leads to the lot, or the place."""
        domain = [
            *domain,
            ("quantity", "!=", 0),
            ("location_id.usage", "in", ["internal", "transit"]),
        ]
        quants = self.env["stock.quant"].search(
            domain, order="expiration_date, location_id, id", limit=SHOWN
        )
        total = self.env["stock.quant"].search_count(domain) if len(quants) == SHOWN else 0
        return {
            "stock": [self._describe_goods(quant, by_place) for quant in quants],
            "more": max(total - SHOWN, 0),
        }

    @api.model
    def _describe_goods(self, goods, by_place=False):
        """A quant or a line of a transfer as a row that leads to its lot, or to its place."""
        if by_place:
            return {
                "model": "stock.location",
                "id": goods.location_id.id,
                "name": goods.location_id.display_name,
                "sub": goods.owner_id.display_name or "",
                "place": goods.package_id.name or "",
                "package": goods.package_id.name or "",
                "place_id": goods.location_id.id,
                "quantity": goods.quantity,
                "uom": goods.product_uom_id.name,
                "chips": [],
            }
        record = goods.lot_id or goods.product_id
        held = goods.lot_id and goods.lot_id.is_held
        package = goods.package_id
        return {
            "model": record._name,
            "id": record.id,
            "name": record.display_name,
            "sub": " · ".join(
                filter(
                    None,
                    [
                        goods.product_id.display_name if goods.lot_id else "",
                        self._format_lot_day(goods.lot_id, "expiration_date"),
                    ],
                )
            ),
            "place": " · ".join(filter(None, [goods.location_id.display_name, package.name])),
            "package": package.name or "",
            "place_id": goods.location_id.id,
            "quantity": goods.quantity,
            "uom": goods.product_uom_id.name,
            "chips": [self._chip(goods.lot_id.hold_summary, "bad")] if held else [],
        }

    @api.model
    def _describe_moves(self, domain):
        lines = self.env["stock.move.line"].search(
            [("state", "=", "done"), *domain], order="date DESC, id DESC", limit=SHOWN
        )
        return [
            {
                "date": fields.Datetime.to_string(line.date),
                "what": self.env._(
                    "%(quantity)g %(uom)s: %(origin)s to %(destination)s",
                    quantity=line.quantity,
                    uom=line.product_uom_id.name,
                    origin=line.location_id.display_name,
                    destination=line.location_dest_id.display_name,
                ),
                "sub": " · ".join(
                    filter(None, [line.lot_id.name, line.reference, line.create_uid.sudo().name])
                ),
            }
            for line in lines
        ]

    @api.model
    def _describe_scans(self, domain):
        scans = self.env["stock.lot.scan"].search(domain, limit=SHOWN)
        results = dict(scans._fields["result"]._description_selection(self.env))
        return [
            {
                "date": fields.Datetime.to_string(scan.date),
                "what": self.env._("Scan: %(result)s", result=results[scan.result]),
                "sub": " · ".join(
                    filter(None, [scan.lot_id.name, scan.picking_name, scan.user_id.sudo().name])
                ),
            }
            for scan in scans
        ]

    @api.model
    def _merge(self, *histories):
        rows = [row for history in histories for row in history]
        return sorted(rows, key=lambda row: row["date"], reverse=True)[:SHOWN]

    @api.model
    def _describe_hold(self, hold):
        where = hold.location_id.display_name
        return " · ".join(
            filter(
                None,
                [
                    self._format_day(hold.date_start.date()),
                    hold.user_id.sudo().name,
                    where and self.env._("only in %(place)s", place=where),
                    hold.note,
                ],
            )
        )

    @api.model
    def _format_lot_day(self, lot, name):
        """A date of a lot as the day in the warehouse that has it."""
        warehouse = self._get_station_warehouses()[:1]
        moment = lot[name]
        if not moment:
            return ""
        return self._format_day(warehouse._get_lot_day(moment) if warehouse else moment.date())
