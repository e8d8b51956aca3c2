import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-dom";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";

import { ScanQueue } from "@lot_fefo_3pl/station/core/scan_queue";

describe.current.tags("headless");

let server, storage;

/** A server that answers what `reply` says and can be out of reach. */
function makeServer() {
    return {
        reachable: true,
        reply: (entry) => ({ status: "ok", code: entry.args[0] }),
        async send(entry) {
            if (!this.reachable) {
                throw new ConnectionLostError();
            }
            expect.step(entry.uid);
            return this.reply(entry);
        },
    };
}

function makeQueue(options = {}) {
    return new ScanQueue({
        storage,
        prefix: "test.",
        send: (entry) => server.send(entry),
        onLate: (entry, outcome) => expect.step(`late ${entry.uid} ${outcome.result?.status}`),
        onChange: () => {},
        ...options,
    });
}

function call(uid) {
    return { uid, model: "stock.picking", method: "lot_scan", args: [uid], kwargs: {}, label: uid };
}

function serverError(exceptionName) {
    const error = new RPCError("no");
    error.exceptionName = exceptionName;
    return error;
}

beforeEach(() => {
    server = makeServer();
    storage = localStorage;
    storage.clear();
});

test("an answer comes back and the call is forgotten", async () => {
    const queue = makeQueue();
    const outcome = queue.push(call("1"));
    expect(queue.pending.map(({ uid }) => uid)).toEqual(["1"]);
    expect((await outcome).result).toEqual({ status: "ok", code: "1" });
    expect(queue.pending).toEqual([]);
    expect.verifySteps(["1"]);
});

test("without a connection calls are kept and sent once, in order, when it is back", async () => {
    const queue = makeQueue();
    server.reachable = false;
    expect(await queue.push(call("1"))).toEqual({ pending: true });
    expect(await queue.push(call("2"))).toEqual({ pending: true });
    expect(queue.connection).toBe("offline");
    expect(queue.pending.length).toBe(2);
    server.reachable = true;
    await advanceTime(20000);
    expect.verifySteps(["1", "late 1 ok", "2", "late 2 ok"]);
    expect(queue.pending.length).toBe(0);
    expect(queue.connection).toBe("online");
    await advanceTime(60000);
    expect.verifySteps([]);
});

test("it tries again by itself, ever more slowly, and at once when told to", async () => {
    let tries = 0;
    const queue = makeQueue({
        send: () => {
            tries++;
            throw new ConnectionLostError();
        },
    });
    await queue.push(call("1"));
    for (let second = 0; second < 60; second++) {
        await advanceTime(1000);
    }
    expect(tries).toBeGreaterThan(4);
    expect(tries).toBeLessThan(10);
    const before = tries;
    await queue.retry();
    expect(tries).toBe(before + 1);
    queue.stop();
});

test("what was stored before a reload is sent after it", async () => {
    server.reachable = false;
    const before = makeQueue();
    await before.push(call("1"));
    before.stop();
    server.reachable = true;
    const after = makeQueue();
    expect(after.pending.length).toBe(1);
    await after.flush();
    expect.verifySteps(["1", "late 1 ok"]);
});

test("another user's calls stay where they are", async () => {
    server.reachable = false;
    await makeQueue({ prefix: "other." }).push(call("1"));
    server.reachable = true;
    await makeQueue().flush();
    expect.verifySteps([]);
    expect(makeQueue({ prefix: "other." }).pending.length).toBe(1);
});

test("an error of the server is an answer, a lost connection is none", async () => {
    const queue = makeQueue();
    server.reply = () => {
        throw serverError("odoo.exceptions.UserError");
    };
    const outcome = await queue.push(call("1"));
    expect(outcome.error.exceptionName).toBe("odoo.exceptions.UserError");
    expect(queue.pending).toEqual([]);
    expect(queue.connection).toBe("online");
    expect.verifySteps(["1"]);
});

test("collisions in the database are tried again", async () => {
    const queue = makeQueue();
    let tries = 0;
    server.reply = () => {
        if (++tries < 3) {
            throw serverError("psycopg2.errors.SerializationFailure");
        }
        return { status: "ok" };
    };
    expect((await queue.push(call("1"))).result.status).toBe("ok");
    expect.verifySteps(["1", "1", "1"]);
});

test("an ended session keeps the calls until somebody logs in", async () => {
    const queue = makeQueue();
    server.reply = () => {
        throw serverError("odoo.http.SessionExpiredException");
    };
    expect(await queue.push(call("1"))).toEqual({ pending: true });
    expect(queue.connection).toBe("login");
    expect(queue.pending.length).toBe(1);
    server.reply = () => ({ status: "ok" });
    await animationFrame();
    await queue.flush();
    expect.verifySteps(["1", "1", "late 1 ok"]);
});

test("a browser that stores nothing says so and still sends", async () => {
    const full = {
        setItem() {
            throw new Error("QuotaExceededError");
        },
        removeItem() {},
    };
    const queue = makeQueue({ storage: full });
    expect((await queue.push(call("1"))).result.status).toBe("ok");
    expect(queue.isStored).toBe(false);
    expect.verifySteps(["1"]);
});
