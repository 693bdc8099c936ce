import { once } from 'node:events';
import http from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { describeItem, parseEnvelope } from './envelope.mjs';

const maxBodyBytes = 20 * 1024 * 1024;
const unzip = promisify(gunzip);

/**
 * Serves `POST /api/<project>/envelope/` on 127.0.0.1:`port`; `print` gets one line per item received.
 * `quiet(quietMs, untilEpochMs)` resolves when no request came for `quietMs`, or at `untilEpochMs`.
 */
export async function startSink(port, print) {
  const received = { envelopes: 0, items: 0 };
  let lastRequestMs = 0;

  const server = http.createServer(async (request, response) => {
    lastRequestMs = performance.now();
    try {
      const project = /^\/api\/(\d+)\/envelope\/(\?|$)/.exec(request.url)?.[1];
      if (request.method !== 'POST' || project === undefined) {
        print(`refused ${request.method} ${request.url}: only POST /api/<project>/envelope/ is served`);
        return answer(response, 404, { detail: 'not found' });
      }
      const envelope = parseEnvelope(await readBody(request));
      received.envelopes += 1;
      received.items += envelope.items.length;
      for (const item of envelope.items) print(`project ${project} received ${describeItem(item)}`);
      answer(response, 200, { id: envelope.header.event_id });
    } catch (error) {
      print(`refused an envelope: ${error.message}`);
      answer(response, 400, { detail: error.message });
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  async function quiet(quietMs, untilEpochMs) {
    lastRequestMs = performance.now();
    for (;;) {
      const leftMs = Math.min(lastRequestMs + quietMs - performance.now(), untilEpochMs - Date.now());
      if (leftMs <= 0) return;
      await new Promise((resolve) => setTimeout(resolve, leftMs));
    }
  }
  return { received, quiet };
}

async function readBody(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) throw new Error(`its body is longer than ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding'] === 'gzip'
    ? unzip(body, { maxOutputLength: maxBodyBytes })
    : body;
}

function answer(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
