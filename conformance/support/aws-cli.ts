import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { checkout, type HostProgramEnd, runHostProgram } from './host-program.ts';
import type { LambdaCaller, Output } from './lambda-caller.ts';

/** Installed by `scripts/setup.sh test`. */
const python = path.join(checkout, 'conformance/.cache/aws-cli/bin/python');

/** The AWS CLI, a process for each call, as `thaw env --json` has it talk to a service. */
export function awsCliCaller(variables: Readonly<Record<string, string>>): LambdaCaller {
  if (!existsSync(python)) throw new Error(`${python} is missing; run scripts/setup.sh test`);
  const aws = async (...args: readonly string[]): Promise<string> => {
    const ended = await runHostProgram([python, '-m', 'awscli', 'lambda', ...args], {
      env: { ...nothingOfTheMachine, ...variables },
    });
    if (ended.status === 0) return ended.stdout;
    throw refusalOf(args, ended);
  };
  const awsJson = async (...args: readonly string[]): Promise<Output> => {
    const text = await aws(...args, '--output', 'json');
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    name: 'the AWS CLI',
    call: (operation, input, archive) => {
      const upload = archive === undefined ? [] : ['--zip-file', `fileb://${archive}`];
      return awsJson(kebab(operation), ...optionsOf(input), ...upload);
    },
    invoke: async ({ event = {}, InvocationType = 'RequestResponse', ...target }) => {
      const directory = mkdtempSync(path.join(tmpdir(), 'thaw-aws-cli-'));
      try {
        const file = path.join(directory, 'payload');
        const tail = InvocationType === 'RequestResponse' ? ['--log-type', 'Tail'] : [];
        const options = optionsOf({ ...target, InvocationType, Payload: JSON.stringify(event) });
        const answer = await awsJson('invoke', ...options, ...tail, file);
        const text = readFileSync(file, 'utf8');
        return {
          status: answer.StatusCode,
          ...(answer.FunctionError && { functionError: answer.FunctionError }),
          ...(answer.ExecutedVersion && { executedVersion: answer.ExecutedVersion }),
          payload: text === '' ? undefined : JSON.parse(text),
          log: Buffer.from(answer.LogResult ?? '', 'base64').toString(),
        };
      } finally {
        rmSync(directory, { recursive: true });
      }
    },
    list: async (operation, input, member, pageSize) => {
      // It asks page after page, and shows all of them as one.
      const options = [...optionsOf(input), '--page-size', String(pageSize)];
      const all = (await awsJson(kebab(operation), ...options))[member];
      if (all.length <= pageSize) throw new Error(`${operation} was one page of ${all.length}`);
      return all;
    },
    wait: async (waiter, functionName) => void (await aws('wait', waiter, '--function-name', functionName)),
  };
}

/** Neither profiles of whoever runs the tests, nor a pager, nor a metadata service that does not answer. */
const nothingOfTheMachine = {
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_MAX_ATTEMPTS: '1',
  AWS_PAGER: '',
};

/** `FunctionName` → `function-name`. */
function kebab(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}

function optionsOf(input: object): string[] {
  return Object.entries(input).flatMap(([name, value]) => {
    if (typeof value === 'boolean') return [`--${value ? '' : 'no-'}${kebab(name)}`];
    return [`--${kebab(name)}`, typeof value === 'object' ? JSON.stringify(value) : String(value)];
  });
}

function refusalOf(args: readonly string[], { status, stderr }: HostProgramEnd): Error {
  const [, name, message] =
    /An error occurred \((\w+)\) when calling the \w+ operation: ([^\n]*)/.exec(stderr) ?? [];
  if (name === undefined) return new Error(`aws lambda ${args.join(' ')} ended with ${status}: ${stderr}`);
  return Object.assign(new Error(message), { name });
}
