import { runtimeProcess } from '../lifecycle/life.ts';
import type { InnerApis } from './inner-api/inner-apis.ts';
import type { Lifeline } from './lifeline.ts';
import type { Processes } from './processes.ts';

/** From a connection's end to the news of its process's; a loaded machine lets hundreds of milliseconds lie between. */
const graceMs = 1000;

/**
 * Says of a process whose poll went away that it lives on and has not asked again. It may as well be ending: so its exit
 * gets time to be seen first.
 *
 * @param say with the message for whoever reads the log.
 */
export function watchVanishedPoll(
  name: string,
  parts: { readonly lifeline: Lifeline; readonly processes: Processes; readonly innerApis: InnerApis },
  say: (message: string) => void,
): void {
  const { lifeline, processes, innerApis } = parts;
  const check = setTimeout(() => {
    const { ending, extensions } = lifeline.life();
    if (!lifeline.holds() || ending) return;
    // Of an internal extension there is no process to look for, and for the runtime anybody may poll.
    if (extensions.get(name)?.kind === 'external' && !processes.isRunning(name)) return;
    if (innerApis.isPolling(name)) return;
    const who = name === runtimeProcess ? 'the runtime' : `extension ${name}`;
    say(
      `${who} closed its connection while it waited for its next event, and has not asked again so far. HTTP clients with a timeout do that (Node's fetch gives up after 300 s without headers): ask for the next event without any timeout`,
    );
  }, graceMs);
  check.unref();
}
