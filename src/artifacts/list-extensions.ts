import { MergedTree } from './merged-tree.ts';

/**
 * The external extensions an environment with these layers would start: every entry of the merged `/opt/extensions`
 * that is not a directory, sorted. Whether each can be started is another question (`inspectExecutable`): a link that
 * leads nowhere counts, and its start fails.
 *
 * @param optSources host directories merged into `/opt`, lowest first.
 */
export function listExtensions(optSources: readonly string[]): readonly string[] {
  const opt = new MergedTree('/opt', optSources);
  return opt.names('extensions').filter((name) => opt.resolve(`extensions/${name}`).kind !== 'directory');
}
