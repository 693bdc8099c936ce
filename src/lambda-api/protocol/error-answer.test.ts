import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ServiceError, type ServiceErrorType } from '../../domain/service-error.ts';
import { serviceModel } from '../model/service-model.ts';
import { errorAnswer } from './error-answer.ts';
import { WireError } from './wire-error.ts';

describe('errorAnswer', () => {
  it('spells status and body as Lambda does, type by type', () => {
    const upper = { Type: 'User', Message: 'm' };
    const lower = { Type: 'User', message: 'm' };
    const table: [type: ServiceErrorType, status: number, body: object][] = [
      ['ResourceNotFoundException', 404, upper],
      ['CodeSigningConfigNotFoundException', 404, upper],
      ['InvalidParameterValueException', 400, lower],
      ['ResourceConflictException', 409, lower],
      ['PreconditionFailedException', 412, lower],
      ['ProvisionedConcurrencyConfigNotFoundException', 404, lower],
      ['InvalidRequestContentException', 400, lower],
      ['PolicyLengthExceededException', 400, lower],
      ['RequestTooLargeException', 413, lower],
      ['UnsupportedMediaTypeException', 415, lower],
      ['ResourceNotReadyException', 502, { Type: 'Service', message: 'm' }],
      ['ServiceException', 500, { Type: 'Service', Message: 'm' }],
      ['ValidationException', 400, { message: 'm' }],
      ['RequestEntityTooLargeException', 413, { message: 'm' }],
      ['AccessDeniedException', 403, { Message: 'm' }],
    ];
    for (const [type, status, body] of table) {
      const answer = errorAnswer(serviceModel, new ServiceError(type, 'm'));
      assert.equal(answer?.status, status, type);
      assert.equal(answer?.headers['x-amzn-ErrorType'], type);
      assert.deepEqual(JSON.parse(String(answer?.body)), body, type);
    }
  });

  it('gives the reason of a refusal for concurrency', () => {
    const error = new ServiceError(
      'TooManyRequestsException',
      'Rate Exceeded.',
      'ConcurrentInvocationLimitExceeded',
    );
    assert.equal(
      errorAnswer(serviceModel, error)?.body,
      '{"Reason":"ConcurrentInvocationLimitExceeded","Type":"User","message":"Rate Exceeded."}',
    );
  });

  it('answers refusals by the protocol and by whoever authenticates', () => {
    const unknown = errorAnswer(serviceModel, new WireError('UnknownOperationException', 404, 'm'));
    assert.deepEqual([unknown?.status, unknown?.body], [404, '{"message":"m"}']);
    const foreign = Object.assign(new Error('m'), { type: 'ExpiredTokenException', status: 403 });
    assert.equal(errorAnswer(serviceModel, foreign)?.headers['x-amzn-ErrorType'], 'ExpiredTokenException');
  });

  it('has no words for faults', () => {
    assert.equal(errorAnswer(serviceModel, new Error('m')), undefined);
    assert.equal(errorAnswer(serviceModel, undefined), undefined);
    assert.equal(errorAnswer(serviceModel, { type: 'A', status: 400 }), undefined);
  });
});
