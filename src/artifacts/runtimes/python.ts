import { existsSync } from 'node:fs';
import { chmod, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { askProgram, parseAnswer } from './ask-program.ts';
import { isOfSystem, keepDirectory, makeOpenDirectory } from './kept-directory.ts';
import type { Interpreter, Language } from './language.ts';
import { keepPythonRuntime } from './python-runtime.ts';

/** Of a virtual environment too the interpreter it was made from: the rest of one is not the function's. */
const question = [
  'import json, os, sys',
  'program = getattr(sys, "_base_executable", None) or sys.executable',
  'version = "%d.%d.%d" % sys.version_info[:3]',
  'sys.stdout.write(json.dumps([os.path.realpath(program), version, sys.base_prefix]))',
].join('\n');

export const python: Language = {
  name: 'Python',
  programs: (version) => [`python${version}`, 'python3'],
  places: (version) => [
    `~/.pyenv/versions/${version}.*/bin/python${version}`,
    `~/.local/share/uv/python/cpython-${version}.*/bin/python${version}`,
    `~/.asdf/installs/python/${version}.*/bin/python${version}`,
    `~/.local/share/mise/installs/python/${version}.*/bin/python${version}`,
    `/opt/python/${version}*/bin/python${version}`,
    `/usr/local/bin/python${version}`,
    `/usr/bin/python${version}`,
  ],
  ask: async (file) => {
    const answer = parseAnswer(await askProgram(file, ['-I', '-S', '-c', question]));
    if (answer === undefined) return [];
    const [program, version, prefix] = answer;
    return [{ program, version, prefix }];
  },
  installedProgram: (version) => `bin/python${version}`,
  mounts: async (interpreter, storeRoot) => {
    if (isOfSystem(interpreter.prefix))
      return [{ target: '/var/lang', sources: [await keepApart(interpreter, storeRoot)] }];
    // Python finds its library beside the program it really is.
    const modules = `lib/python${majorMinor(interpreter.version)}/site-packages`;
    const whole = { target: '/var/lang', sources: [interpreter.prefix] };
    if (!existsSync(path.join(interpreter.prefix, modules))) return [whole];
    const nothing = await keepDirectory(storeRoot, 'no-modules', async () => {});
    return [whole, { target: `/var/lang/${modules}`, sources: [nothing] }];
  },
  runtime: keepPythonRuntime,
  advice: (version) => `install Python ${version}: a package of the system, or with pyenv or uv`,
};

/**
 * Links to a program below /usr, arranged as a virtual environment without packages: the program then takes /var/lang for
 * its prefix, as on Lambda, and what the system has installed for itself is no part of it.
 */
function keepApart({ program, version }: Interpreter, storeRoot: string): Promise<string> {
  const name = `host-python-${version}-apart${program.replaceAll('/', '-')}`;
  return keepDirectory(storeRoot, name, async (directory) => {
    await makeOpenDirectory(path.join(directory, 'bin'));
    for (const link of [`python${majorMinor(version)}`, 'python3'])
      await symlink(program, path.join(directory, 'bin', link));
    const settings = `home = ${path.dirname(program)}\ninclude-system-site-packages = false\nversion = ${version}\n`;
    const file = path.join(directory, 'pyvenv.cfg');
    await writeFile(file, settings);
    await chmod(file, 0o644);
  });
}

function majorMinor(version: string): string {
  return version.split('.', 2).join('.');
}
