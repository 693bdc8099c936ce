import { chmod, copyFile, link, stat } from 'node:fs/promises';
import path from 'node:path';
import { ArtifactError } from '../artifact-error.ts';
import { askProgram, parseAnswer } from './ask-program.ts';
import { keepDirectory, makeOpenDirectory } from './kept-directory.ts';
import type { Interpreter, Language } from './language.ts';

export const nodejs: Language = {
  name: 'Node.js',
  programs: () => ['node'],
  places: (version) => [
    `~/.nvm/versions/node/v${version}.*/bin/node`,
    `~/.local/share/fnm/node-versions/v${version}.*/installation/bin/node`,
    `~/.volta/tools/image/node/${version}.*/bin/node`,
    `~/.asdf/installs/nodejs/${version}.*/bin/node`,
    `~/.local/share/mise/installs/node/${version}.*/bin/node`,
  ],
  ask: async (file) => {
    const question = 'process.stdout.write(JSON.stringify([process.execPath, process.versions.node, ""]))';
    const answer = parseAnswer(await askProgram(file, ['-e', question]));
    if (answer === undefined) return [];
    const [program, version] = answer;
    return [{ program, version, prefix: path.dirname(path.dirname(program)) }];
  },
  installedProgram: () => 'bin/node',
  mounts: async (interpreter, storeRoot) => [
    { target: '/var/lang', sources: [await keepProgram(interpreter, storeRoot)] },
  ],
  advice: (version) => `install Node.js ${version} and put it on PATH`,
};

/**
 * A directory that holds the program as `bin/node` and nothing else: it needs nothing else, and the directory it comes
 * from may be `/usr`. An upgrade on the host is another program.
 */
async function keepProgram({ program, version }: Interpreter, storeRoot: string): Promise<string> {
  const { size, mtimeMs } = await stat(program).catch((error: unknown) => {
    const message = `${program}, the Node.js ${version} of this host, is gone. Start again, or install it anew.`;
    throw new ArtifactError('interpreter-not-found', program, message, { cause: error });
  });
  const name = `host-node-${version}-${size}-${Math.trunc(mtimeMs)}`;
  return await keepDirectory(storeRoot, name, async (directory) => {
    const bin = path.join(directory, 'bin');
    await makeOpenDirectory(bin);
    await linkOrCopy(program, path.join(bin, 'node'));
  });
}

/** A link costs nothing, but needs one file system, and a program that everyone may run as it is. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  const { mode } = await stat(from);
  if ((mode & 0o005) === 0o005) {
    try {
      await link(from, to);
      return;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'EXDEV' && code !== 'EPERM' && code !== 'EMLINK') throw error;
    }
  }
  await copyFile(from, to);
  await chmod(to, 0o755);
}
