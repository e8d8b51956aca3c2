import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-dom";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";

import { StationModel } from "@lot_fefo_3pl/station/station_model";

describe.current.tags("headless");

let reply;

function makeStation() {
    return new StationModel({
        rpc: (...args) => Promise.resolve().then(() => reply(...args)),
        storage: localStorage,
        user: { id: 7, name: "Olga", context: { lang: "en_US" } },
        onPlace: () => {},
        signal: (name) => expect.step(name),
    });
}

function userError(message) {
    const error = new RPCError("Odoo Server Error");
    error.data = { message };
    return error;
}

beforeEach(() => {
    allowTranslations();
    localStorage.clear();
    reply = (_url, params) => params;
});

test("each answer is shown and heard", () => {
    const station = makeStation();
    for (const tone of ["ok", "ask", "refused"]) {
        station.answer({ tone, title: tone, remaining: 3 });
        expect(station.state.answer.tone).toBe(tone);
        expect(station.state.answer.remaining).toBe("3");
    }
    expect.verifySteps(["ok", "ask", "refused"]);
});

test("a refusal says how many scans were not counted", async () => {
    const station = makeStation();
    station.hub.listen(async () => {
        await Promise.resolve();
        station.answer({ tone: "refused", title: "Wrong lot" });
    });
    await Promise.all(["A", "B", "C"].map((code) => station.scan(code, "wedge")));
    expect(station.state.answer.detail).toMatch("(2)");
    expect.verifySteps(["refused"]);
});

test("a call carries its id and the user's language", async () => {
    const station = makeStation();
    const sent = await station.call("stock.picking", "lot_scan", [[1], "X"], {}, { uid: "u1" });
    expect(sent.kwargs).toEqual({ uid: "u1", context: { lang: "en_US" } });
    expect(station.state.busy).toBe(0);
});

test("what the server refuses is shown in its words", async () => {
    const station = makeStation();
    reply = () => {
        throw userError("Nobody may override this");
    };
    expect(await station.call("stock.lot.station", "pick_validate")).toBe(null);
    expect(station.state.answer.message).toBe("Nobody may override this");
    expect.verifySteps(["refused"]);
});

test("offline scans are pending, a late refusal stops the work until it was read", async () => {
    const station = makeStation();
    reply = () => {
        throw new ConnectionLostError();
    };
    const options = { uid: "u1", optimistic: { code: "pending" }, label: "LOT-1" };
    const answer = await station.call("stock.picking", "lot_scan", [[1], "LOT-1"], {}, options);
    expect(answer).toEqual({ pending: true, code: "pending" });
    expect(station.state.pending.map(({ label }) => label)).toEqual(["LOT-1"]);
    expect(station.state.connection).toBe("offline");
    expect(await station.call("stock.lot.station", "pick_validate")).toBe(null);
    expect.verifySteps(["ask"]);

    reply = () => ({ status: "refused", message: "Wrong lot" });
    station.hub.listen(({ barcode }) => expect.step(barcode));
    await advanceTime(3500);
    await animationFrame();
    expect(station.state.pending).toEqual([]);
    expect(station.state.late).toEqual([{ uid: "u1", label: "LOT-1", message: "Wrong lot" }]);
    await station.scan("LOT-2", "wedge");
    expect.verifySteps(["refused", "refused"]);
    station.acknowledgeLate("u1");
    await station.scan("LOT-2", "wedge");
    expect.verifySteps(["LOT-2"]);
});

test("a server that never answers counts as out of reach", async () => {
    const station = makeStation();
    reply = () => new Promise(() => {});
    const answer = station.call("stock.picking", "lot_scan", [[1], "X"], {}, { uid: "u1" });
    await animationFrame();
    await advanceTime(13000);
    expect((await answer).pending).toBe(true);
    station.queue.stop();
});

test("while a question is open only the question takes scans", async () => {
    const station = makeStation();
    station.hub.listen(({ barcode }) => expect.step(barcode));
    const question = station.confirm({ title: "Sure?" });
    await station.scan("LOT-1", "wedge");
    expect.verifySteps(["ask"]);
    station.state.sheets[0].close(true);
    expect(await question).toBe(true);
    const badge = station.askText({ title: "Badge", scan: true });
    await station.scan("BADGE-1", "wedge");
    expect(await badge).toBe("BADGE-1");
    await station.scan("LOT-1", "wedge");
    expect.verifySteps(["LOT-1"]);
});

test("the place is kept, Back asks the flow first", async () => {
    const station = makeStation();
    station.open("pick", { picking: 5 });
    expect(JSON.parse(localStorage.getItem("lot_station.place.7"))).toEqual({
        flow: "pick",
        picking: 5,
    });
    const handler = () => true;
    station.backHandlers.push(handler);
    await station.back();
    expect(station.state.flow).toBe("pick");
    station.backHandlers.pop();
    await station.back();
    expect(station.state.flow).toBe(null);
});

test("scans get ids that differ", () => {
    const station = makeStation();
    const ids = new Set(Array.from({ length: 1000 }, () => station.newUid()));
    expect(ids.size).toBe(1000);
});
