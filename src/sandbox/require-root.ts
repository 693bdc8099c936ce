/** @throws for everybody but root, before anything is made. */
export function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new Error(
    'Sandboxes need root: namespaces, control groups and network are made by it. Run Thaw with sudo.',
  );
}
