import { homedir } from 'node:os';
import path from 'node:path';

/**
 * Where Thaw keeps what it may keep: `$THAW_HOME`, else `$XDG_DATA_HOME/thaw`, else `/var/lib/thaw` for root and
 * `~/.local/share/thaw` for everybody else. Always absolute; the directory need not exist yet.
 */
export function storeRoot(
  env: NodeJS.ProcessEnv = process.env,
  uid: number | undefined = process.getuid?.(),
): string {
  if (env.THAW_HOME) return path.resolve(env.THAW_HOME);
  // The XDG base directory specification: a relative value is invalid and to be ignored.
  if (env.XDG_DATA_HOME && path.isAbsolute(env.XDG_DATA_HOME)) return path.join(env.XDG_DATA_HOME, 'thaw');
  if (uid === 0) return '/var/lib/thaw';
  return path.join(env.HOME || homedir(), '.local', 'share', 'thaw');
}
