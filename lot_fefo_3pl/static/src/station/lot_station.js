import {
    Component,
    onMounted,
    onWillUnmount,
    useExternalListener,
    useState,
    useSubEnv,
} from "@odoo/owl";
import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { browser } from "@web/core/browser/browser";
import { isDisplayStandalone } from "@web/core/browser/feature_detection";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { RawKeys } from "./core/raw_keys";
import { StationHome } from "./station_home";
import { StationModel } from "./station_model";
import { StationBar, StationHeader, StationQuestions, StationSay } from "./station_parts";

const PATH = "lot-station";
const BETWEEN_KEYS = 150;

/** The operator's screen: one instruction, one answer, and the flow that is being worked on. */
export class LotStation extends Component {
    static template = "lot_fefo_3pl.LotStation";
    static components = { StationBar, StationHeader, StationHome, StationQuestions, StationSay };
    static props = { ...standardActionServiceProps };
    static target = "fullscreen";
    static path = PATH;
    static displayName = _t("Lot Station");

    setup() {
        this.actionService = useService("action");
        this.model = new StationModel({
            rpc,
            storage: browser.localStorage,
            user: { id: user.userId, name: user.name, context: user.context },
            onPlace: (place) => this.keepPlace(place),
        });
        useSubEnv({ station: this.model });
        // Only the place is read here: what a flow says while it starts must not start it again.
        this.state = useState(this.model.state);
        this.rawKeys = new RawKeys();
        this.lastKey = 0;
        const barcode = useService("barcode");
        useBus(barcode.bus, "barcode_scanned", ({ detail }) =>
            this.model.scan(this.rawKeys.take(detail.barcode), "wedge")
        );
        useExternalListener(window, "keydown", (ev) => this.onKeydown(ev), { capture: true });
        useExternalListener(window, "online", () => this.model.setConnected(true));
        useExternalListener(window, "offline", () => this.model.setConnected(false));
        this.restorePlace();
        onMounted(() => this.model.queue.flush());
        onWillUnmount(() => this.model.queue.stop());
    }

    // Place ----------------------------------------------------------------------------------

    get flows() {
        return registry
            .category("lot_station_flows")
            .getAll()
            .sort((a, b) => a.sequence - b.sequence);
    }

    get flow() {
        return this.flows.find((flow) => flow.key === this.state.flow);
    }

    restorePlace() {
        const { flow, ...rest } = this.props.action.params || {};
        if (this.flows.some((known) => known.key === flow)) {
            const hidden = ["action", "actionStack", "displayName", "debug"];
            this.model.state.flow = flow;
            this.model.state.params = Object.fromEntries(
                Object.entries(rest).filter(([name]) => !hidden.includes(name))
            );
        }
    }

    /** The URL holds the place, so that a reload finds it again; what is not in it is emptied. */
    keepPlace({ flow, ...params }) {
        const empty = Object.fromEntries((this.placeKeys || []).map((name) => [name, undefined]));
        this.placeKeys = Object.keys(params);
        this.props.updateActionState?.({ ...empty, ...params, flow: flow || undefined });
    }

    leave() {
        this.actionService.doAction("stock.stock_picking_type_action", { clearBreadcrumbs: true });
    }

    get isStandalone() {
        return isDisplayStandalone();
    }

    // Input ----------------------------------------------------------------------------------

    onKeydown(ev) {
        const now = Date.now();
        // A scanner's blank must not press the button that happens to have the focus.
        if (ev.key === " " && now - this.lastKey < BETWEEN_KEYS && !isEditable(ev.target)) {
            ev.preventDefault();
        }
        this.lastKey = now;
        this.rawKeys.add(ev);
        if (ev.key === "Escape" && !this.model.state.sheets.length && this.model.state.flow) {
            this.model.back();
        }
    }

    get hasCamera() {
        return isBarcodeScannerSupported();
    }

    async openCamera() {
        let barcode;
        try {
            barcode = await scanBarcode(this.env);
        } catch (error) {
            this.model.answer({
                tone: "ask",
                title: _t("No camera"),
                message: error.message || _t("Allow this page to use the camera, or type."),
            });
            return;
        }
        this.model.scan(barcode, "camera");
    }

    async openTyping() {
        const text = await this.model.askText({
            title: _t("Type a barcode"),
            label: _t("Barcode, lot, bin or transfer"),
            required: true,
            scan: true,
        });
        if (text) {
            this.model.scan(text, "typed");
        }
    }
}

function isEditable(element) {
    return element.matches?.('input,textarea,[contenteditable="true"]');
}

registry.category("actions").add("lot_fefo_3pl.station", LotStation);
