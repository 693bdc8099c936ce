import { ServiceError } from '../../domain/service-error.ts';
import type { HttpAnswer } from '../http-answer.ts';
import { type ServiceModel, structureOf } from '../model/service-model.ts';

/** What the caller is refused with. Also the shape of `iam`'s AuthenticationError. */
interface Refusal {
  readonly type: string;
  readonly status: number;
  readonly message: string;
}

/** Of the service's exceptions that its model does not have. */
const statuses: Readonly<Record<string, number>> = {
  AccessDeniedException: 403,
  RequestEntityTooLargeException: 413,
  ValidationException: 400,
};

/**
 * An error as Lambda answers it: its type in a header, and a body whose spelling follows the model. Undefined for what
 * is no refusal but a fault of ours.
 */
export function errorAnswer(model: ServiceModel, error: unknown): HttpAnswer | undefined {
  if (error instanceof ServiceError) return serviceAnswer(model, error);
  return isRefusal(error) ? answerOf(error.type, error.status, bodyOutsideTheModel(error)) : undefined;
}

/** What the caller is told of a fault of ours: where to find the cause, and nothing of it. */
export function faultAnswer(requestId: string): HttpAnswer {
  return answerOf('ServiceException', 500, {
    Type: 'Service',
    Message: `The service failed on this request. Its log names the cause, with the request ID ${requestId}.`,
  });
}

function serviceAnswer(model: ServiceModel, { type, message, reason }: ServiceError): HttpAnswer {
  if (model.shapes[type] === undefined) {
    const status = statuses[type];
    if (status === undefined) throw new Error(`No HTTP status is known for ${type}.`);
    return answerOf(type, status, bodyOutsideTheModel({ type, message }));
  }
  const { httpStatusCode = 500, members } = structureOf(model, type);
  return answerOf(type, httpStatusCode, {
    ...(reason !== undefined && members.Reason && { Reason: reason }),
    ...(members.Type && { Type: httpStatusCode >= 500 ? 'Service' : 'User' }),
    [members.Message ? 'Message' : 'message']: message,
  });
}

function bodyOutsideTheModel({ type, message }: Pick<Refusal, 'type' | 'message'>): Record<string, string> {
  return type === 'AccessDeniedException' ? { Message: message } : { message };
}

function answerOf(type: string, status: number, body: Readonly<Record<string, string>>): HttpAnswer {
  return {
    status,
    headers: { 'Content-Type': 'application/json', 'x-amzn-ErrorType': type },
    body: JSON.stringify(body),
  };
}

function isRefusal(error: unknown): error is Error & Refusal {
  if (!(error instanceof Error)) return false;
  const { type, status } = error as Partial<Refusal>;
  return typeof type === 'string' && typeof status === 'number';
}
