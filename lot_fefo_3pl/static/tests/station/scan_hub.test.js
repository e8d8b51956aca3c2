import { describe, expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-dom";

import { ScanHub } from "@lot_fefo_3pl/station/core/scan_hub";

describe.current.tags("headless");

test("scans are answered one after the other, in their order", async () => {
    const hub = new ScanHub();
    const answers = [];
    hub.listen(async ({ barcode }) => {
        expect.step(`begin ${barcode}`);
        await new Promise((resolve) => answers.push(resolve));
        expect.step(`end ${barcode}`);
    });
    const done = Promise.all([hub.scan("A"), hub.scan("B")]);
    await animationFrame();
    expect.verifySteps(["begin A"]);
    answers.shift()();
    await animationFrame();
    answers.shift()();
    await done;
    expect.verifySteps(["end A", "begin B", "end B"]);
});

test("only the screen on top gets scans", async () => {
    const hub = new ScanHub();
    hub.listen(({ barcode }) => expect.step(`home ${barcode}`));
    const stop = hub.listen(({ barcode, source }) => expect.step(`flow ${barcode} ${source}`));
    await hub.scan("A", "wedge");
    stop();
    await hub.scan("B", "camera");
    expect.verifySteps(["flow A wedge", "home B"]);
});

test("scans made before a refusal was seen are dropped", async () => {
    const hub = new ScanHub();
    hub.listen(({ barcode }) => {
        expect.step(barcode);
        if (barcode === "WRONG") {
            expect.step(`dropped ${hub.drop()}`);
        }
    });
    await Promise.all(["RIGHT", "WRONG", "UNSEEN", "UNSEEN"].map((code) => hub.scan(code)));
    expect.verifySteps(["RIGHT", "WRONG", "dropped 2"]);
});

test("a scan that nobody can answer does not block the next one", async () => {
    const hub = new ScanHub();
    await hub.scan("NOBODY");
    hub.listen(({ barcode }) => {
        if (barcode === "BAD") {
            throw new Error("broken");
        }
        expect.step(barcode);
    });
    await hub.scan("BAD").catch((error) => expect.step(error.message));
    await hub.scan("GOOD");
    expect.verifySteps(["broken", "GOOD"]);
});
