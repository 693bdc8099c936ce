/**
 * Runs two measurements in turn, the floor first in even rounds and ours first in odd ones, so that whatever else
 * the machine does meets both alike.
 */
export async function alternate(
  rounds: number,
  measure: { readonly ours: () => Promise<void>; readonly floor: () => Promise<void> },
): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? (['floor', 'ours'] as const) : (['ours', 'floor'] as const);
    for (const side of order) await measure[side]();
  }
}
