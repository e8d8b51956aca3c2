import { _t } from "@web/core/l10n/translation";

import { formatQuantity } from "./receive_goods";

/** Which receipt a scan belongs to, when there are several. */
export function askReceipt(station, { message, choices }) {
    return station.choose({
        title: _t("Which receipt?"),
        message,
        options: choices.map((one) => ({
            value: one.id,
            label: one.name,
            sub: [one.owner, one.origin, one.date].filter(Boolean).join(" · "),
        })),
    });
}

/** What the server wants to know of the goods in hand. */
export async function askWanted(station, ask) {
    const title = station.state.answer?.title || _t("Please check");
    const message = station.state.answer?.message || "";
    const asked = {
        text: () =>
            station.askText({
                title,
                message,
                label: ask.label,
                required: true,
                scan: ask.field === "lot",
            }),
        number: () => station.askNumber({ title, message, value: ask.value, uom: ask.uom }),
        confirm: () => station.confirm({ title, message, confirmLabel: _t("Yes, receive it") }),
        choose: () => station.choose({ title, message, options: ask.options }),
    };
    const value = await asked[ask.kind]();
    if (ask.kind !== "choose" || value !== "") {
        return value;
    }
    return station.askText({
        title: _t("Expiry date"),
        label: _t("As on the label, like 31 DEC 2027"),
        required: true,
    });
}

export function askQuantity(station, goods) {
    return station.askNumber({
        title: _t("How many came?"),
        value: goods?.quantity || undefined,
        uom: goods?.uom,
    });
}

export function askDamage(station) {
    return station.askText({
        title: _t("What is damaged?"),
        label: _t("It is received on hold, with this reason"),
        required: true,
        suggestions: [_t("Carton wet"), _t("Carton torn"), _t("Broken"), _t("Seal open")],
    });
}

export function askPutAside(station) {
    return station.confirm({
        title: _t("Put these goods aside?"),
        message: _t("Nothing of them is received. Scan the next goods then."),
        confirmLabel: _t("Put aside"),
    });
}

/** Whose goods came unannounced: `{id, warehouse_id, reference}`, or null. */
export async function askShipment(station, brands) {
    const index = await station.choose({
        title: _t("Whose goods came?"),
        options: brands.map((brand, number) => ({ value: number, label: brand.name })),
    });
    if (index === null) {
        return null;
    }
    const reference = await station.askText({
        title: _t("Reference of the shipment"),
        label: _t("From the delivery note; may stay empty"),
    });
    return reference === null ? null : { ...brands[index], reference };
}

export function askTakeBack(station, line) {
    return station.confirm({
        title: _t("Take this back?"),
        message: _t("%(quantity)s of lot %(lot)s, in %(bin)s", {
            quantity: formatQuantity(line.quantity),
            lot: line.lot,
            bin: line.bin,
        }),
        confirmLabel: _t("Take back"),
        danger: true,
    });
}

/** What becomes of what did not come: `"keep"`, `"drop"`, or null. */
export function askRest(station) {
    return station.choose({
        title: _t("Less came than expected"),
        options: [
            { value: "keep", label: _t("The rest comes later"), sub: _t("Back-order") },
            { value: "drop", label: _t("The rest does not come") },
        ],
    });
}
