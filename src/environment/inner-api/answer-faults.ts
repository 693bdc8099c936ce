import type { Fault } from '../../domain/fault.ts';

export const invalidResponseMode: Fault = {
  type: 'Runtime.InvalidResponseModeHeader',
  subject: 'runtime',
  message: 'Lambda-Runtime-Function-Response-Mode has a value other than "streaming"',
};

export const truncated: Fault = {
  type: 'Runtime.TruncatedResponse',
  subject: 'runtime',
  message: 'The response ended before it was complete',
};

export function tooLarge(length: number, limit: number): Fault {
  return {
    type: 'Function.ResponseSizeTooLarge',
    subject: 'runtime',
    message: `Response payload size (${length} bytes) exceeded maximum allowed payload size (${limit} bytes).`,
  };
}
