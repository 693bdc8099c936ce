import { ArtifactError } from '../artifact-error.ts';

/** What a mend begins with that Thaw can carry out itself. */
export const installCommand = 'thaw runtimes install ';

/** There is no interpreter for a runtime: what was found instead, and what mends it. */
export class InterpreterNotFound extends ArtifactError {
  /** A sentence. */
  readonly finding: string;
  /** A command, or words after which there is one. */
  readonly mend: string;

  get isInstallable(): boolean {
    return this.mend.startsWith(installCommand);
  }

  constructor(path: string, finding: string, mend: string) {
    super('interpreter-not-found', path, `${finding} To mend it: ${mend}`);
    this.name = 'InterpreterNotFound';
    this.finding = finding;
    this.mend = mend;
  }
}
