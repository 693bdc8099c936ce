import type { Signature } from './signature.ts';
import { invalid, type SignatureProblem } from './signature-problem.ts';
import { formatSignatureTime } from './signature-time.ts';

/** How far the clocks of caller and service may differ. */
export const maxSkewMs = 5 * 60_000;

/** A signature holds from five minutes before its time to five minutes after it; a presigned URL to its own end. */
export function checkTime(signature: Signature, nowMs: number): SignatureProblem | undefined {
  const { time, timeMs, expiresS } = signature;
  const holdsMs = expiresS === undefined ? maxSkewMs : expiresS * 1000;
  const isEarly = timeMs > nowMs + maxSkewMs;
  if (!isEarly && timeMs >= nowMs - holdsMs) return undefined;
  const now = formatSignatureTime(nowMs);
  if (isEarly)
    return invalid(
      `Signature not yet current: ${time} is still later than ${formatSignatureTime(nowMs + maxSkewMs)} (${now} + 5 min.)`,
    );
  return invalid(
    `Signature expired: ${time} is now earlier than ${formatSignatureTime(nowMs - holdsMs)} (${now} - ${expiresS === undefined ? '5 min.' : `${expiresS} sec.`})`,
  );
}
