import type { SystemLogLevel } from '../../domain/logging.ts';
import type { StoryEvent } from '../../domain/story.ts';

/**
 * The level of a platform event in the JSON log format ("Log-level filtering", system log level event mapping);
 * undefined for events that are not the platform's.
 */
export function systemLogLevel(event: StoryEvent): SystemLogLevel | undefined {
  switch (event.type) {
    case 'platform.initStart':
      return event.record.runtimeVersion === undefined ? 'DEBUG' : 'INFO';
    case 'platform.initRuntimeDone':
    case 'platform.runtimeDone':
    // Of an on-demand environment, the only kind there is; others report their init at INFO.
    case 'platform.initReport':
      return event.record.status === 'success' ? 'DEBUG' : 'WARN';
    case 'platform.report':
      return event.record.status === 'success' ? 'INFO' : 'WARN';
    case 'platform.extension':
      return event.record.state === 'Ready' ? 'INFO' : 'WARN';
    case 'platform.start':
    case 'platform.telemetrySubscription':
    case 'platform.logsSubscription':
      return 'INFO';
    case 'platform.logsDropped':
      return 'WARN';
    default:
      return undefined;
  }
}
