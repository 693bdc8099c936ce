import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { systemClock } from '../../foundation/clock.ts';
import { Database } from '../../foundation/database.ts';
import { Identity } from '../../iam/identity.ts';
import type { PolicyDocument } from '../../iam/policy/document.ts';
import type { Operation } from '../operation.ts';
import { LambdaApiServer, type LambdaApiServerParts } from '../server.ts';
import type { Service } from '../service.ts';

export interface StartedServer {
  readonly url: string;
  readonly port: number;
  readonly server: LambdaApiServer;
  readonly identity: Identity;
  /** What `onError` was told. */
  readonly errors: unknown[];
  /** Signs with the account's keys; tries each request once. */
  readonly client: LambdaClient;
  clientOf(credentials: {
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string;
  }): LambdaClient;
  close(): Promise<void>;
}

/** A listening server with a real Identity, around the operations of a test. */
export async function startServer(
  operations: readonly Operation[],
  parts: Partial<LambdaApiServerParts> & {
    resourcePolicy?: (arn: string) => PolicyDocument | undefined;
  } = {},
): Promise<StartedServer> {
  const directory = mkdtempSync(join(tmpdir(), 'thaw-lambda-api-'));
  const database = new Database(':memory:');
  const where = { region: 'us-east-1', accountId: '123456789012' };
  const keysFile = join(directory, 'keys.json');
  const identity = new Identity({ database, keysFile, ...where, clock: systemClock });
  const errors: unknown[] = [];
  const service = { ...where, resourcePolicy: parts.resourcePolicy ?? (() => undefined) } as Service;
  const onError = (error: unknown): void => void errors.push(error);
  const server = new LambdaApiServer({
    service,
    operations,
    identity,
    clock: systemClock,
    onError,
    ...parts,
  });
  const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${port}`;
  const clients: LambdaClient[] = [];
  const clientOf: StartedServer['clientOf'] = (credentials) => {
    const client = new LambdaClient({ endpoint: url, region: where.region, credentials, maxAttempts: 1 });
    clients.push(client);
    return client;
  };
  return {
    url,
    port,
    server,
    identity,
    errors,
    client: clientOf(identity.accountKeys),
    clientOf,
    close: async () => {
      for (const client of clients) client.destroy();
      await server.close(0);
      database.close();
      rmSync(directory, { recursive: true });
    },
  };
}
