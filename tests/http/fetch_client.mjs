// Asks the server of clients_test.py by Node's fetch and by its http module, and says on standard
// output, as one line of JSON for each, what it was answered: `node fetch_client.mjs URL`.
import http from "node:http";

const base = process.argv[2];
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });

function tell(what, told) {
    console.log(JSON.stringify({ what, ...told }));
}

async function fetched(what, path, options) {
    const answer = await fetch(base + path, options);
    const body = await answer.text();
    tell(what, { status: answer.status, length: body.length, body: body.slice(0, 100) });
}

async function* pieces() {
    for (let at = 0; at < 100; ++at) yield Buffer.from("abc".repeat(100));
}

// Resolves with what was answered, and whether it came on a connection that was there already.
function asked(path, options, send) {
    return new Promise((resolve, reject) => {
        const request = http.request(base + path, { agent, ...options });
        let continued = false;
        request.on("continue", () => {
            continued = true;
            send(request);
        });
        request.on("error", reject);
        request.on("response", async (answer) => {
            let body = "";
            for await (const piece of answer.setEncoding("latin1")) body += piece;
            resolve({
                status: answer.statusCode, length: body.length, continued,
                reused: request.reusedSocket, trailers: answer.trailers,
            });
        });
        if (options.headers?.Expect) request.flushHeaders();
        else send(request);
    });
}

await fetched("get", "/hello");
await fetched("head", "/hello", { method: "HEAD" });
await fetched("nowhere", "/nowhere");
await fetched("post", "/echo", { method: "POST", body: "x".repeat(100_000) });
await fetched("chunked", "/count", { method: "POST", body: pieces(), duplex: "half" });
await fetched("large", "/large");
await fetched("streamed", "/streamed");
await fetched("form", "/form",
              { method: "POST", body: new URLSearchParams({ name: "R&D, 50 %" }) });
try {
    await fetched("broken", "/broken");
} catch (refused) {
    tell("broken", { refused: refused.name });
}

const end = (request) => request.end();
tell("first", await asked("/hello", {}, end));
tell("second", await asked("/hello", {}, end));
tell("expect", await asked("/echo", { method: "POST",
                                      headers: { Expect: "100-continue", "Content-Length": 3 } },
                           (request) => request.end("abc")));
tell("trailers", await asked("/streamed", { headers: { TE: "trailers" } }, end));
agent.destroy();
