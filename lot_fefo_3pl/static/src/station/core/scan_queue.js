import { ConnectionLostError } from "@web/core/network/rpc";

const FIRST_DELAY = 2000;
const LONGEST_DELAY = 15000;
// The server gives up after its own tries: such a call may be sent again as it is.
const TRY_AGAIN = /SerializationFailure|LockNotAvailable|DeadlockDetected|ConcurrencyError/;
const SESSION_ENDED = "odoo.http.SessionExpiredException";
const MOST_TRIES = 5;

/**
 * Calls that must reach the server once, in their order, whatever happens to the connection.
 *
 * Each call carries the id under which the server knows it again. It is stored before it is sent
 * and forgotten when its answer is there, so that a reload or a dead battery loses nothing. One
 * stored item per call: two tabs may send the same one, which the server counts once.
 */
export class ScanQueue {
    /**
     * @param {object} options
     * @param {Storage} options.storage
     * @param {string} options.prefix of the stored items: one user's calls
     * @param {(entry: object) => Promise} options.send
     * @param {(entry: object, outcome: object) => void} options.onLate gets answers to calls that
     *  nobody waits for any more
     * @param {(state: {pending: object[], connection: string}) => void} options.onChange
     */
    constructor({ storage, prefix, send, onLate, onChange }) {
        Object.assign(this, { storage, prefix, send, onLate, onChange });
        this.connection = "online";
        this.waiting = new Map();
        this.delay = FIRST_DELAY;
        this.sequence = 0;
        this.memory = new Map();
        this.isStored = true;
    }

    get pending() {
        const stored = Object.keys(this.storage)
            .filter((key) => key.startsWith(this.prefix))
            .map((key) => JSON.parse(this.storage.getItem(key)))
            .concat([...this.memory.values()]);
        return stored.sort((a, b) => a.time - b.time || a.sequence - b.sequence);
    }

    /**
     * Store a call and send it.
     *
     * @param {{uid: string, model: string, method: string, args: any[], kwargs: object,
     *  label: string}} call
     * @returns {Promise<{result?: any, error?: Error, pending?: boolean}>} `pending` when the
     *  answer will come late
     */
    push(call) {
        const entry = { ...call, time: Date.now(), sequence: this.sequence++ };
        this._store(entry);
        this.onChange(this);
        return new Promise((resolve) => {
            this.waiting.set(entry.uid, resolve);
            if (this.connection !== "online") {
                this._stopWaiting();
                return;
            }
            // What is being sent just now may have ended without having seen this call.
            Promise.resolve(this.flushing).then(() => this.waiting.has(entry.uid) && this.flush());
        });
    }

    /** Send what is stored. @returns {Promise<boolean>} whether nothing is left */
    flush() {
        this.flushing ||= this._flush().finally(() => {
            this.flushing = null;
        });
        return this.flushing;
    }

    /** Send again now, for example because the browser says that it is back online. */
    retry() {
        clearTimeout(this.timer);
        this.delay = FIRST_DELAY;
        return this.flush();
    }

    stop() {
        clearTimeout(this.timer);
        this.stopped = true;
    }

    async _flush() {
        clearTimeout(this.timer);
        let tries = 0;
        for (let entry = this.pending[0]; entry && !this.stopped; entry = this.pending[0]) {
            let outcome;
            try {
                outcome = { result: await this.send(entry) };
            } catch (error) {
                if (error instanceof ConnectionLostError) {
                    this._lost("offline");
                    return false;
                }
                if (error.exceptionName === SESSION_ENDED) {
                    this._lost("login");
                    return false;
                }
                if (TRY_AGAIN.test(error.exceptionName) && ++tries < MOST_TRIES) {
                    continue;
                }
                outcome = { error };
            }
            tries = 0;
            this._answered(entry, outcome);
        }
        return !this.pending.length;
    }

    _answered(entry, outcome) {
        this._forget(entry);
        this.delay = FIRST_DELAY;
        this.connection = "online";
        const resolve = this.waiting.get(entry.uid);
        this.waiting.delete(entry.uid);
        this.onChange(this);
        if (resolve) {
            resolve(outcome);
        } else {
            this.onLate(entry, outcome);
        }
    }

    _lost(connection) {
        this.connection = connection;
        this._stopWaiting();
        this.onChange(this);
        if (connection === "offline" && !this.stopped) {
            this.timer = setTimeout(() => this.flush(), this.delay);
            this.delay = Math.min(this.delay * 1.5, LONGEST_DELAY);
        }
    }

    _stopWaiting() {
        for (const resolve of this.waiting.values()) {
            resolve({ pending: true });
        }
        this.waiting.clear();
    }

    _key(entry) {
        return `${this.prefix}${entry.uid}`;
    }

    _store(entry) {
        try {
            this.storage.setItem(this._key(entry), JSON.stringify(entry));
        } catch {
            // Storage full or forbidden: the call lives as long as the page, which is said.
            this.memory.set(entry.uid, entry);
            this.isStored = false;
        }
    }

    _forget(entry) {
        this.memory.delete(entry.uid);
        this.storage.removeItem(this._key(entry));
    }
}
