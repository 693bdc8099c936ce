import type { RuntimeState } from '../artifacts/runtimes/list-runtimes.ts';
import { paint, type TextStyle } from '../telemetry/text-style.ts';

const states = {
  runs: { text: 'runs', ink: 'good' },
  installable: { text: 'can be installed', ink: 'warm' },
  missing: { text: 'no interpreter', ink: 'warm' },
  unsupported: { text: 'not supported', ink: 'bad' },
} as const;

/** A line for each identifier. */
export function runtimesText(runtimes: readonly RuntimeState[], now: Date, style: TextStyle): string {
  const idWidth = Math.max(...runtimes.map(({ runtime }) => runtime.length));
  const stateWidth = Math.max(...Object.values(states).map(({ text }) => text.length));
  return runtimes
    .map((runtime) => {
      const { text, ink } = states[runtime.state];
      const detail = [detailOf(runtime), deprecation(runtime, now)].filter((part) => part !== '').join('; ');
      const state = paint(text.padEnd(stateWidth), ink, style);
      return `${runtime.runtime.padEnd(idWidth)}  ${state}  ${detail}`.trimEnd();
    })
    .map((line) => `${line}\n`)
    .join('');
}

function detailOf({ state, interpreter, runsAs, shortcoming, why, mend }: RuntimeState): string {
  if (state === 'unsupported') return why ?? '';
  if (interpreter === undefined) return mend ?? '';
  const { program, version, origin } = interpreter;
  const as = runsAs === undefined ? '' : `, as ${runsAs}`;
  return `${version} (${origin}: ${program})${as}${shortcoming === undefined ? '' : `; ${shortcoming}`}`;
}

function deprecation({ deprecated }: RuntimeState, now: Date): string {
  if (deprecated === undefined || new Date(deprecated) > now) return '';
  return `deprecated since ${deprecated}`;
}
