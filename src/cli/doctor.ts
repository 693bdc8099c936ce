import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { Interpreters } from '../artifacts/runtimes/interpreters.ts';
import { listRuntimes } from '../artifacts/runtimes/list-runtimes.ts';
import { readRuntimeSettings } from '../artifacts/runtimes/runtime-settings.ts';
import { storeRoot } from '../artifacts/store-root.ts';
import { lockDirectory } from '../foundation/directory-lock.ts';
import { type Finding, probeHost } from '../sandbox/probe.ts';
import { paint, textStyleOf } from '../telemetry/text-style.ts';
import { exitStatus } from './exit-status.ts';

const marks = {
  ok: { text: ' ok  ', ink: 'good' },
  note: { text: 'note ', ink: 'warm' },
  fault: { text: 'FAULT', ink: 'bad' },
} as const;

export function addDoctorCommand(program: Command, exit: (status: number) => void): void {
  program
    .command('doctor')
    .summary('check what this host has for running functions')
    .description(
      'Check this host: OCI runtime, cgroups, namespaces, network tools, seccomp, interpreters. ' +
        'Says what was found and how to mend each fault. Exit status 1 if `thaw run` cannot work.',
    )
    .option('--json', 'one JSON array of {check, status, found, mend} on stdout')
    .action(async (args: { json?: boolean }) => {
      const findings = [
        ...(await probeHost()),
        await probeDirectoryLock(),
        await probeRuntimes().catch(unknownRuntimes),
      ];
      if (args.json) process.stdout.write(`${JSON.stringify(findings, null, 2)}\n`);
      else for (const finding of findings) process.stdout.write(line(finding));
      const faults = findings.filter((finding) => finding.status === 'fault');
      if (!args.json) process.stdout.write(verdict(faults.length));
      exit(faults.length === 0 ? exitStatus.ok : 1);
    });
}

/** Only the service needs it: functions run without. */
async function probeDirectoryLock(): Promise<Finding> {
  const check = 'lock of the data directory';
  const directory = mkdtempSync(path.join(tmpdir(), 'thaw-probe-'));
  try {
    (await lockDirectory(directory, 'thaw doctor')).release();
    return { check, status: 'ok', found: 'flock' };
  } catch (error) {
    const found = `\`thaw up\` cannot start: ${(error as Error).message}`;
    return { check, status: 'note', found, mend: 'apt-get install util-linux' };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Runtimes without an interpreter are no fault of the host: functions of the others run. */
async function probeRuntimes(): Promise<Finding> {
  const settings = readRuntimeSettings(storeRoot());
  const interpreters = new Interpreters({ storeRoot: storeRoot(), settings });
  const supported = (await listRuntimes(interpreters, settings)).filter(
    ({ state }) => state !== 'unsupported',
  );
  const running = supported.filter(({ state }) => state === 'runs');
  const ids = running.map(({ runtime, shortcoming }) =>
    shortcoming === undefined ? runtime : `${runtime}*`,
  );
  const isPartial = running.some(({ shortcoming }) => shortcoming !== undefined);
  const missing = supported.length - running.length;
  return {
    check: 'runtimes',
    status: missing === 0 && !isPartial ? 'ok' : 'note',
    found: `${running.length} of ${supported.length} run here${isPartial ? ' (* in part)' : ''}: ${ids.join(', ')}`,
    ...((missing > 0 || isPartial) && { mend: '`thaw runtimes` tells what is missing' }),
  };
}

/** The store may be another user's: that is no reason to keep the rest to oneself. */
function unknownRuntimes(error: Error): Finding {
  return { check: 'runtimes', status: 'note', found: `it cannot be told which run here: ${error.message}` };
}

function line(finding: Finding): string {
  const style = textStyleOf(process.stdout, process.env);
  const mark = marks[finding.status];
  const mend = finding.mend ? `\n${' '.repeat(8)}→ ${finding.mend}` : '';
  return `${paint(mark.text, mark.ink, style)}  ${finding.check}: ${finding.found}${mend}\n`;
}

function verdict(faults: number): string {
  if (faults === 0) return '\nThis host can run functions.\n';
  return `\n${faults} fault${faults === 1 ? '' : 's'}: \`thaw run\` cannot work until ${faults === 1 ? 'it is' : 'they are'} mended.\n`;
}
