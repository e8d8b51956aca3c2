import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { allowTranslations, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { localization } from "@web/core/l10n/localization";

import {
    currentLine,
    guessLine,
    instruction,
    left,
    looksLike,
    needsBin,
    title,
} from "@lot_fefo_3pl/station/flows/pick/pick_walk_model";

describe.current.tags("headless");

beforeEach(() => {
    allowTranslations();
    patchWithCleanup(localization, { decimalPoint: ".", grouping: [3, 0], thousandsSep: "," });
});

function line(id, values = {}) {
    return {
        id,
        bin: `A-0${id}`,
        location: { id, name: `WH/Stock/A-0${id}`, barcode: `WH-A-0${id}` },
        product: { id: 1, name: "Vitamin C", barcode: "9520123456788" },
        lot: { id, name: `LOT-${id}` },
        expiry: "2027-06-10",
        quantity: 4,
        verified: 0,
        remaining: 4,
        uom: "Units",
        is_done: false,
        by_unit: false,
        ...values,
    };
}

function walk(...lines) {
    const done = lines.filter((one) => one.is_done).length;
    return { name: "WH/OUT/1", state: "open", lines, done, total: lines.length };
}

test("the first open line is next, unless another one was chosen or it was put off", () => {
    const some = walk(line(1, { is_done: true }), line(2), line(3));
    expect(currentLine(some, {}).id).toBe(2);
    expect(currentLine(some, { chosen: 3 }).id).toBe(3);
    expect(currentLine(some, { chosen: 1 }).id).toBe(2);
    expect(currentLine(some, { skipped: [2] }).id).toBe(3);
    expect(currentLine(some, { skipped: [2, 3] }).id).toBe(2);
    expect(currentLine(walk(line(1, { is_done: true })), {})).toBe(undefined);
});

test("what waits for its confirmation is not asked for again", () => {
    const some = walk(line(1), line(2));
    expect(currentLine(some, { waiting: { 1: 4 } }).id).toBe(2);
    expect(currentLine(some, { waiting: { 1: 3 } }).id).toBe(1);
    expect(left(some.lines[0], { 1: 3 })).toBe(1);
    expect(instruction(some, undefined, null, { 1: 4, 2: 4 }).text).toMatch("Wait");
});

test("first the bin, then the goods, then the validation", () => {
    const one = line(1);
    expect(needsBin(one, null)).toBe(true);
    expect(instruction(walk(one), one, null, {}).text).toBe("Go to bin A-01");
    const take = instruction(walk(one), one, "WH-A-01", {});
    expect(take.text).toBe("Take 4 Units of lot LOT-1");
    expect(take.sub).toMatch("10 Jun 2027");
    const done = walk(line(1, { is_done: true }));
    expect(instruction(done, undefined, null, {}).text).toBe("All picked");
});

test("a bin without a label is not asked for", () => {
    const one = line(1, { location: { id: 1, name: "WH/Stock/A-01", barcode: false } });
    expect(needsBin(one, null)).toBe(false);
});

test("without a connection only the label of the expected goods in their bin is believed", () => {
    const some = walk(line(1), line(2));
    expect(looksLike("0109520123456788\x1d10LOT-1", some.lines[0])).toBe(true);
    expect(guessLine(some, "WH-A-02", null, {}).inBin.id).toBe(2);
    expect(guessLine(some, "10LOT-1", null, {}).line).toBe(undefined);
    expect(guessLine(some, "10LOT-1", "WH-A-01", {}).line.id).toBe(1);
    expect(guessLine(some, "10LOT-9", "WH-A-01", {}).line).toBe(undefined);
    expect(guessLine(some, "10LOT-1", "WH-A-01", { 1: 4 }).line).toBe(undefined);
});

test("each refusal has a title of its own", () => {
    const codes = [
        "wrong_lot",
        "held",
        "expired",
        "short_dated",
        "other_owner",
        "wrong_bin",
        "already_done",
        "too_many",
    ];
    const titles = new Set(codes.map((code) => title(code).toString()));
    expect(titles.size).toBe(codes.length);
    expect(titles.has(title("anything else").toString())).toBe(false);
});
