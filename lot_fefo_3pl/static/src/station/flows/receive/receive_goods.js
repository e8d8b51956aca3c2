import { Component } from "@odoo/owl";

const number = new Intl.NumberFormat(undefined, { maximumFractionDigits: 3 });

export const formatQuantity = (quantity) => number.format(quantity);

/** The goods in hand: product, lot, unmistakable expiry, quantity, and the bin they go to. */
export class StationGoods extends Component {
    static template = "lot_fefo_3pl.StationGoods";
    static props = { goods: Object, bin: { optional: true } };

    format(quantity) {
        return formatQuantity(quantity);
    }
}
