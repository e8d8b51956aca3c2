/**
 * Scans from all sources go through here to the one handler, one after the other.
 *
 * A scan that arrives while another is being answered waits. When that answer is a refusal, the
 * waiting scans are dropped: the operator made them without having seen the red screen.
 */
export class ScanHub {
    constructor() {
        this.handlers = [];
        this.waiting = [];
        this.running = null;
    }

    /**
     * @param {(scan: {barcode: string, source: string}) => any} handler gets the scans until the
     *  returned function is called; the newest handler is the one that gets them
     */
    listen(handler) {
        this.handlers.push(handler);
        return () => {
            this.handlers = this.handlers.filter((other) => other !== handler);
        };
    }

    get handler() {
        return this.handlers.at(-1);
    }

    /** @returns {Promise} when this scan and those before it are answered */
    scan(barcode, source) {
        this.waiting.push({ barcode, source });
        this.running ||= this._run();
        return this.running;
    }

    /** Forget the scans that wait; their number. */
    drop() {
        return this.waiting.splice(0).length;
    }

    async _run() {
        // Begin later, so that a handler that fails at once still finds `running` set.
        await null;
        try {
            while (this.waiting.length) {
                const scan = this.waiting.shift();
                await this.handler?.(scan);
            }
        } finally {
            this.running = null;
        }
    }
}
