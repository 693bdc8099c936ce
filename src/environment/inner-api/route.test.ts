import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseRoute } from './route.ts';

const routes: readonly [method: string, path: string, to: string][] = [
  ['GET', '/2018-06-01/runtime/invocation/next', 'runtimeNext'],
  ['POST', '/2018-06-01/runtime/invocation/8476a536/response', 'runtimeAnswer'],
  ['POST', '/2018-06-01/runtime/invocation/8476a536/error', 'runtimeAnswer'],
  ['POST', '/2018-06-01/runtime/init/error', 'runtimeInitError'],
  ['GET', '/2018-06-01/ping', 'ping'],
  ['POST', '/2020-01-01/extension/register', 'register'],
  ['GET', '/2020-01-01/extension/event/next', 'extensionNext'],
  ['POST', '/2020-01-01/extension/init/error', 'extensionInitError'],
  ['POST', '/2020-01-01/extension/exit/error', 'extensionExitError'],
  ['PUT', '/2022-07-01/telemetry', 'telemetry'],
  ['PUT', '/2022-07-01/telemetry/', 'telemetry'],
  ['PUT', '/2020-08-15/logs', 'logs'],
  ['GET', '/2026-01-15/metadata/execution-environment', 'metadata'],
];

describe('inner API routes', () => {
  for (const [method, path, to] of routes) {
    it(`${method} ${path}`, () => {
      assert.equal(parseRoute(method, path).to, to);
      assert.equal(parseRoute(method, `${path}?x=1`).to, to, 'a query changes nothing');
      for (const other of ['GET', 'POST', 'PUT', 'DELETE'].filter((verb) => verb !== method)) {
        assert.deepEqual(parseRoute(other, path), { to: 'nowhere', status: 405 });
      }
    });
  }

  it('restore endpoints do not exist without SnapStart', () => {
    for (const path of ['/2018-06-01/runtime/restore/next', '/2018-06-01/runtime/restore/error']) {
      assert.deepEqual(parseRoute('GET', path), { to: 'nowhere', status: 404 });
    }
  });

  it('any other path is 404, whatever it is made of', () => {
    const known = new Set(routes.map(([, path]) => path));
    fc.assert(
      fc.property(fc.constantFrom('GET', 'POST', 'PUT'), fc.webPath(), (method, path) => {
        fc.pre(!known.has(path) && !path.startsWith('/2018-06-01/runtime/invocation/'));
        assert.deepEqual(parseRoute(method, path), { to: 'nowhere', status: 404 });
      }),
    );
    for (const path of ['__proto__', '/constructor', '', '*', '/2018-06-01/runtime/invocation//response']) {
      assert.deepEqual(parseRoute('POST', path), { to: 'nowhere', status: 404 });
    }
  });
});
