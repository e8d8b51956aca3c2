import { browser } from "@web/core/browser/browser";

/** Press keys as a wedge scanner does: all at once, then Enter; "^]" is a separator as Ctrl+]. */
export function press(text) {
    const keydown = (key, options = {}) =>
        document.body.dispatchEvent(
            new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...options })
        );
    for (const part of text.replaceAll("\x1d", "^]").match(/\^\]|[^]/g)) {
        if (part === "^]") {
            keydown("Control", { ctrlKey: true });
            keydown("]", { ctrlKey: true });
        } else {
            keydown(part);
        }
    }
    keydown("Enter");
}

/** A step that scans, when `trigger` is there. */
export function scan(text, trigger = ".o_lot_station") {
    return { content: `Scan ${text}`, trigger, run: () => press(text) };
}

/** A step that waits for the big answer: its colour and a word in it. */
export function answered(tone, text) {
    return {
        content: `The answer is ${tone}: ${text}`,
        trigger: `.o_lot_station_answer[data-tone=${tone}]:contains("${text}")`,
    };
}

/** A step that waits for the big instruction. */
export function told(text) {
    return { content: `Told: ${text}`, trigger: `.o_lot_station_instruction:contains("${text}")` };
}

/** A step that taps the button with this key at the bottom or in a question. */
export function tap(key) {
    return {
        content: `Tap ${key}`,
        trigger: `.o_lot_station [data-key="${key}"]:enabled`,
        run: "click",
    };
}

/** A step that waits for a word beside the title: the connection. */
export function headed(text) {
    return {
        content: `Headed: ${text}`,
        trigger: `.o_lot_station_connection:contains("${text}")`,
    };
}

/** A step that reloads the page, as an operator does or a battery. */
export function reload() {
    return {
        content: "Reload",
        trigger: ".o_lot_station",
        run: () => window.location.reload(),
        expectUnloadPage: true,
    };
}

/** A step after which nothing reaches the server, until the page is loaded again. */
export function disconnect() {
    return {
        content: "The connection is lost",
        trigger: ".o_lot_station",
        run: () => {
            browser.XMLHttpRequest = class extends XMLHttpRequest {
                send() {
                    setTimeout(() => this.dispatchEvent(new ProgressEvent("error")));
                }
            };
        },
    };
}
