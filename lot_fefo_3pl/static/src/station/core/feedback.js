import { browser } from "@web/core/browser/browser";

// Tones as [frequency in Hz, start, length] in seconds; vibration in milliseconds.
const SIGNALS = {
    ok: { tones: [[1320, 0, 0.09]], vibrate: [60] },
    done: {
        tones: [
            [990, 0, 0.09],
            [1320, 0.1, 0.16],
        ],
        vibrate: [60, 60, 60],
    },
    ask: {
        tones: [
            [660, 0, 0.12],
            [660, 0.2, 0.12],
        ],
        vibrate: [120, 80, 120],
    },
    refused: {
        tones: [
            [196, 0, 0.25],
            [147, 0.27, 0.4],
        ],
        vibrate: [400, 100, 400],
    },
};

let context;

/**
 * Sound and vibration for an answer, made without files.
 *
 * @param {"ok"|"done"|"ask"|"refused"} name
 */
export function signal(name) {
    const { tones, vibrate } = SIGNALS[name] || {};
    if (!tones) {
        return;
    }
    browser.navigator.vibrate?.(vibrate);
    const Context = window.AudioContext;
    if (!Context) {
        return;
    }
    context ||= new Context();
    // A browser stays silent until the page was touched or typed into.
    context.resume?.();
    for (const [frequency, start, length] of tones) {
        const oscillator = context.createOscillator();
        const gain = context.createGain();
        oscillator.type = name === "refused" ? "sawtooth" : "sine";
        oscillator.frequency.value = frequency;
        const begin = context.currentTime + start;
        gain.gain.setValueAtTime(0.35, begin);
        gain.gain.exponentialRampToValueAtTime(0.001, begin + length);
        oscillator.connect(gain).connect(context.destination);
        oscillator.start(begin);
        oscillator.stop(begin + length);
    }
}
