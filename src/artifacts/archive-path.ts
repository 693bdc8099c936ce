/** Linux opens no path of more than 4095 bytes: three quarters for the archive's, the rest for where it is unpacked. */
const maxPathBytes = 3072;
/** Linux has no longer file names. Bytes. */
const maxComponentBytes = 255;

/** What decoding puts where the bytes are not UTF-8: two names could become one. */
const replacementCharacter = '\ufffd';

/** A path inside an archive, as its components; empty for the archive's own root (`./`). Or why it is refused. */
export type ArchivePath = { readonly components: readonly string[] } | { readonly refused: string };

/**
 * Reads the name of an archive's entry. Only plain relative paths pass: whatever a component is joined to, it stays
 * below it. `.` and empty components carry no meaning and are dropped.
 */
export function parseArchivePath(name: string): ArchivePath {
  if (name === '') return { refused: 'has no name' };
  if (name.includes('\0')) return { refused: 'has a NUL byte in its name' };
  if (name.includes(replacementCharacter)) return { refused: 'has a name that is not UTF-8' };
  if (name.includes('\\')) return { refused: 'has a backslash in its name: separate directories with "/"' };
  if (name.startsWith('/')) return { refused: 'has an absolute path: store paths relative to the archive' };
  if (Buffer.byteLength(name) > maxPathBytes)
    return { refused: `has a path longer than ${maxPathBytes} bytes` };
  const components = name.split('/').filter((component) => component !== '' && component !== '.');
  for (const component of components) {
    if (component === '..') return { refused: 'leaves the archive with ".."' };
    if (Buffer.byteLength(component) > maxComponentBytes) {
      return { refused: `has a file name longer than ${maxComponentBytes} bytes` };
    }
  }
  return { components };
}
