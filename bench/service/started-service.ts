import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { CreateFunctionCommand, LambdaClient, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import yazl from 'yazl';
import { commandPath, functionDir } from '../subjects/fixtures.ts';
import type { Endpoint } from './started-relay.ts';

export interface StartedService extends Endpoint {
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export const functionName = 'bench';

/** Starts `thaw up` with data of its own, and has it know the function of all benchmarks. */
export async function startService(environments: number): Promise<StartedService> {
  const data = await mkdtemp(path.join(tmpdir(), 'thaw-bench-data-'));
  const options = ['--port', '0', '--data', data, '--max-environments', String(environments), '--json'];
  // Of a group of its own, as the relay.
  const child = spawn(commandPath, ['up', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  const exited = once(child, 'exit');
  const line = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  if (line.done) throw new Error('thaw up ended before it listened; its messages are above');
  const { url } = JSON.parse(line.value) as { url: string };
  const keys = JSON.parse(await readFile(path.join(data, 'keys.json'), 'utf8')) as StartedService['keys'];
  await createFunction(new LambdaClient({ endpoint: url, region: 'us-east-1', credentials: keys }));
  return {
    port: Number(new URL(url).port),
    keys,
    close: async () => {
      child.kill('SIGTERM');
      await exited;
      await rm(data, { recursive: true });
    },
  };
}

async function createFunction(client: LambdaClient): Promise<void> {
  await client.send(
    new CreateFunctionCommand({
      FunctionName: functionName,
      Code: { ZipFile: await archive() },
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::123456789012:role/bench',
    }),
  );
  await waitUntilFunctionActiveV2({ client, maxWaitTime: 30 }, { FunctionName: functionName });
  client.destroy();
}

async function archive(): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  zip.addFile(path.join(functionDir, 'index.js'), 'index.js');
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
