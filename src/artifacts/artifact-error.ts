/** Why bytes were refused. Closed: every refusal of this room has one of these codes. */
export type ArtifactCode =
  | 'not-found'
  | 'not-code'
  | 'unreadable-archive'
  | 'archive-changed'
  | 'illegal-path'
  | 'path-conflict'
  | 'duplicate-entry'
  | 'overlapping-entries'
  | 'illegal-entry'
  | 'encrypted-entry'
  | 'unknown-compression'
  | 'corrupt-entry'
  | 'too-many-entries'
  | 'too-large'
  | 'too-many-layers'
  | 'nested-layers'
  | 'runtime-not-detected'
  | 'runtime-settings'
  | 'interpreter-not-found'
  | 'interpreter-unusable'
  | 'download-failed';

/** Function code, a layer or an interpreter cannot be used. The message says what, why, and what to do. */
export class ArtifactError extends Error {
  readonly code: ArtifactCode;
  /** The file or directory the message is about, as a host path. */
  readonly path: string;
  /** The entry inside an archive, where one is to blame. */
  readonly entry?: string;

  constructor(
    code: ArtifactCode,
    path: string,
    message: string,
    detail?: { entry?: string; cause?: unknown },
  ) {
    super(message, detail?.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'ArtifactError';
    this.code = code;
    this.path = path;
    if (detail?.entry !== undefined) this.entry = detail.entry;
  }
}

/** Entry `name` of `archive` is refused. Names are quoted, because they are a stranger's bytes. */
export function entryError(
  code: ArtifactCode,
  archive: string,
  name: string,
  reason: string,
  cause?: unknown,
): ArtifactError {
  const quoted = JSON.stringify(name.length > 300 ? `${name.slice(0, 300)}…` : name);
  return new ArtifactError(code, archive, `${archive}: entry ${quoted} ${reason}`, { entry: name, cause });
}
