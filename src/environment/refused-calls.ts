import { maxExtensions, maxRefusalFindings } from '../domain/limits.ts';
import type { RefusedCall } from './inner-api/refuse.ts';

const maxSenderLength = 200;
const maxMessageLength = 300;

/**
 * Says of an extension's refused calls what their sender seldom shows: many libraries drop the answer, and the extension
 * is simply not there. Once for a sender and a type of error, however many generations there are.
 */
export class RefusedCalls {
  readonly #say: (subject: string, message: string) => void;
  readonly #said = new Set<string>();

  /** @param say called at most `maxRefusalFindings` times, and once more for those left out. */
  constructor(say: (subject: string, message: string) => void) {
    this.#say = say;
  }

  note(refused: RefusedCall): void {
    if (this.#said.size > maxRefusalFindings) return;
    const sender = refused.sender?.slice(0, maxSenderLength);
    const key = JSON.stringify([sender, refused.errorType]);
    if (this.#said.has(key)) return;
    this.#said.add(key);
    if (this.#said.size > maxRefusalFindings)
      this.#say('environment', 'further refused calls of extensions are not shown');
    else this.#say(sender ?? 'environment', wordsFor(sender, refused));
  }
}

function wordsFor(
  sender: string | undefined,
  { call, status, errorType, errorMessage }: RefusedCall,
): string {
  const who = sender === undefined ? 'a process that gave no known extension' : `extension ${sender}`;
  const advice = advices[errorType];
  const detail = errorMessage.slice(0, maxMessageLength).replaceAll(/\s+/g, ' ');
  return `${who} had its ${call.slice(0, maxMessageLength)} refused: ${status} ${errorType} (${detail})${advice === undefined ? '' : `; ${advice}`}`;
}

const identifier =
  'send the Lambda-Extension-Identifier that came with the answer to register; after a reset, register again';
const subscription =
  'subscribe during Init, before the first GET /2020-01-01/extension/event/next, and to one of the Telemetry and Logs APIs only';

/** What to do about each type of error; the message of a rejected subscription says it by itself. */
const advices: Readonly<Record<string, string>> = {
  'Extension.InvalidExtensionName':
    'give Lambda-Extension-Name: the full file name of an external extension, any other name of an internal one',
  InvalidRequestFormat: 'send a body like {"events":["INVOKE"]}',
  'Extension.InvalidEventType':
    'external extensions may ask for INVOKE and SHUTDOWN, internal ones for INVOKE only; a name that no file in /opt/extensions has is taken for an internal one',
  'Extension.InvalidExtensionState':
    'register once, then ask for one event at a time, and report init/error only before the first event',
  'Extension.RegistrationClosed':
    'an internal extension has to register while the function’s code is loaded, before the runtime asks for its first event: wait for the answer to register there',
  'Extension.TooManyExtensions': `external and internal extensions together may be ${maxExtensions}`,
  'Extension.MissingExtensionIdentifier': identifier,
  'Extension.InvalidExtensionIdentifier': identifier,
  'Extension.UnknownExtensionIdentifier': identifier,
  'Extension.MissingHeader': 'name the error in Lambda-Extension-Function-Error-Type',
  'Telemetry.SubscriptionClosed': subscription,
  'Logs.SubscriptionClosed': subscription,
};
