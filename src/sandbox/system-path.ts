/** sudo, su and cron leave PATH without these, and nft, losetup or runc are in one of them. */
const systemDirectories = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Where programs of the host are looked for: PATH, and then the system's own directories. */
export function systemPath(path = process.env.PATH ?? ''): string {
  const given = path.split(':').filter((directory) => directory.startsWith('/'));
  return [...new Set([...given, ...systemDirectories])].join(':');
}
