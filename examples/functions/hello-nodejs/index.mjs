import { readFile, writeFile } from 'node:fs/promises';

const visitsFile = '/tmp/visits';

/** Greets `event.name`, and counts in /tmp how often this environment was used. */
export async function handler(event, context) {
  const visit = (await visitsSoFar()) + 1;
  await writeFile(visitsFile, String(visit));
  console.log('visit %d of this environment, %d ms left', visit, context.getRemainingTimeInMillis());
  return {
    greeting: `Hello, ${event.name ?? 'world'}!`,
    visit,
    requestId: context.awsRequestId,
    memoryMB: Number(context.memoryLimitInMB),
  };
}

async function visitsSoFar() {
  try {
    return Number(await readFile(visitsFile, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return 0;
    throw error;
  }
}
