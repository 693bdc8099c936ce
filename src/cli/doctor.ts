import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { resolveNodejsInterpreter } from '../artifacts/nodejs-interpreter.ts';
import { storeRoot } from '../artifacts/store-root.ts';
import { nodejsRuntimes } from '../domain/runtime-id.ts';
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
      'Check this host: OCI runtime, cgroups, namespaces, network tools, seccomp, interpreters.\n' +
        'Says what was found and how to mend each fault. Exit status 1 if `thaw run` cannot work.',
    )
    .option('--json', 'one JSON array of {check, status, found, mend} on stdout')
    .action(async (args: { json?: boolean }) => {
      const findings = [...(await probeHost()), await probeDirectoryLock(), ...(await probeInterpreters())];
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
async function probeInterpreters(): Promise<Finding[]> {
  return await Promise.all(
    nodejsRuntimes.map(async (runtime): Promise<Finding> => {
      try {
        const { version, dir, origin } = await resolveNodejsInterpreter(runtime, { storeRoot: storeRoot() });
        return { check: runtime, status: 'ok', found: `Node.js ${version} (${origin}: ${dir})` };
      } catch (error) {
        const [found, mend] = (error as Error).message.split(' Install it with: ');
        return { check: runtime, status: 'note', found: found ?? '', ...(mend && { mend }) };
      }
    }),
  );
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
