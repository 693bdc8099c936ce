import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendError, sendJson } from './http-answer.ts';

/**
 * The metadata endpoint, version 2026-01-15 ("Lambda metadata endpoint"): where the environment runs. Open to runtime
 * and extensions, which know the token from AWS_LAMBDA_METADATA_TOKEN.
 */
export function serveMetadata(
  req: IncomingMessage,
  res: ServerResponse,
  { token, region }: { readonly token: string; readonly region: string },
): void {
  const given = Buffer.from(req.headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    sendError(res, 401, 'Unauthorized', 'Missing or invalid token');
    return;
  }
  const lasting = { 'Cache-Control': 'private, max-age=43200, immutable' };
  sendJson(res, 200, { AvailabilityZoneID: `${shortName(region)}-az1` }, lasting);
}

/** As in availability zone IDs: `ap-southeast-2` → `apse2`. */
function shortName(region: string): string {
  const [area = '', ...rest] = region.split('-');
  const letters = (part: string) =>
    part.replace(
      /^(north|south|east|west|central)?(east|west)?$/,
      (_, first = '', second = '') => `${first.charAt(0)}${second.charAt(0)}`,
    );
  return area + rest.map(letters).join('');
}
