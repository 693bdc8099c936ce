/** Resolves once `holds` does: for what tells nobody when it changes. @throws after `withinMs`. */
export async function eventually(holds: () => boolean, withinMs = 20_000): Promise<void> {
  const untilMs = performance.now() + withinMs;
  while (!holds()) {
    if (performance.now() > untilMs) throw new Error(`after ${withinMs} ms it still does not hold: ${holds}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
