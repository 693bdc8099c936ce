import type { FunctionVersion } from '../domain/function-version.ts';
import { ServiceError, type ThrottleReason } from '../domain/service-error.ts';
import type { Refusal } from './order.ts';

/** What the caller of a refused invocation is told, in AWS's words where AWS has any. */
export function refusalError(why: Refusal, { configuration }: FunctionVersion): ServiceError {
  const { FunctionArn, FunctionName } = configuration;
  switch (why.type) {
    case 'reserved-concurrency':
      return throttled('ReservedFunctionConcurrentInvocationLimitExceeded');
    case 'account-concurrency':
    case 'queue-full':
    case 'waited-too-long':
      return throttled('ConcurrentInvocationLimitExceeded');
    case 'function-gone':
      return new ServiceError('ResourceNotFoundException', `Function not found: ${FunctionArn}`);
    case 'closing':
      return new ServiceError(
        'ServiceException',
        `Thaw is shutting down and does not run ${FunctionName} any more; invoke it again when it is back.`,
      );
    case 'start-failed':
      if (why.error instanceof ServiceError) return why.error;
      return new ServiceError(
        'ServiceException',
        `No environment of ${FunctionName} could be started: ${why.error.message}`,
      );
  }
}

function throttled(reason: ThrottleReason): ServiceError {
  return new ServiceError('TooManyRequestsException', 'Rate Exceeded.', reason);
}
