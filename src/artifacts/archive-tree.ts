export type EntryKind = 'file' | 'directory' | 'symlink';

export type Refusal = { readonly code: 'duplicate-entry' | 'path-conflict'; readonly reason: string };

interface Place {
  /** `implied`: a directory the archive never names itself, only paths below it. */
  kind: EntryKind | 'implied';
  readonly children: Map<string, Place>;
}

/**
 * What an archive's entries add up to. It knows every path claimed so far and refuses a claim that would write
 * through a symbolic link, below a file, or twice to one place: two readers of the archive could then disagree
 * about what it holds.
 */
export class ArchiveTree {
  readonly #root: Place = { kind: 'implied', children: new Map() };
  #size = 0;

  /** Paths in the tree, implied directories included. */
  get size(): number {
    return this.#size;
  }

  /** Directories the archive never names itself, as paths relative to its root. */
  *implied(): Generator<string> {
    yield* impliedBelow(this.#root, '');
  }

  /** Claims a path. @returns why it is refused, or undefined. A refused claim ends the unpacking, so it may leave implied directories behind. */
  claim(components: readonly string[], kind: EntryKind): Refusal | undefined {
    let place = this.#root;
    for (const [index, component] of components.entries()) {
      const refusal = refuseBelow(place.kind, components, index);
      if (refusal !== undefined) return refusal;
      let next = place.children.get(component);
      if (next === undefined) {
        const isLast = index === components.length - 1;
        next = { kind: isLast ? kind : 'implied', children: new Map() };
        place.children.set(component, next);
        this.#size += 1;
        if (isLast) return undefined;
      }
      place = next;
    }
    const refusal = refuseAgain(place.kind, kind);
    if (refusal === undefined) place.kind = kind;
    return refusal;
  }
}

function* impliedBelow(place: Place, prefix: string): Generator<string> {
  for (const [name, child] of place.children) {
    const location = prefix === '' ? name : `${prefix}/${name}`;
    if (child.kind === 'implied') yield location;
    if (child.children.size > 0) yield* impliedBelow(child, location);
  }
}

function refuseBelow(kind: Place['kind'], components: readonly string[], depth: number): Refusal | undefined {
  if (kind === 'implied' || kind === 'directory') return undefined;
  const name = JSON.stringify(components.slice(0, depth).join('/'));
  return {
    code: 'path-conflict',
    reason:
      kind === 'symlink'
        ? `would be written through the symbolic link ${name}`
        : `lies below the file ${name}`,
  };
}

function refuseAgain(known: Place['kind'], kind: EntryKind): Refusal | undefined {
  const isKnownDirectory = known === 'implied' || known === 'directory';
  // A directory named twice says the same thing twice: some build tools do it, and nothing is ambiguous.
  if (kind === 'directory' && isKnownDirectory) return undefined;
  if (known === kind) return { code: 'duplicate-entry', reason: 'appears twice: remove one of the two' };
  if (known === 'implied')
    return { code: 'path-conflict', reason: `is a ${kind}, but other entries lie below it` };
  return { code: 'path-conflict', reason: `appears twice, as a ${known} and as a ${kind}` };
}
