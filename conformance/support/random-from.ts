/** Numbers from 0 to 1, the same for the same seed (a linear congruential generator). */
export function randomFrom(state: number): () => number {
  let current = state >>> 0;
  return () => {
    current = (Math.imul(current, 1_664_525) + 1_013_904_223) >>> 0;
    return current / 2 ** 32;
  };
}

export function pick<T>(random: () => number, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)]!;
}
