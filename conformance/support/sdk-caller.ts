import { readFileSync } from 'node:fs';
import * as sdk from '@aws-sdk/client-lambda';
import type { LambdaCaller, Output } from './lambda-caller.ts';

type Sent = Parameters<sdk.LambdaClient['send']>[0];

/** `@aws-sdk/client-lambda`. */
export function sdkCaller(client: sdk.LambdaClient): LambdaCaller {
  const call: LambdaCaller['call'] = async (operation, input, archive) =>
    await client.send(commandOf(operation, { ...input, ...(archive && codeOf(operation, archive)) }));
  return {
    name: 'the AWS SDK for JavaScript',
    call,
    invoke: async ({ event = {}, InvocationType = 'RequestResponse', ...target }) => {
      const command = new sdk.InvokeCommand({
        ...target,
        InvocationType,
        Payload: Buffer.from(JSON.stringify(event)),
        ...(InvocationType === 'RequestResponse' && { LogType: 'Tail' }),
      });
      const { StatusCode, FunctionError, ExecutedVersion, Payload, LogResult } = await client.send(command);
      const text = Payload?.transformToString() ?? '';
      return {
        status: StatusCode!,
        ...(FunctionError !== undefined && { functionError: FunctionError }),
        ...(ExecutedVersion !== undefined && { executedVersion: ExecutedVersion }),
        payload: text === '' ? undefined : JSON.parse(text),
        log: Buffer.from(LogResult ?? '', 'base64').toString(),
      };
    },
    list: async (operation, input, member, pageSize) => {
      const all: Output[] = [];
      let pages = 0;
      let Marker: string | undefined;
      do {
        const page = await call(operation, { ...input, MaxItems: pageSize, ...(Marker && { Marker }) });
        if (page[member].length > pageSize) throw new Error(`a page of ${page[member].length}`);
        all.push(...page[member]);
        pages += 1;
        Marker = page.NextMarker;
      } while (Marker);
      if (pages < 2) throw new Error(`${operation} was one page of ${all.length}`);
      return all;
    },
    wait: async (waiter, FunctionName) => {
      const waiting = { client, minDelay: 0.05, maxDelay: 0.5, maxWaitTime: 60 };
      const wait =
        waiter === 'function-active-v2' ? sdk.waitUntilFunctionActiveV2 : sdk.waitUntilFunctionUpdatedV2;
      await wait(waiting, { FunctionName });
    },
  };
}

/** Where the API has the archive in the input of an operation. */
function codeOf(operation: string, archive: string): object {
  const ZipFile = readFileSync(archive);
  if (operation === 'CreateFunction') return { Code: { ZipFile } };
  return operation === 'PublishLayerVersion' ? { Content: { ZipFile } } : { ZipFile };
}

function commandOf(operation: string, input: object): Sent {
  const commands = sdk as unknown as Record<string, new (input: object) => Sent>;
  return new commands[`${operation}Command`]!(input);
}
