import json

from odoo import api, fields, models
from odoo.fields import Domain

from ..tools import epcis
from ..tools.gs1_elements import check_digit_holds
from ..tools.gs1_label import is_sscc, to_gtin
from ..tools.mass_balance import OURS


class StockLotEpcis(models.AbstractModel):
    """The story of lots as EPCIS 2.0 events, for whoever reads GS1's language.

    Receiving, producing, packing, shipping, returns, holding, release and destroying. Goods lost
    or found by a count are no event: nobody saw them move.
    """

    _name = "stock.lot.epcis"
    _description = "EPCIS Export"

    @api.model
    @api.readonly
    def document(self, lot_ids):
        """All events of the lots as an EPCIS 2.0 document (JSON-LD).

        :param list lot_ids: ids of stock.lot.
        :return: dict, ready for JSON.
        :raise AccessError: the user may not read stock moves or one of the lots.
        """
        return self._build(self.env["stock.lot.trace"]._check_lots(lot_ids))

    def _get_json(self, lots, since=None, until=None):
        """The document as bytes, indented: people look into it too."""
        return json.dumps(self._build(lots, since, until), indent=1).encode()

    def _build(self, lots, since=None, until=None):
        """The document, of the events in [since, until) only where these are given."""
        domain = Domain("lot_id", "in", lots.ids)
        done = domain & Domain("state", "=", "done")
        if since:
            done &= Domain("date", ">=", since)
        if until:
            done &= Domain("date", "<", until)
        lines = self.env["stock.move.line"].search(done, order="date, id")
        holds = self.env["stock.lot.hold"].search(domain, order="id")
        events = LotEvents(self.env, self.get_base_url())
        found = [event for line in lines for event in events.of_line(line)]
        found += events.of_productions(lines)
        found += [
            event
            for moment, event in events.of_holds(holds)
            if (not since or moment >= since) and (not until or moment < until)
        ]
        return epcis.document(found, fields.Datetime.now())


