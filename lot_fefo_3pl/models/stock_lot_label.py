from markupsafe import Markup

from odoo import api, models

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..tools import symbol_svg, zpl
from ..tools.gs1_label import (
    LONGEST_LOT,
    content_elements,
    goods_elements,
    human_readable,
    in_symbols,
    is_sscc,
    lot_obstacle,
    symbol_data,
    to_gtin,
)

# Millimetres that a bar code may have in width on each label, and the module of the matrix.
WIDTHS = {"goods": 97.0, "pallet": 97.0, "place": 97.0}
MATRIX_MODULE = {"goods": 0.8, "pallet": 0.8, "place": 1.0}
ZPL_DOTS_PER_MM = 8


class StockLotLabel(models.AbstractModel):
    """What is printed on the labels of goods, pallets and bins, for pages and for label printers.

    Goods whose product has a GTIN get GS1-128 and GS1 DataMatrix. Where GS1 cannot say it (no GTIN,
    a lot with other characters or more than 20) the label says so and has plain bar codes instead.
    """

    _name = "stock.lot.label"
    _description = "Lot Label"

    @api.model
    def _prepare_goods(self, product, lot=None, quantity=None, location=None, owner=None):
        """The label of a carton or a unit.

        :param float quantity: units of the product on or in it; None when it is not said
        :return: dict for the templates: ``title``, ``facts`` [(caption, value)], ``bars`` and
            ``matrix`` (symbols), ``note``.
        """
        lot = lot or self.env["stock.lot"]
        gtin, units = self._get_gtin(product, quantity)
        dates = self._get_dates(product, lot, location, owner)
        count = self._get_whole(quantity / units) if quantity and gtin else None
        elements = {}
        obstacle = lot and lot_obstacle(lot.name)
        if gtin:
            name = "serial" if product.tracking == "serial" else "lot"
            elements = goods_elements(
                gtin,
                count=count if count != 1 else None,
                **({name: lot.name} if lot and not obstacle else {}),
                **dates,
            )
        label = self._prepare("goods", product.display_name, elements)
        label["facts"] = self._get_facts(product, lot, dates, quantity, location, owner)
        if lot and (obstacle or not gtin):
            self._add_plain(label, lot.name)
            label["note"] = self._get_note(gtin, obstacle, lot)
        return self._finish(label)

    @api.model
    def _prepare_pallet(self, package):
        """The label of a pallet or carton with an SSCC: what it holds when it holds one lot."""
        quants = package.contained_quant_ids.filtered(
            lambda quant: quant.product_uom_id.compare(quant.quantity, 0) > 0
        )
        sscc = is_sscc(package.name)
        groups = [{"00": package.name}] if sscc else []
        label = {"facts": []}
        if len(quants.product_id) == 1 and len(quants.lot_id) <= 1:
            groups = self._get_content(quants) + groups
            label["facts"] = self._get_facts(
                quants.product_id,
                quants.lot_id,
                self._get_dates(
                    quants.product_id, quants.lot_id, quants.location_id[:1], quants.owner_id[:1]
                ),
                sum(quants.mapped("quantity")),
                None,
                quants.owner_id[:1],
            )
        elif quants:
            label["facts"] = [
                (self.env._("Content"), self._describe_mixed(quants)),
                *[(self.env._("Owner"), owner.name) for owner in quants.owner_id[:1]],
            ]
        title = quants.product_id.display_name if len(quants.product_id) == 1 else package.name
        label = {**self._prepare("pallet", title, *groups), **label}
        if not sscc:
            self._add_plain(label, package.name)
            label["note"] = self.env._(
                "%(package)s is no SSCC: this label is for our own warehouse only.",
                package=package.name,
            )
        return self._finish(label)

    @api.model
    def _prepare_place(self, location):
        """The label of a bin: its barcode."""
        label = self._prepare("place", location.name)
        label["facts"] = [(self.env._("Location"), location.complete_name)]
        if location.barcode:
            self._add_plain(label, location.barcode)
        else:
            label["note"] = self.env._("This location has no barcode yet.")
        return self._finish(label)

    @api.model
    def _get_zoom(self):
        """What makes a millimetre of a page a millimetre on paper.

        Without the patches of Qt, as Linux distributions build it, wkhtmltopdf takes 75 pixels for
        an inch of 96, and the switch that stops it is ignored.
        """
        return 1 if _wkhtml().is_patched_qt else 96 / 75

    @api.model
    def _finish(self, label):
        """Add what label printers get; the words are safe there then."""
        label["zpl_title"] = Markup(zpl.text(label["title"]))
        label["zpl_note"] = Markup(zpl.text(label["note"]))
        label["zpl_facts"] = [
            Markup(zpl.text(f"{caption}: {value}")) for caption, value in label["facts"]
        ]
        return label

    # GS1 -------------------------------------------------------------------------------------

    @api.model
    def _get_gtin(self, product, quantity):
        """(GTIN, units it stands for): that of the packaging when the quantity is exactly one."""
        for pack in product.product_uom_ids:
            units = pack.uom_id._compute_quantity(1.0, product.uom_id)
            gtin = to_gtin(pack.barcode)
            if gtin and quantity and product.uom_id.compare(units, quantity) == 0:
                return gtin, units
        return to_gtin(product.barcode), 1.0

    @api.model
    def _get_content(self, quants):
        """The elements of a pallet's content, or nothing when GS1 cannot say it."""
        product, lot = quants.product_id, quants.lot_id
        gtin, count = to_gtin(product.barcode), self._get_whole(sum(quants.mapped("quantity")))
        if not gtin or not count or (lot and lot_obstacle(lot.name)):
            return []
        dates = self._get_dates(product, lot, quants.location_id[:1], quants.owner_id[:1])
        return [content_elements(gtin, count, lot=lot.name, **dates)]

    @api.model
    def _get_dates(self, product, lot, location, owner):
        """The day that the rules go by: best-before where a policy says so, else the expiry."""
        warehouse = (location and location.warehouse_id) or self.env["stock.warehouse"].search(
            [("company_id", "=", (lot.company_id or self.env.company).id)],
            order="lot_control DESC, sequence, id",
            limit=1,
        )
        if not lot.expiration_date or not warehouse:
            return {}
        settings = self.env["stock.lot.policy"]._get_settings(
            warehouse, owner or lot.owner_id, self.env["res.partner"], product
        )
        if settings["rotation_date"].value == "use_date" and lot.use_date:
            return {"best_before": warehouse._get_lot_day(lot.use_date)}
        return {"expiry": warehouse._get_lot_day(lot.expiration_date)}

    @api.model
    def _get_whole(self, quantity):
        """A quantity as GS1 counts it: whole pieces, up to 8 digits; else None."""
        whole = round(quantity or 0)
        return whole if 0 < whole < 10**8 and abs(whole - quantity) < 1e-6 else None

    # Symbols ---------------------------------------------------------------------------------

    @api.model
    def _prepare(self, kind, title, *groups):
        """A label with its symbols; all elements together stand in the matrix."""
        groups = [group for group in groups if group]
        width = WIDTHS[kind]
        bars = [
            self._prepare_bars(kind, symbol_data(elements), human_readable(elements))
            for group in groups
            for elements in in_symbols(group, lambda data: symbol_svg.fits(data, width))
        ]
        everything = {number: value for group in groups for number, value in group.items()}
        if "10" in everything:
            everything["10"] = everything.pop("10")
        return {
            "kind": kind,
            "title": title,
            "facts": [],
            "bars": bars,
            "matrix": self._prepare_matrix(kind, everything) if everything else False,
            "note": False,
        }

    @api.model
    def _prepare_bars(self, kind, data, readable):
        picture, width = symbol_svg.bars_svg(data, WIDTHS[kind], 100)
        module = max(2, min(4, int(WIDTHS[kind] * ZPL_DOTS_PER_MM / symbol_svg.bars_length(data))))
        return {
            "data": data,
            "text": readable,
            "picture": picture,
            "width": f"{width:.2f}mm",
            "zpl": Markup(zpl.code_128(data)),
            "zpl_text": Markup(zpl.text(readable)),
            "zpl_module": module,
        }

    @api.model
    def _prepare_matrix(self, kind, elements):
        data = symbol_data(elements)
        picture, side = symbol_svg.matrix_svg(data, MATRIX_MODULE[kind])
        return {
            "data": data,
            "text": human_readable(elements),
            "picture": picture,
            "width": f"{side:.2f}mm",
            "zpl": Markup(zpl.data_matrix(data)),
        }

    @api.model
    def _add_plain(self, label, text):
        """A bar code that says ``text`` and nothing of GS1, if Code 128 can."""
        if text.isascii() and text.isprintable():
            label["bars"].append(self._prepare_bars(label["kind"], text, text))

    # Words -----------------------------------------------------------------------------------

    @api.model
    def _get_facts(self, product, lot, dates, quantity, location, owner):
        facts = [
            (self.env._("Item"), product.default_code),
            (self.env._("Lot"), lot.name),
            (self.env._("Use by"), dates.get("expiry")),
            (self.env._("Best before"), dates.get("best_before")),
            (
                self.env._("Quantity"),
                quantity and f"{quantity:g} {product.uom_id.name}",
            ),
            (self.env._("Brand"), (owner or lot.owner_id or product.owner_id).name),
            (self.env._("Bin"), location and location.complete_name),
        ]
        return [(caption, str(value)) for caption, value in facts if value]

    @api.model
    def _get_note(self, gtin, obstacle, lot):
        """Why the lot does not stand in a GS1 symbol, and what to do at the scanner."""
        reasons = {
            "bad_character": self.env._("it has characters that GS1 does not know"),
            "too_long": self.env._("it is longer than %(longest)s characters", longest=LONGEST_LOT),
        }
        reason = reasons.get(obstacle) or self.env._("the product has no GTIN")
        advice = self.env._("Scan the product, then the lot.")
        if not (lot.name.isascii() and lot.name.isprintable()):
            advice = self.env._("Scan the product, then type the lot.")
        elif not gtin:
            advice = self.env._("Its bar code is the lot number only.")
        return self.env._(
            "Lot %(lot)s cannot be written in GS1: %(reason)s. %(advice)s",
            lot=lot.name,
            reason=reason,
            advice=advice,
        )

    @api.model
    def _describe_mixed(self, quants):
        return self.env._(
            "%(products)s products, %(lots)s lots",
            products=len(quants.product_id),
            lots=len(quants.lot_id),
        )
