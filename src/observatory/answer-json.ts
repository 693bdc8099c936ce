import type { ServerResponse } from 'node:http';

export function answerJson(res: ServerResponse, status: number, body: unknown): void {
  answerText(res, status, 'application/json', `${JSON.stringify(body)}\n`);
}

export function answerText(res: ServerResponse, status: number, contentType: string, text: string): void {
  const headers = { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(text) };
  res.writeHead(status, { ...headers, 'Cache-Control': 'no-store' }).end(text);
}
