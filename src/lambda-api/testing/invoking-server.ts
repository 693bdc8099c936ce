import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { Catalog } from '../../catalog/catalog.ts';
import type { FunctionUrl } from '../../catalog/function-urls.ts';
import type { PolicyStatement } from '../../catalog/resource-policy.ts';
import { resourcePolicyOf } from '../../deploy/resource-policy-of.ts';
import { systemClock } from '../../foundation/clock.ts';
import type { Identity } from '../../iam/identity.ts';
import { openIdentity, temporaryDirectory } from '../../iam/testing/opened-identity.ts';
import { Invoker, type InvokerParts } from '../../invoke/invoker.ts';
import { sampleCatalog, identity as where } from '../../invoke/testing/sample-catalog.ts';
import { type Script, ScriptedScheduler } from '../../invoke/testing/scripted-scheduler.ts';
import { FunctionUrls } from '../function-url/function-urls.ts';
import { operations } from '../operations.ts';
import type { Service } from '../service.ts';
import { startServer } from './started-server.ts';

export const arn = 'arn:aws:lambda:us-east-1:123456789012:function:greeter';
export const urlId = 'a1'.repeat(16);

export interface InvokingServer {
  readonly catalog: Catalog;
  readonly identity: Identity;
  readonly invoker: Invoker;
  readonly scheduler: ScriptedScheduler;
  readonly accepted: Parameters<InvokerParts['queue']['accept']>[0][];
  readonly errors: readonly unknown[];
  readonly client: LambdaClient;
  clientOf(credentials: {
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string;
  }): LambdaClient;
  /** Gives `greeter` a URL. */
  addUrl(url?: Partial<FunctionUrl>): void;
  allow(...statements: Partial<PolicyStatement>[]): void;
  /** A request to the URL. */
  send(ask?: Partial<UrlAsk>): Promise<UrlGot>;
  readonly port: number;
}

export interface UrlAsk {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: string | Buffer;
  readonly host: string;
}

export interface UrlGot {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** What it takes to use a URL that asks for no signature. */
export const publicStatements: Partial<PolicyStatement>[] = [
  {
    Action: 'lambda:InvokeFunctionUrl',
    Condition: { StringEquals: { 'lambda:FunctionUrlAuthType': 'NONE' } },
  },
  { Action: 'lambda:InvokeFunction', Condition: { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } } },
];

/** The API and the URLs of one function, `greeter`, whose code is a script. Closed when the test ends. */
export async function invokingServer(t: TestContext, script: Script): Promise<InvokingServer> {
  const { catalog } = sampleCatalog('greeter');
  const identity = openIdentity(t, temporaryDirectory(t));
  const scheduler = new ScriptedScheduler(script);
  const accepted: InvokingServer['accepted'] = [];
  const invoker = new Invoker({
    catalog,
    identity: where,
    scheduler,
    queue: { accept: (event) => void accepted.push(event) },
    random: Math.random,
    clock: systemClock,
  });
  const service = {
    ...where,
    invoker,
    deployment: { identity: where, catalog },
    resourcePolicy: (resource) => resourcePolicyOf(catalog, where, resource),
  } as Partial<Service> as Service;
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const functionUrls = new FunctionUrls({ service, identity, clock: systemClock, onError });
  const started = await startServer(operations, { service, identity, onError, functionUrls });
  t.after(() => started.close());
  return {
    catalog,
    identity,
    invoker,
    scheduler,
    accepted,
    errors,
    client: started.clientOf(identity.accountKeys),
    clientOf: started.clientOf,
    port: started.port,
    addUrl: (url = {}) =>
      catalog.urls.put('greeter', {
        urlId,
        authType: 'NONE',
        invokeMode: 'BUFFERED',
        creationTime: '2026-01-31T12:34:56.789Z',
        lastModifiedTime: '2026-01-31T12:34:56.789Z',
        ...url,
      }),
    allow: (...statements) => {
      const whole = statements.map((statement, index) => ({
        Sid: `s${index}`,
        Effect: 'Allow' as const,
        Principal: '*' as const,
        Action: 'lambda:InvokeFunctionUrl',
        Resource: arn,
        ...statement,
      }));
      catalog.policies.put('greeter', { revisionId: 'one', statements: whole });
    },
    send: (ask = {}) => send(started.port, ask),
  };
}

function send(port: number, ask: Partial<UrlAsk>): Promise<UrlGot> {
  const { method = 'GET', path = '/', headers = {}, body, host = hostOf(urlId) } = ask;
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path, agent: false } as const;
    const req = request({ ...options, headers: { host, ...headers } }, (res) => {
      text(res).then(
        (read) => resolve({ status: res.statusCode ?? 0, headers: res.headers, body: read }),
        reject,
      );
    });
    req.on('error', reject);
    req.end(body);
  });
}

export function hostOf(id: string): string {
  return `${id}.lambda-url.us-east-1.localhost`;
}
