import path from 'node:path';
import { ArtifactError } from '../artifact-error.ts';
import { askProgram } from './ask-program.ts';
import { javaClient } from './java-client.ts';
import { keepJavaLibrary } from './java-library.ts';
import type { Language } from './language.ts';

export const java: Language = {
  name: 'Java',
  programs: () => ['java'],
  places: (version) => [
    '/usr/lib/jvm/*/bin/java',
    '/usr/lib/jvm/*/jre/bin/java',
    '/opt/java/*/bin/java',
    `~/.sdkman/candidates/java/${version}.*/bin/java`,
    '~/.jdks/*/bin/java',
    '~/.asdf/installs/java/*/bin/java',
    '~/.local/share/mise/installs/java/*/bin/java',
  ],
  ask: async (file) => {
    const answer = await askProgram(file, ['-XshowSettings:properties', '-version']);
    const property = (name: string) =>
      new RegExp(`^ *${name.replaceAll('.', '\\.')} = (.+)$`, 'm').exec(answer ?? '')?.[1]?.trim();
    const [home, version] = [property('java.home'), property('java.version')];
    if (home === undefined || version === undefined) return [];
    return [{ program: path.join(home, 'bin', 'java'), version: newStyle(version), prefix: home }];
  },
  installedProgram: () => 'bin/java',
  client: javaClient,
  // The launcher finds its library beside the program it really is.
  mounts: async (interpreter, storeRoot, onWork) => {
    const { prefix, version } = interpreter;
    const client = javaClient.installed(storeRoot) ?? missingClient(storeRoot, version);
    const library = await keepJavaLibrary(interpreter, { client, storeRoot, onWork });
    return [
      { target: '/var/lang', sources: [prefix] },
      { target: '/var/runtime/lib', sources: [library] },
    ];
  },
  advice: (version) =>
    `install a Java ${version} runtime (Debian, Ubuntu: apt-get install openjdk-${version}-jre-headless)`,
};

function missingClient(storeRoot: string, version: string): never {
  const { name } = javaClient;
  const mend = `thaw runtimes install java${Number.parseInt(version, 10)}`;
  const message = `${name} ${javaClient.version}, which Java functions run in, is not installed. Mend it with: ${mend}`;
  throw new ArtifactError('interpreter-not-found', storeRoot, message);
}

/** `1.8.0_402` is Java 8; `17.0.15` and `25-ea` are what they say. */
function newStyle(version: string): string {
  return version
    .replace(/^1\.(\d+)\.0(?:_(\d+))?/, '$1.0.$2')
    .replace(/[^\d.].*$/, '')
    .replace(/\.$/, '');
}
