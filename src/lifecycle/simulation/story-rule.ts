import type { Told } from '../effect.ts';
import type { Broken, Rule } from './rule.ts';

/** The platform events come in Lambda's order, each once, and nothing is told of a closed environment. */
export function storyRule(broken: Broken): Rule {
  let init: 'none' | 'started' | 'runtime done' = 'none';
  let invocation: 'none' | 'started' | 'runtime done' = 'none';
  let [phase, requestId, taken, reported] = ['', '', '', ''];
  let [reports, closed, opened, initDones] = [0, false, false, 0];

  const expect = (truth: boolean, rule: string) => {
    if (!truth) broken(rule);
  };
  function told(event: Told): void {
    const { type } = event;
    switch (event.type) {
      case 'platform.initStart':
        expect(init === 'none' && invocation === 'none', `${type} inside an init or an invocation`);
        init = 'started';
        phase = event.record.phase;
        expect(
          (phase === 'invoke') === (taken !== ''),
          `${type} of phase ${phase} with invocation "${taken}"`,
        );
        return;
      case 'platform.initRuntimeDone':
        expect(init === 'started' && event.record.phase === phase, `${type} does not follow initStart`);
        init = 'runtime done';
        return;
      case 'platform.extension':
        expect(init === 'runtime done', `${type} does not follow initRuntimeDone`);
        return;
      case 'platform.initReport':
        expect(
          init === 'runtime done' && event.record.phase === phase,
          `${type} does not follow initRuntimeDone`,
        );
        init = 'none';
        return;
      case 'platform.start':
        expect(init === 'none' && invocation === 'none', `${type} inside an init or an invocation`);
        expect(event.record.requestId === taken, `${type} names ${event.record.requestId}, not ${taken}`);
        invocation = 'started';
        requestId = event.record.requestId;
        return;
      case 'platform.runtimeDone':
        expect(
          invocation === 'started' && event.record.requestId === requestId,
          `${type} does not follow its start`,
        );
        invocation = 'runtime done';
        return;
      case 'platform.report': {
        expect(
          invocation === 'runtime done' && event.record.requestId === requestId,
          `${type} does not follow its runtimeDone`,
        );
        const { durationMs, billedDurationMs, initDurationMs } = event.record.metrics;
        expect(
          initDurationMs === undefined || reports === 0,
          'initDurationMs on a report that is not the first',
        );
        expect(
          billedDurationMs === Math.ceil(durationMs + (initDurationMs ?? 0)),
          'the billed duration is not the rounded sum',
        );
        invocation = 'none';
        reported = requestId;
        reports += 1;
        return;
      }
      default:
    }
  }
  return {
    happened(happening) {
      if (happening.type === 'invoke') taken = happening.requestId;
      if (happening.type === 'open') opened = true;
    },
    effect(effect, nowMs) {
      expect(!closed, `${effect.do} after the environment was closed`);
      if (effect.do === 'tell') {
        expect(effect.event.timeMs === nowMs, 'an event is told with another time than its own');
        told(effect.event);
      }
      if (effect.do === 'deliverInvoke')
        expect(invocation === 'started', 'an INVOKE is delivered before start is told');
      if (effect.do === 'endGeneration') expect(init === 'none', 'a generation ends with an init unreported');
      if (effect.do === 'initDone') initDones += 1;
      if (effect.do === 'settle') {
        expect(reported === effect.requestId, `${effect.requestId} was settled without its report`);
        taken = '';
      }
      if (effect.do === 'close') {
        expect(init === 'none' && invocation === 'none', 'the environment was closed with a report owed');
        closed = true;
      }
    },
    ended() {
      expect(closed, 'the environment was never closed');
      expect(initDones === (opened ? 1 : 0), `initDone was said ${initDones} times`);
    },
  };
}
