import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { it } from 'node:test';
import { serviceModel } from './model/service-model.ts';
import { encodeOutput } from './protocol/encode-output.ts';
import { planInput } from './protocol/input-plan.ts';
import { planOutput } from './protocol/output-plan.ts';
import { parseInput } from './protocol/parse-input.ts';
import { Router } from './protocol/route.ts';
import { validateInput } from './protocol/validate.ts';

const rawUrl =
  '/2015-03-31/functions/arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Ahello/invocations?Qualifier=live';
const headers = { 'x-amz-invocation-type': 'RequestResponse', 'x-amz-log-type': 'None' };
const body = Buffer.from('{"key":"value"}');

it('the protocol of an Invoke costs little beside the HTTP exchange it is part of', {
  timeout: 60_000,
}, async (t) => {
  const router = new Router(serviceModel);
  const model = serviceModel.operations.Invoke!;
  const input = planInput(serviceModel, model.input);
  const output = planOutput(serviceModel, model);
  const invoke = (): number => {
    const route = router.route('POST', rawUrl)!;
    const parsed = parseInput(serviceModel, input, route, headers, body);
    validateInput(serviceModel, input.shape, parsed);
    const answer = { StatusCode: 200, ExecutedVersion: '$LATEST', Payload: parsed.Payload };
    return encodeOutput(serviceModel, output, answer, () => {}).status;
  };
  const rounds = 5000;
  for (let round = 0; round < rounds; round += 1) invoke();
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1) assert.equal(invoke(), 200);
  const protocolUs = cpuUsSince(before) / rounds;
  const exchangeUs = await bareExchangeUs();
  t.diagnostic(`protocol ${protocolUs.toFixed(1)} µs, bare exchange ${exchangeUs.toFixed(0)} µs`);
  assert.ok(protocolUs < exchangeUs / 5, `${protocolUs} µs of ${exchangeUs} µs`);
});

/** A request over loopback, answered at once: what the protocol is measured against. */
async function bareExchangeUs(): Promise<number> {
  const server = createServer((req, res) => void buffer(req).then((received) => res.end(received)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const exchange = async (): Promise<void> => {
    const req = request({ port, host: '127.0.0.1', method: 'POST', path: rawUrl, headers, agent }).end(body);
    const [res] = await once(req, 'response');
    await buffer(res);
  };
  for (let round = 0; round < 100; round += 1) await exchange();
  const before = process.cpuUsage();
  for (let round = 0; round < 300; round += 1) await exchange();
  const us = cpuUsSince(before) / 300;
  agent.destroy();
  server.close();
  return us;
}

/** Of the processor's time: what passes while others have it is nobody's cost. */
function cpuUsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
