import type { ServerResponse } from 'node:http';
import type { Refusal } from '../../lifecycle/effect.ts';

/** Answers of the inner APIs, in the emulator's spelling. A peer that is gone gets nothing, quietly. */
export function sendJson(
  res: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  const text = JSON.stringify(body);
  res.writeHead(status, {
    ...headers,
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  });
  res.end(text);
}

export function sendAccepted(res: ServerResponse): void {
  sendJson(res, 202, { status: 'OK' });
}

export function sendError(
  res: ServerResponse,
  status: number,
  errorType: string,
  errorMessage: string,
): void {
  sendJson(res, status, { errorMessage, errorType });
}

export function sendRefusal(res: ServerResponse, refusal: Refusal): void {
  sendError(res, refusal.status, refusal.errorType, refusal.errorMessage);
}

export function sendInternalError(res: ServerResponse): void {
  if (res.headersSent) res.destroy();
  else sendError(res, 500, 'InternalServerError', 'Internal Server Error');
}
