import { _t } from "@web/core/l10n/translation";
import { deserializeDate } from "@web/core/l10n/dates";
import { formatFloat } from "@web/views/fields/formatters";

/** A quantity without zeros that say nothing. */
export function quantity(value) {
    return formatFloat(value, { digits: [16, 3], trailingZeros: false });
}

/** A day with the name of its month: nobody takes 06/10 for the sixth of October. */
export function day(value) {
    return value ? deserializeDate(value).toFormat("dd MMM yyyy") : _t("no date");
}

/** What is left of a line, without what waits for its confirmation. */
export function left(line, waiting = {}) {
    return Math.max(line.remaining - (waiting[line.id] || 0), 0);
}

function isOpen(line, waiting) {
    return !line.is_done && left(line, waiting) > 0;
}

/**
 * The line the operator is at: the chosen one, else the first open one in walking order that was
 * not put off; when all were put off, the first of those.
 */
export function currentLine(walk, { chosen, skipped = [], waiting = {} }) {
    const open = walk.lines.filter((line) => isOpen(line, waiting));
    return (
        open.find((line) => line.id === chosen) ||
        open.find((line) => !skipped.includes(line.id)) ||
        open[0]
    );
}

/** Whether the bin of the line has to be scanned before its goods. */
export function needsBin(line, bin) {
    return Boolean(line.location.barcode) && line.location.barcode !== bin;
}

/** The open line that a scan without a connection seems to be about; `inBin` for a bin's label. */
export function guessLine(walk, barcode, bin, waiting) {
    const open = walk.lines.filter((line) => isOpen(line, waiting));
    const inBin = open.find((line) => line.location.barcode === barcode);
    const line = open.find((one) => !needsBin(one, bin) && looksLike(barcode, one));
    return { inBin, line };
}

/** Whether a label, which only the server can read, may be that of the line. */
export function looksLike(barcode, line) {
    const name = line.lot ? line.lot.name : line.product.barcode;
    return Boolean(name) && barcode.includes(name);
}

/** The one big instruction: `{text, sub}`. */
export function instruction(walk, line, bin, waiting) {
    if (walk.state === "done") {
        return { text: _t("Done"), sub: walk.name };
    }
    if (!line) {
        const open = walk.lines.length && walk.done < walk.total;
        return {
            text: open ? _t("Wait for the connection") : _t("All picked"),
            sub: open
                ? _t("Everything was scanned, not everything is confirmed.")
                : _t("Validate %s", walk.name),
        };
    }
    const number = walk.lines.indexOf(line) + 1;
    if (needsBin(line, bin)) {
        return {
            text: _t("Go to bin %s", line.bin),
            sub: _t("Line %(number)s of %(total)s: %(product)s", {
                number,
                total: walk.total,
                product: line.product.name,
            }),
        };
    }
    const amount = { quantity: quantity(left(line, waiting)), uom: line.uom };
    if (!line.lot) {
        return { text: _t("Take %(quantity)s %(uom)s", amount), sub: line.product.name };
    }
    const words = { ...amount, lot: line.lot.name };
    return {
        text: line.by_unit
            ? _t("Scan each of %(quantity)s %(uom)s, lot %(lot)s", words)
            : _t("Take %(quantity)s %(uom)s of lot %(lot)s", words),
        sub: _t("%(product)s, expires %(expiry)s", {
            product: line.product.name,
            expiry: day(line.expiry),
        }),
    };
}

/** The title of an answer, by its code. */
export function title(code) {
    const titles = {
        already_done: _t("Already picked"),
        ask_bin: _t("Bin first"),
        ask_lot: _t("Now the lot"),
        ask_product: _t("Which product?"),
        bad_quantity: _t("Bad quantity"),
        denied: _t("Not approved"),
        expired: _t("Expired"),
        held: _t("On hold"),
        not_this_order: _t("Not in this transfer"),
        older_than_shipped: _t("Older than shipped before"),
        other_owner: _t("Another brand's goods"),
        returned_by_customer: _t("Returned by this customer"),
        short_dated: _t("Too short-dated"),
        stop_ship: _t("Too near to expiry"),
        suspect_separator: _t("Check the label"),
        too_early: _t("Too early"),
        too_many: _t("Too many"),
        undated: _t("No expiry date"),
        unknown_barcode: _t("Unknown barcode"),
        unknown_lot: _t("Unknown lot"),
        unreadable: _t("Label cannot be trusted"),
        wrong_bin: _t("Wrong bin"),
        wrong_date: _t("Wrong date on the label"),
        wrong_lot: _t("Wrong lot"),
        wrong_product: _t("Wrong product"),
    };
    return titles[code] || _t("Stop");
}

/** Refusals of goods that a supervisor may let pass. */
export const APPROVABLE = [
    "expired",
    "older_than_shipped",
    "returned_by_customer",
    "short_dated",
    "stop_ship",
    "too_early",
    "undated",
];