class LotEvents:
    """Turns Odoo's records into EPCIS events."""

    def __init__(self, env, base_url):
        self.env = env
        self.namer = epcis.Namer(base_url)
        self.calendar = env["stock.lot"]._get_retention_calendar(env.company)
        units = {
            env.ref(name, raise_if_not_found=False): code for name, code in epcis.UNIT_CODES.items()
        }
        self.unit_codes = {unit.id: code for unit, code in units.items() if unit}

    # Names -----------------------------------------------------------------------------------

    def _gln(self, partner):
        """The partner's barcode where it is a GLN: 13 digits with the right check digit."""
        # sudo: who reads the lot's story reads whom it went to.
        code = partner.sudo().barcode or ""
        return code if len(code) == 13 and check_digit_holds(code) else None

    def _lot(self, lot):
        product = lot.product_id
        return self.namer.lot(to_gtin(product.barcode), product.id, lot.name)

    def _warehouse(self, warehouse):
        return self.namer.place(self._gln(warehouse.partner_id), "warehouse", warehouse.id)

    def _goods(self, line):
        unit = self.unit_codes.get(line.product_id.uom_id.id)
        return epcis.quantity_element(self._lot(line.lot_id), line.quantity_product_uom, unit)

    def _common(self, kind, record, moment, warehouse):
        zone = warehouse._get_lot_timezone() if warehouse else epcis.UTC
        common = {"eventID": self.namer.event(kind, record._name, record.id)}
        return {**common, **epcis.times(moment, zone)}

    # Lines -----------------------------------------------------------------------------------

    def of_line(self, line):
        """The events of one done line; none for a move inside the house."""
        here, there = line.location_id.usage, line.location_dest_id.usage
        package = line.result_package_id
        if package and package != line.package_id and here in OURS:
            yield self._packing(line, package)
        if there in OURS:
            if here == "supplier":
                yield self._object(line, "OBSERVE", "receiving", "in_progress")
            elif here == "customer":
                yield self._object(line, "OBSERVE", "receiving", "returned")
            elif here == "production" and not line.consume_line_ids:
                event = self._object(line, "ADD", "commissioning", "active")
                yield {**event, "ilmd": self._master_data(line.lot_id)}
        elif there in ("customer", "supplier") and here != there:
            yield self._object(line, "OBSERVE", "shipping", "in_transit")
        elif there == "inventory" and line.move_id.scrap_id:
            yield self._object(line, "DELETE", "destroying", "destroyed")

    def _object(self, line, action, step, disposition):
        warehouse = (line.location_id.warehouse_id or line.location_dest_id.warehouse_id).sudo()
        event = {
            "type": "ObjectEvent",
            **self._common(step, line, line.date, warehouse),
            "action": action,
            "bizStep": step,
            "disposition": disposition,
            "quantityList": [self._goods(line)],
            **self._parties(line, step),
            **self._documents(line, step),
        }
        if warehouse:
            event["readPoint"] = {"id": self._warehouse(warehouse)}
        return event

    def _packing(self, line, package):
        warehouse = line.location_id.warehouse_id.sudo()
        name = package.name
        return {
            "type": "AggregationEvent",
            **self._common("packing", line, line.date, warehouse),
            "parentID": self.namer.package(name, name if is_sscc(name) else None),
            "childQuantityList": [self._goods(line)],
            "action": "ADD",
            "bizStep": "packing",
            "disposition": "in_progress",
            "readPoint": {"id": self._warehouse(warehouse)},
        }

    def _parties(self, line, step):
        """Whose goods they are, and from or to where they went."""
        if step not in ("receiving", "shipping"):
            return {}
        side = "source" if step == "receiving" else "destination"
        owner = (line.owner_id or line.lot_id.owner_id).sudo()
        partner = (line.picking_id.partner_id or line.move_id.partner_id).sudo()
        found = []
        if owner:
            party = self.namer.party(self._gln(owner), owner.id)
            found.append({"type": "owning_party", side: party})
        if partner:
            place = self.namer.place(self._gln(partner), "place", partner.id)
            found.append({"type": "location", side: place})
        return {f"{side}List": found} if found else {}

    def _documents(self, line, step):
        picking = line.picking_id
        if not picking or step not in ("receiving", "shipping"):
            return {}
        if step == "shipping":
            kind = "desadv"
        else:
            kind = "rma" if line.location_id.usage == "customer" else "recadv"
        found = [{"type": kind, "bizTransaction": self.namer.document(picking.name)}]
        if picking.origin:
            order = {"type": "po", "bizTransaction": self.namer.document(picking.origin)}
            found.insert(0, order)
        return {"bizTransactionList": found}

    # Production ------------------------------------------------------------------------------

    def _master_data(self, lot):
        data = {"cbvmda:lotNumber": lot.name}
        if lot.expiration_date:
            day = self.calendar._get_lot_day(lot.expiration_date)
            data["cbvmda:itemExpirationDate"] = fields.Date.to_string(day)
        return data

    def of_productions(self, lines):
        """One event per production, repacking or relabelling: these lots became those."""
        made = {}
        for output in lines.produce_line_ids | lines.filtered("consume_line_ids"):
            inputs = output.consume_line_ids.sorted("id")
            made[inputs] = made.get(inputs, self.env["stock.move.line"]) | output
        for inputs, outputs in made.items():
            # Goods without a lot have no place here; what is left of the story is still told.
            inputs, outputs = inputs.filtered("lot_id"), outputs.filtered("lot_id").sorted("id")
            if inputs and outputs:
                yield self._transformation(inputs, outputs)

    def _transformation(self, inputs, outputs):
        line = outputs[0]
        warehouse = line.location_dest_id.warehouse_id.sudo()
        event = {
            "type": "TransformationEvent",
            **self._common("transformation", line, line.date, warehouse),
            "inputQuantityList": [self._goods(each) for each in inputs],
            "outputQuantityList": [self._goods(each) for each in outputs],
            "bizStep": "commissioning",
            "disposition": "active",
        }
        if warehouse:
            event["readPoint"] = {"id": self._warehouse(warehouse)}
        if len(outputs.lot_id) == 1:
            event["ilmd"] = self._master_data(outputs.lot_id)
        return event

    # Holds -----------------------------------------------------------------------------------

    def of_holds(self, holds):
        """(moment, event) of each hold and, where it has ended, of its release."""
        # sudo: that a lot is recalled is no secret from whoever may read its holds.
        recalls = self.env["stock.lot.recall"].sudo().search([("hold_ids", "in", holds.ids)])
        for hold in holds:
            recalled = hold in recalls.hold_ids
            disposition = "recalled" if recalled else "non_sellable_other"
            yield hold.date_start, self._hold(hold, "holding", disposition, recalled)
            if hold.release_date:
                released = self._hold(hold, "inspecting", "sellable_not_accessible", recalled)
                yield hold.release_date, released

    def _hold(self, hold, step, disposition, recalled):
        warehouse = hold.location_id.warehouse_id.sudo()
        moment = hold.date_start if step == "holding" else hold.release_date
        event = {
            "type": "ObjectEvent",
            **self._common(step, hold, moment, warehouse),
            "action": "OBSERVE",
            "bizStep": step,
            "disposition": disposition,
            "quantityList": [epcis.quantity_element(self._lot(hold.lot_id))],
        }
        if recalled:
            verb = "set" if step == "holding" else "unset"
            event["persistentDisposition"] = {verb: ["recalled"]}
        if warehouse:
            event["readPoint"] = {"id": self._warehouse(warehouse)}
        return event
