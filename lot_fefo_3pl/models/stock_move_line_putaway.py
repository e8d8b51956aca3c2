from collections import defaultdict

from odoo import api, fields, models

from ..tools.putaway import Request

# What the choice of a bin depends on.
PUTAWAY_FIELDS = {
    "lot_id",
    "lot_name",
    "expiration_date",
    "owner_id",
    "quantity",
    "quant_id",
    "result_package_id",
}
OPEN_STATES = ("draft", "waiting", "confirmed", "partially_available", "assigned")


class StockMoveLine(models.Model):
    """Lines look for their bins together, and again when more is known of their goods."""

    _inherit = "stock.move.line"

    location_dest_proposed_id = fields.Many2one(
        "stock.location",
        string="Proposed Location",
        readonly=True,
        copy=False,
        help="The location that put-away proposed. A line that goes elsewhere was sent there by"
        " somebody, and keeps its destination.",
    )

    # As OPEN_LINES of stock.lot.putaway. Odoo has no index that finds what is on its way to a bin.
    _open_destination_idx = models.Index(
        "(location_dest_id) WHERE state IN"
        " ('draft', 'waiting', 'confirmed', 'partially_available', 'assigned')"
    )

    def _apply_putaway_strategy(self):
        if self.env.context.get("avoid_putaway_rules"):
            return super()._apply_putaway_strategy()
        lines = self.filtered(lambda line: line._is_put_away_by_lot())
        shipped = self.filtered(lambda line: line._is_shipped_as_planned())
        res = super(StockMoveLine, self - lines - shipped)._apply_putaway_strategy()
        lines._put_away_by_lot()
        return res

    def _is_shipped_as_planned(self):
        """Whether there is nothing to look for: Odoo would read all locations to find that out."""
        destination = self.move_id.location_dest_id
        return (
            destination.usage == "customer"
            and self.location_dest_id == destination
            and not destination.putaway_rule_ids
            and self.location_id._is_lot_controlled()
        )

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        if not self.env.context.get("lot_fefo_3pl_putaway_later"):
            lines.filtered(
                lambda line: (
                    line.quantity and line._has_free_destination() and line._is_put_away_by_lot()
                )
            )._put_away_by_lot()
        return lines

    def write(self, vals):
        if "location_dest_id" in vals or not PUTAWAY_FIELDS & vals.keys():
            return super().write(vals)
        before = {line: line._get_putaway_key() for line in self if line._has_free_destination()}
        res = super().write(vals)
        if not self.env.context.get("lot_fefo_3pl_putaway_later"):
            changed = [line for line, key in before.items() if line._get_putaway_key() != key]
            self.browse().union(*changed)._look_for_other_bins()
        return res

    def _look_for_other_bins(self):
        if self:
            self._with_lines_of_package().filtered(
                lambda line: line._is_put_away_by_lot()
            )._put_away_by_lot()

    @api.onchange("result_package_id", "product_id", "product_uom_id", "quantity")
    def _onchange_putaway_location(self):
        return super(StockMoveLine, self._with_known_goods())._onchange_putaway_location()

    @api.onchange("lot_id", "lot_name", "expiration_date", "owner_id")
    def _onchange_putaway_lot(self):
        """Another bin for a new line as soon as its lot is typed."""
        zone = self.move_id.location_dest_id or self.picking_id.location_dest_id
        if self._origin or not zone or not self.product_id or not self.quantity_product_uom:
            return
        if zone._puts_away_by_lot(self.product_id, self._get_putaway_package_type()):
            self.location_dest_id = zone.with_context(
                **self._with_known_goods().env.context
            )._get_putaway_strategy(
                self.product_id, self.quantity_product_uom, package=self.result_package_id
            )

    def _with_known_goods(self):
        self.ensure_one()
        return self.with_context(
            lot_fefo_3pl_preview=True,
            lot_fefo_3pl_goods={
                "lot_name": self._get_lot_name(),
                "expiration_date": self.expiration_date,
                "owner_id": self.owner_id.id,
            },
        )

    def _get_lot_name(self):
        return self.lot_id.name or self.lot_name

    def _get_putaway_key(self):
        return (
            self._get_lot_name(),
            self.expiration_date,
            self.owner_id,
            self.quantity,
            self.result_package_id,
        )

    def _has_free_destination(self):
        """Whether nobody has chosen this line's destination by hand."""
        return self.state in OPEN_STATES and self.location_dest_id in (
            self.location_dest_proposed_id,
            self.move_id.location_dest_id,
        )

    def _with_lines_of_package(self):
        """These lines with what is in the same packages; without the packages that somebody has
        sent to a place by hand."""
        loose = self.filtered(lambda line: not line.result_package_id)
        packages = (self - loose).result_package_id.outermost_package_id
        packed = self.picking_id.move_line_ids.filtered(
            lambda line: line.result_package_id.outermost_package_id in packages
        )
        by_package = packed.grouped(lambda line: line.result_package_id.outermost_package_id)
        for content in by_package.values():
            if all(line._has_free_destination() for line in content):
                loose |= content
        return loose

    def _is_put_away_by_lot(self):
        zone = self.move_id.location_dest_id
        return bool(
            zone
            and self.product_id.is_storable
            and zone._puts_away_by_lot(self.product_id, self._get_putaway_package_type())
        )

    def _get_putaway_package_type(self):
        package = self.result_package_id.outermost_package_id
        return package.package_type_id or self.move_id.packaging_uom_id.package_type_id

    def _put_away_by_lot(self):
        """Send the lines to bins where their lots may lie and have room.

        Lines of one package stay together. A line that is too large for one bin is split.
        """
        lines = self.filtered(lambda line: line.state in OPEN_STATES)
        by_warehouse = lines.grouped(lambda line: line.move_id.location_dest_id.warehouse_id)
        for warehouse, group in by_warehouse.items():
            loads = group.grouped(
                lambda line: line.result_package_id.outermost_package_id or line
            ).values()
            found = self.env["stock.lot.putaway"]._find_bins(
                [load._get_putaway_request() for load in loads], warehouse, group.ids
            )
            group._send_to_bins(zip(loads, found, strict=True))

    def _get_putaway_request(self):
        """The lines of ``self``, which stay together, as a request for bins."""
        line = self[0]
        zone, product = line.move_id.location_dest_id, line.product_id
        areas = zone._get_lot_areas(product, line._get_putaway_package_type())
        if line.location_dest_proposed_id and line.location_dest_proposed_id._child_of(zone):
            areas = ((line.location_dest_proposed_id.id, 0), *areas)
        loose = len(self) == 1 and not line.result_package_id and product.tracking != "serial"
        step = line.product_uom_id._compute_quantity(1, product.uom_id, round=False) if loose else 0
        return Request([one._get_putaway_goods() for one in self], areas, step)

    def _get_putaway_goods(self):
        return self.move_id.location_dest_id._get_lot_goods(
            self.product_id,
            self.quantity_product_uom,
            lot_name=self._get_lot_name(),
            expiration_date=self.expiration_date,
            owner_id=self.owner_id.id,
            package=self.result_package_id.outermost_package_id,
            package_type=self._get_putaway_package_type(),
            number=self.id,
        )

    def _send_to_bins(self, found):
        """Write the bins down.

        :param found: pairs of the lines that stay together and their (location id, request) parts.
        """
        lines_by_bin = defaultdict(self.browse)
        homeless = self.browse()
        for load, parts in found:
            for line, (location_id, _part) in zip(load._split_by_parts(parts), parts, strict=True):
                zone = line[:1].move_id.location_dest_id
                if not location_id:
                    homeless |= line
                lines_by_bin[zone._get_bin_or_overflow(location_id)] |= line
        for location, lines in lines_by_bin.items():
            lines.with_context(do_not_unreserve=True).write(
                {"location_dest_id": location.id, "location_dest_proposed_id": location.id}
            )
        homeless._say_no_bin_has_room()

    def _split_by_parts(self, parts):
        """Split the line so that each part has one; lines that stay together have one part."""
        if len(parts) == 1:
            return [self]
        product_uom, uom = self.product_id.uom_id, self.product_uom_id
        quantities = [
            product_uom._compute_quantity(part.goods[0].quantity, uom) for _location, part in parts
        ]
        later = self.with_context(lot_fefo_3pl_putaway_later=True)
        later.quantity = quantities[0]
        copies = [later.copy({"quantity": quantity}) for quantity in quantities[1:]]
        return [self, *(line.with_env(self.env) for line in copies)]

    def _say_no_bin_has_room(self):
        """A19: tell that goods had to be sent elsewhere, on the transfer."""
        for picking, lines in self.grouped("picking_id").items():
            if not picking:
                continue
            goods = [
                self.env._(
                    "%(quantity)g %(unit)s of %(product)s, lot %(lot)s, to %(location)s",
                    quantity=line.quantity,
                    unit=line.product_uom_id.name,
                    product=line.product_id.display_name,
                    lot=line._get_lot_name() or self.env._("not known yet"),
                    location=line.location_dest_id.display_name,
                )
                for line in lines
            ]
            picking.message_post(
                body=self.env._(
                    "No location of %(zone)s has room: %(goods)s",
                    zone=lines[0].move_id.location_dest_id.display_name,
                    goods="; ".join(goods),
                )
            )
