import type { EntryKind } from './archive-tree.ts';

const fileType = { mask: 0o170000, directory: 0o040000, regular: 0o100000, symlink: 0o120000 } as const;

export type EntryAttributes =
  | { readonly kind: EntryKind; readonly mode: number }
  | { readonly refused: string };

/**
 * What an entry is and with which permissions, from its name and its external attributes: the upper 16 bits are a
 * Unix mode where the archiver wrote one, whatever system it claims to have run on. Set-user-ID, set-group-ID and
 * sticky bits are dropped. Directories can always be entered and listed by everyone, as on Lambda.
 */
export function readAttributes(name: string, externalFileAttributes: number): EntryAttributes {
  const unixMode = externalFileAttributes >>> 16;
  const type = unixMode & fileType.mask;
  const permissions = unixMode & 0o777;
  const namedAsDirectory = name.endsWith('/');
  switch (type) {
    case fileType.symlink:
      if (namedAsDirectory) return { refused: 'is a symbolic link named like a directory' };
      return { kind: 'symlink', mode: 0o777 };
    case fileType.directory:
      return { kind: 'directory', mode: permissions | 0o755 };
    case fileType.regular:
    case 0:
      // Several build tools give directories the attributes of files: the name decides.
      if (namedAsDirectory) return { kind: 'directory', mode: permissions | 0o755 };
      return { kind: 'file', mode: unixMode === 0 ? 0o644 : permissions };
    default:
      return { refused: 'is neither a file, a directory nor a symbolic link' };
  }
}
