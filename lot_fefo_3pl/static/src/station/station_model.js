import { reactive } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";

import { ScanHub } from "./core/scan_hub";
import { ScanQueue } from "./core/scan_queue";
import { signal } from "./core/feedback";

const DEVICE_KEY = "lot_station.device";
const TIMEOUT = 12000;

/**
 * Everything the station's screens share: the instruction, the answer, the calls, the questions.
 * It knows no DOM; flows reach it as `useStation()`. `docs/station.md` describes it for them.
 */
export class StationModel {
    /**
     * @param {object} options
     * @param {Function} options.rpc Odoo's `rpc`
     * @param {Storage} options.storage
     * @param {{id: number, name: string, context: object}} options.user
     * @param {(place: object) => void} options.onPlace keeps the place in the URL
     * @param {(name: string) => void} [options.signal]
     */
    constructor({ rpc, storage, user, onPlace, signal: play = signal }) {
        Object.assign(this, { rpc, storage, user, onPlace, signal: play });
        this.state = reactive({
            flow: null,
            params: {},
            opened: 0,
            instruction: { text: "", sub: "" },
            answer: null,
            actions: [],
            sheets: [],
            late: [],
            pending: [],
            connection: "online",
            isStored: true,
            busy: 0,
            device: storage.getItem(DEVICE_KEY) || "",
        });
        this.backHandlers = [];
        this.lateHandlers = [];
        this.hub = new ScanHub();
        this.queue = new ScanQueue({
            storage,
            prefix: `lot_station.call.${user.id}.`,
            send: (entry) => this._send(entry.model, entry.method, entry.args, entry.kwargs),
            onLate: (entry, outcome) => this._onLate(entry, outcome),
            onChange: (queue) => this._onQueue(queue),
        });
        this._onQueue(this.queue);
    }

    get device() {
        return this.state.device;
    }

    setDevice(name) {
        this.state.device = name;
        this.storage.setItem(DEVICE_KEY, name);
    }

    /** The browser says whether there is a network; only an answer says that the server hears us. */
    setConnected(isConnected) {
        this.state.connection = isConnected ? "online" : "offline";
        if (isConnected) {
            this.queue.retry();
        }
    }

    // Where the operator is ------------------------------------------------------------------

    get placeKey() {
        return `lot_station.place.${this.user.id}`;
    }

    /** Open a flow; `params` are what it finds again after a reload. */
    open(flow, params = {}) {
        this.instruct("");
        this.clearAnswer();
        this.setActions([]);
        this.state.flow = flow;
        this.state.params = params;
        this.state.opened++;
        this.remember(params);
    }

    /** Keep `params` (plain values) in the URL and on the device. */
    remember(params) {
        const place = { flow: this.state.flow, ...params };
        this.storage.setItem(this.placeKey, JSON.stringify(place));
        this.onPlace(place);
    }

    /** Back to the home screen. */
    close() {
        this.open(null);
    }

    /** One step back: first what the flow makes of it, else the home screen. */
    async back() {
        const handler = this.backHandlers.at(-1);
        if (!(await handler?.())) {
            this.close();
        }
    }

    // What the operator sees -----------------------------------------------------------------

    /** The one big instruction. */
    instruct(text, sub = "") {
        this.state.instruction = { text, sub };
    }

    /**
     * The one big answer, with sound and vibration.
     *
     * @param {object} answer
     * @param {"ok"|"done"|"ask"|"refused"|"info"} answer.tone
     * @param {string} answer.title
     * @param {string} [answer.message] what to do, or the reason
     * @param {string} [answer.detail]
     * @param {string} [answer.remaining] what is left, shown large
     */
    answer({ tone, title, message = "", detail = "", remaining = "" }) {
        if (tone === "refused") {
            const dropped = this.hub.drop();
            if (dropped) {
                detail = [detail, _t("Further scans (%s) were not counted: scan again.", dropped)]
                    .filter(Boolean)
                    .join(" ");
            }
        }
        this.number = (this.number || 0) + 1;
        this.state.answer = {
            tone,
            title,
            message,
            detail,
            remaining: `${remaining ?? ""}`,
            number: this.number,
        };
        this.signal(tone);
    }

    clearAnswer() {
        this.state.answer = null;
    }

    /**
     * The buttons at the bottom.
     *
     * @param {{key: string, label: string, run: Function, icon?: string,
     *  tone?: "primary"|"danger", disabled?: boolean}[]} actions
     */
    setActions(actions) {
        this.state.actions = actions;
    }

    // Calls ----------------------------------------------------------------------------------

    newUid() {
        const random = crypto.getRandomValues(new Uint32Array(3));
        return `${this.user.id}-${Date.now().toString(36)}-${[...random]
            .map((number) => number.toString(36))
            .join("")}`;
    }

