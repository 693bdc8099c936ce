import { runtimeProcess } from '../life.ts';
import type { Broken, Rule } from './rule.ts';

interface Participant {
  readonly external: boolean;
  readonly events: readonly string[];
  polling: boolean;
  shutdownGiven: boolean;
  /** Its process ended, or it reported an error of its own. */
  retired: boolean;
}

/**
 * Every accepted `next` is answered or its process is killed; events reach exactly those who asked for them; and
 * what is frozen was not at work, and has nothing to do: an INVOKE that is given to it comes with its thaw.
 */
export function participantRule(broken: Broken): Rule {
  let launched: readonly string[] = [];
  let participants = new Map<string, Participant>();
  let runtimePolling = false;
  let runtimeStopped = true;
  let [frozen, ending, violent, killing] = [false, false, false, false];

  const busy = () => {
    const names = [...participants].filter(([, one]) => !one.polling).map(([name]) => name);
    return runtimePolling ? names : [runtimeProcess, ...names];
  };
  return {
    happened(happening, reply) {
      if (happening.type === 'booted') launched = happening.extensions;
      if (happening.type === 'kill' || happening.type === 'sandboxFailed') violent = true;
      if (happening.type === 'runtimeExited' || happening.type === 'runtimeStartFailed')
        runtimeStopped = true;
      if (happening.type === 'extensionExited' || happening.type === 'launchFailed') {
        const gone = participants.get(happening.name);
        if (gone) gone.retired = true;
      }
      if (reply?.kind === 'registered' && happening.type === 'register') {
        const external = launched.includes(happening.name);
        const { name, events } = happening;
        if (participants.has(name)) broken(`${name} was registered twice`);
        participants.set(name, { external, events, polling: false, shutdownGiven: false, retired: false });
      }
      if (reply?.kind === 'eventAgain' && runtimePolling)
        broken('an event was given again that was never given');
      if (reply?.kind === 'wait' && happening.type === 'runtimeNext') runtimePolling = true;
      if (
        happening.type !== 'extensionNext' &&
        happening.type !== 'extensionInitError' &&
        happening.type !== 'extensionExitError'
      )
        return;
      const caller = participants.get(happening.name);
      if (!caller) return broken(`${happening.name} called without being registered`);
      if (happening.type !== 'extensionNext') caller.retired ||= reply?.kind === 'accepted';
      else if (reply?.kind === 'wait') {
        if (caller.polling && !happening.repolls) broken(`${happening.name} may poll twice at once`);
        caller.polling = true;
      }
    },
    effect(effect) {
      switch (effect.do) {
        case 'boot':
          if (frozen) broken('a generation is booted while the environment is frozen');
          participants = new Map();
          [launched, runtimePolling, runtimeStopped] = [[], false, true];
          [ending, violent, killing] = [false, false, false];
          return;
        case 'startRuntime':
          runtimeStopped = false;
          return;
        case 'freeze':
          if (frozen) broken('frozen twice');
          if (busy().length > 0) broken(`frozen while ${busy().join(', ')} is at work`);
          frozen = true;
          return;
        case 'thaw':
          if (!frozen) broken('thawed without having been frozen');
          frozen = false;
          return;
        case 'deliverInvoke': {
          if (!runtimePolling) broken('the runtime gets an INVOKE it did not ask for');
          runtimePolling = false;
          for (const [name, one] of participants) {
            if (one.events.includes('INVOKE') !== effect.extensions.includes(name)) {
              broken(
                `${name} subscribed to [${one.events}] and ${effect.extensions.includes(name) ? 'gets' : 'misses'} an INVOKE`,
              );
            }
            if (!effect.extensions.includes(name)) continue;
            if (!one.polling) broken(`${name} gets an INVOKE it did not ask for`);
            one.polling = false;
          }
          return;
        }
        case 'deliverShutdown': {
          const one = participants.get(effect.extension);
          if (!one?.external || !one.events.includes('SHUTDOWN'))
            return broken(`${effect.extension} gets a SHUTDOWN it has no right to`);
          if (frozen) broken('a SHUTDOWN is delivered to a frozen environment');
          if (!ending || !runtimeStopped)
            broken(`${effect.extension} gets SHUTDOWN before the runtime is stopped`);
          if (killing) broken(`${effect.extension} gets SHUTDOWN while everything is being killed`);
          if (one.shutdownGiven) broken(`${effect.extension} gets SHUTDOWN twice`);
          if (!one.polling) broken(`${effect.extension} gets a SHUTDOWN it did not ask for`);
          one.polling = false;
          one.shutdownGiven = true;
          return;
        }
        case 'signal':
          if (frozen) broken(`${effect.signal} is sent to a frozen environment`);
          if (effect.process === runtimeProcess && effect.signal === 'SIGKILL') runtimeStopped = true;
          return;
        case 'tell':
          if (effect.event.type === 'thaw.phase' && ['Reset', 'Shutdown'].includes(effect.event.record.phase))
            ending = true;
          return;
        case 'endGeneration':
          killing = true;
          // What is frozen is killed as it is; a freeze ends with its generation.
          frozen = false;
          for (const [name, one] of participants) {
            if (violent || !one.external || one.retired || one.shutdownGiven || !one.polling) continue;
            if (one.events.includes('SHUTDOWN'))
              broken(`${name} asked for its next event and was killed without SHUTDOWN`);
          }
          return;
        default:
      }
    },
    settled() {
      if (frozen && busy().length > 0) broken(`${busy().join(', ')} has work in a frozen environment`);
    },
  };
}
