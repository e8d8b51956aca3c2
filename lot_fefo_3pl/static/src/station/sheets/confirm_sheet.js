import { Component } from "@odoo/owl";

export class ConfirmSheet extends Component {
    static template = "lot_fefo_3pl.ConfirmSheet";
    static props = { close: Function, "*": true };
}