    /**
     * Call the server. What went wrong is shown as the answer, and null returned.
     *
     * With `uid` the call is stored first, sent in its order and again after a lost connection;
     * the server knows it again by the keyword `uid`. Without a connection the result is then
     * `{pending: true, ...optimistic}`, and the late answer goes to `useStationLate`. A call
     * without `uid` needs the connection and waits until everything stored has been sent.
     *
     * @param {string} model
     * @param {string} method
     * @param {any[]} [args]
     * @param {object} [kwargs]
     * @param {{uid?: string, optimistic?: object, label?: string}} [options] `label` is what the
     *  operator reads of a call that waits
     * @returns {Promise<any|null>}
     */
    async call(model, method, args = [], kwargs = {}, { uid, optimistic = {}, label = "" } = {}) {
        this.state.busy++;
        try {
            if (!uid) {
                return await this._callNow(model, method, args, kwargs);
            }
            kwargs = { ...kwargs, uid };
            const outcome = await this.queue.push({ uid, model, method, args, kwargs, label });
            if (outcome.pending) {
                return { pending: true, ...optimistic };
            }
            if (outcome.error) {
                this._showError(outcome.error);
                return null;
            }
            return outcome.result;
        } finally {
            this.state.busy--;
        }
    }

    async _callNow(model, method, args, kwargs) {
        try {
            if (!(await this.queue.flush())) {
                this._showNoConnection();
                return null;
            }
            const result = await this._send(model, method, args, kwargs);
            this.state.connection = "online";
            return result;
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                this.state.connection = "offline";
                this._showNoConnection();
            } else if (error instanceof RPCError) {
                this._showError(error);
            } else {
                throw error;
            }
            return null;
        }
    }

    /** A call that has no answer after a while counts as lost: in a dead spot none would come. */
    _send(model, method, args, kwargs) {
        const request = this.rpc(
            `/web/dataset/call_kw/${model}/${method}`,
            { model, method, args, kwargs: { ...kwargs, context: this.user.context } },
            { silent: true }
        );
        let timer;
        const tooLong = new Promise((_resolve, reject) => {
            timer = setTimeout(() => {
                request.abort?.(false);
                reject(new ConnectionLostError());
            }, TIMEOUT);
        });
        return Promise.race([request, tooLong]).finally(() => clearTimeout(timer));
    }

    _showNoConnection() {
        const isLogin = this.queue.connection === "login";
        this.answer({
            tone: "ask",
            title: isLogin ? _t("Log in again") : _t("No connection"),
            message: isLogin
                ? _t("Your session has ended. Nothing is lost: reload this page and log in.")
                : _t("This step needs the connection. Go on scanning, or try again."),
        });
    }

    _showError(error) {
        this.answer({
            tone: "refused",
            title: _t("Not done"),
            message: error.data?.message || error.message,
        });
    }

    _onQueue(queue) {
        this.state.pending = queue.pending.map(({ uid, label, time }) => ({ uid, label, time }));
        this.state.connection = queue.connection;
        this.state.isStored = queue.isStored;
    }

    /** A red answer that comes late stops the work until somebody has read it. */
    _onLate(entry, outcome) {
        const result = outcome.result || {};
        const isRefused = outcome.error || ["refused", "ask"].includes(result.status);
        if (isRefused) {
            this.hub.drop();
            this.state.late.push({
                uid: entry.uid,
                label: entry.label,
                message: outcome.error
                    ? outcome.error.data?.message || outcome.error.message
                    : result.message,
            });
            this.signal("refused");
        }
        for (const handler of this.lateHandlers) {
            handler({ entry, ...outcome });
        }
    }

    acknowledgeLate(uid) {
        this.state.late = this.state.late.filter((late) => late.uid !== uid);
    }

    // Questions ------------------------------------------------------------------------------

    /** @returns {Promise} the answer of a question; null when it was closed */
    ask(kind, props) {
        return new Promise((resolve) => {
            const id = (this.sheetId = (this.sheetId || 0) + 1);
            const close = (value) => {
                this.state.sheets = this.state.sheets.filter((sheet) => sheet.id !== id);
                resolve(value ?? null);
            };
            this.state.sheets.push({ id, kind, props, close });
        });
    }

    /** @returns {Promise<boolean>} `{title, message, confirmLabel, cancelLabel, danger}` */
    async confirm(props) {
        return Boolean(await this.ask("confirm", props));
    }

    /** @returns {Promise<any>} `{title, message, options: [{value, label, sub, tone}]}` */
    choose(props) {
        return this.ask("choose", props);
    }

    /** @returns {Promise<number|null>} `{title, label, value, min, max, decimals, uom}` */
    askNumber(props) {
        return this.ask("number", props);
    }

    /**
     * @returns {Promise<string|null>} `{title, label, value, required, multiline, password,
     *  suggestions: [string], scan}`; with `scan` a scan is the answer
     */
    askText(props) {
        return this.ask("text", props);
    }

    /** @returns {Promise<string|null>} "YYYY-MM-DD"; `{title, label, value, min, max}` */
    askDate(props) {
        return this.ask("date", props);
    }

    // Scans ----------------------------------------------------------------------------------

    /** A scan of any source. While a question is open only the question can take it. */
    scan(barcode, source) {
        if (this.state.late.length) {
            this.signal("refused");
            return;
        }
        const sheet = this.state.sheets.at(-1);
        if (sheet) {
            if (sheet.props.scan) {
                sheet.close(barcode);
            } else {
                this.signal("ask");
            }
            return;
        }
        return this.hub.scan(barcode, source);
    }
}
