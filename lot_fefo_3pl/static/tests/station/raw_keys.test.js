import { describe, expect, test } from "@odoo/hoot";

import { RawKeys } from "@lot_fefo_3pl/station/core/raw_keys";

describe.current.tags("headless");

const GS = "\x1d";

/** The keys of a text, `^]` as Ctrl+] and `@029` as Alt+029. */
function keysOf(text) {
    const keys = new RawKeys();
    for (const part of text.match(/\^\]|@\d+;|[^]/g)) {
        if (part === "^]") {
            keys.add({ key: "Control", ctrlKey: true });
            keys.add({ key: "]", ctrlKey: true });
        } else if (part.startsWith("@") && part.length > 1) {
            keys.add({ key: "Alt", altKey: true });
            for (const key of part.slice(1, -1)) {
                keys.add({ key, altKey: true });
            }
        } else {
            keys.add({ key: part });
        }
    }
    return keys;
}

test("a separator sent as Ctrl+] or Alt+029 is kept", () => {
    expect(keysOf("10AB1^]17271231").take("10AB1]17271231")).toBe(`10AB1${GS}17271231`);
    expect(keysOf("10AB1@029;17271231").take("10AB102917271231")).toBe(`10AB1${GS}17271231`);
    expect(keysOf("10AB1@0029;").take("10AB10029")).toBe(`10AB1${GS}`);
});

test("a lot whose name contains the name of a key is not cut", () => {
    expect(keysOf("Altitude-Control7").take("itude-7")).toBe("Altitude-Control7");
});

test("what was typed before the scan is left out", () => {
    expect(keysOf("xyLOT-1").take("LOT-1")).toBe("LOT-1");
});

test("a barcode that did not come from the keyboard is taken as it is", () => {
    expect(keysOf("abc").take("FROM-ELSEWHERE")).toBe("FROM-ELSEWHERE");
    expect(new RawKeys().take("LOT-1")).toBe("LOT-1");
});

test("keys count for one scan only", () => {
    const keys = keysOf("LOT-1^]x");
    expect(keys.take("LOT-1]x")).toBe(`LOT-1${GS}x`);
    expect(keys.take("LOT-1]x")).toBe("LOT-1]x");
});

test("characters of AltGr are characters, other keys are none", () => {
    const keys = new RawKeys();
    keys.add({ key: "Alt", altKey: true, ctrlKey: true });
    keys.add({ key: "@", altKey: true, ctrlKey: true });
    keys.add({ key: "Shift" });
    keys.add({ key: "F5" });
    keys.add({ key: "A" });
    expect(keys.take("@A")).toBe("@A");
});
