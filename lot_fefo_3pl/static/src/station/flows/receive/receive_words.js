import { _t } from "@web/core/l10n/translation";

/** What is asked for, while its question is closed. */
export const ASKED = {
    quantity: { instruction: _t("Count the goods"), label: _t("Quantity") },
    lot: { instruction: _t("Read the lot"), label: _t("Enter the lot") },
    expiry_text: { instruction: _t("Read the expiry date"), label: _t("Enter the date") },
    other: { instruction: _t("Check the goods"), label: _t("Answer") },
};

/** The title of an answer of the server. */
export function title({ code, status }) {
    const titles = {
        read: _t("Read"),
        received: _t("Received"),
        wrong_date: _t("Other expiry date"),
        wrong_bin: _t("Not this bin"),
        over_receipt: _t("Too many"),
        short_dated: _t("Too short-dated"),
        expired: _t("Expired"),
        unknown_barcode: _t("Unknown"),
        other_owner: _t("Another brand's goods"),
        wrong_product: _t("Other product"),
        contradiction: _t("The labels differ"),
        held: _t("On hold"),
        pallet_known: _t("Pallet known already"),
        already_done: _t("Received already"),
        unreadable: _t("Cannot be read"),
        bad_date: _t("No date"),
        bad_quantity: _t("No quantity"),
        ask_lot: _t("Which lot?"),
        confirm_lot: _t("Which lot?"),
        suspect_separator: _t("Which lot?"),
        ask_date: _t("When does it expire?"),
        confirm_date: _t("When does it expire?"),
        ask_quantity: _t("How many?"),
        confirm_life: _t("Short-dated"),
        confirm_pallet: _t("Announced pallet"),
        confirm_difference: _t("Other than announced"),
        confirm_product: _t("Not expected"),
    };
    return titles[code] || (status === "ask" ? _t("Please check") : _t("Not possible"));
}

/** The look of a row of what was announced and what came. */
export function tone(row) {
    if (!row.kinds.length) {
        return "o_complete";
    }
    return row.received ? "o_problem" : "";
}

/** The look of the words on such a row. */
export function chip(row) {
    if (!row.kinds.length) {
        return "o_good";
    }
    return row.received ? "o_bad" : "o_warn";
}
