import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { mountsBelow } from './host-mounts.ts';

/** The name Lambda's processes run under. */
export const userName = 'sbx_user1051';

/** Besides /usr: links into it on merged systems, directories of their own on others. */
const systemDirectories = ['bin', 'sbin', 'lib', 'lib32', 'lib64', 'libx32'];

/** Directories made empty, for something to be mounted on. */
const mountPoints = [
  'usr',
  'proc',
  'dev',
  'tmp',
  'etc',
  '.thaw',
  'sys/fs/cgroup',
  'var/task',
  'var/runtime',
  'opt',
];

/** Small files of the host's /etc that programs read. */
const etcFiles = ['host.conf', 'ld.so.cache', 'ld.so.conf', 'mime.types', 'protocols', 'services'];

/** Directories of the host's /etc that parts of its /usr are configured from. */
const etcDirectories =
  /^(alternatives|ca-certificates|crypto-policies|fonts|java[-\w.]*|ld\.so\.conf\.d|mono|pki|python[\d.]*|ssl)$/;

/** A directory of the host, seen read-only at `target`. */
export interface HostBind {
  readonly source: string;
  readonly target: string;
}

/** What every root directory of one host object takes: made once, used by all its sandboxes. */
export interface RootTemplate {
  readonly etc: string;
  readonly links: readonly { readonly name: string; readonly to: string }[];
  readonly binds: readonly HostBind[];
}

/** Looks at the host and makes the files of /etc that all sandboxes share, in `directory`. */
export function makeRootTemplate(directory: string, resolvConf: string): RootTemplate {
  const etc = join(directory, 'etc');
  mkdirSync(etc, { recursive: true, mode: 0o755 });
  const write = (name: string, text: string): void => writeFileSync(join(etc, name), text, { mode: 0o644 });
  write('hosts', '127.0.0.1 localhost sandbox.localdomain sandbox\n');
  write('hostname', 'sandbox\n');
  write(
    'nsswitch.conf',
    'passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n',
  );
  write('resolv.conf', resolvConf);
  for (const name of etcFiles) {
    if (existsSync(join('/etc', name))) copyFileSync(join('/etc', name), join(etc, name));
  }
  const present = systemDirectories.filter((name) => existsSync(join('/', name)));
  const linked = present.filter((name) => lstatSync(join('/', name)).isSymbolicLink());
  const bound = [
    // What is mounted below /usr would be missing from a plain bind of /usr.
    ...mountsBelow('/usr')
      .filter((path) => path !== '/usr')
      .reverse(),
    ...present.filter((name) => !linked.includes(name)).map((name) => join('/', name)),
    ...readdirSync('/etc', { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && etcDirectories.test(entry.name))
      .map((entry) => join('/etc', entry.name)),
  ];
  return {
    etc,
    links: linked.map((name) => ({ name, to: readlinkSync(join('/', name)) })),
    binds: ['/usr', ...bound].map((path) => ({ source: path, target: path })),
  };
}

/**
 * Makes the root directory of one sandbox: mount points and an /etc of its own.
 * `targets` are the paths inside that something will be mounted on.
 */
export function makeRootDirectory(
  root: string,
  template: RootTemplate,
  { userId, targets }: { readonly userId: number; readonly targets: readonly string[] },
): void {
  mkdirSync(root, { recursive: true, mode: 0o755 });
  for (const { name, to } of template.links) symlinkSync(to, join(root, name));
  for (const target of [...mountPoints, ...targets, ...etcTargets(template), ...systemTargets(template)])
    mkdirSync(join(root, target), { recursive: true, mode: 0o755 });
  writeFileSync(join(root, '.thaw/supervisor'), '');
  const etc = join(root, 'etc');
  for (const name of readdirSync(template.etc)) linkSync(join(template.etc, name), join(etc, name));
  // Lambda's clock is UTC whatever the host's is.
  symlinkSync('/usr/share/zoneinfo/UTC', join(etc, 'localtime'));
  const passwd = `root:x:0:0:root:/:/sbin/nologin\n${userName}:x:${userId}:${userId}::/home/${userName}:/sbin/nologin\n`;
  writeFileSync(join(etc, 'passwd'), passwd, { mode: 0o644 });
  writeFileSync(join(etc, 'group'), `root:x:0:\n${userName}:x:${userId}:\n`, { mode: 0o644 });
}

function etcTargets({ binds }: RootTemplate): string[] {
  return binds.map(({ target }) => target).filter((target) => target.startsWith('/etc/'));
}

function systemTargets({ binds }: RootTemplate): string[] {
  return binds.map(({ target }) => target).filter((target) => /^\/[^/]+$/.test(target));
}
