const CLEANED = /Alt|Shift|Control/g;
const MOST_KEYS = 4096;

/**
 * What a wedge scanner really sent, next to what Odoo's barcode service makes of it.
 *
 * The service drops modifier keys, and with them the separators of GS1 labels: scanners send the
 * character 29 as Ctrl+] or as Alt+029. It would also cut "Alt" out of a lot named "Altitude". The
 * keys are kept here, and when the service says that a barcode is complete, the text is read from
 * them again, untouched.
 */
export class RawKeys {
    constructor() {
        this.keys = [];
    }

    /** @param {KeyboardEvent} ev */
    add(ev) {
        const isModifier = ["Control", "Alt"].includes(ev.key);
        if (!ev.key || ev.metaKey || (ev.key.length > 1 && !isModifier)) {
            return;
        }
        this.keys.push({ key: ev.key, ctrl: ev.ctrlKey, alt: ev.altKey, isModifier });
        if (this.keys.length > MOST_KEYS) {
            this.keys.splice(0, this.keys.length - MOST_KEYS);
        }
    }

    /**
     * The text behind `barcode`, and forget the keys.
     *
     * @param {string} barcode what the service read
     * @returns {string}
     */
    take(barcode) {
        let start = -1;
        let seen = "";
        for (let index = this.keys.length - 1; index >= 0; index--) {
            seen = this.keys[index].key + seen;
            if (seen.replace(CLEANED, "") === barcode) {
                start = index;
            }
        }
        const keys = start < 0 ? null : this.keys.slice(start);
        this.keys = [];
        return keys ? toText(keys) : barcode;
    }
}

function toText(keys) {
    let text = "";
    let code = "";
    const endCode = () => {
        if (code) {
            text += String.fromCharCode(Number(code));
            code = "";
        }
    };
    for (const { key, ctrl, alt, isModifier } of keys) {
        if (alt && !ctrl && /^\d$/.test(key)) {
            code += key;
            continue;
        }
        endCode();
        if (isModifier) {
            continue;
        }
        // AltGr is sent as Ctrl and Alt together and makes ordinary characters.
        text += ctrl && !alt ? String.fromCharCode(key.toUpperCase().charCodeAt(0) & 0x1f) : key;
    }
    endCode();
    return text;
}
