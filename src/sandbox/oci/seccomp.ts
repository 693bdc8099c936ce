import { allowedSyscalls, refusedSyscalls } from './syscalls.ts';

const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

/** All the clone flags that make a namespace: NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const newNamespaceFlags = 0x7e020000;

/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK. */
const socketFamilies = [1, 2, 10, 16];

/** Linux, 32-bit addresses, both, short inode numbers and the question which is set. */
const personalities = [0, 0x8, 0x20000, 0x20008, 0xffffffff];

interface Argument {
  readonly index: number;
  readonly value: number;
  readonly valueTwo?: number;
  readonly op: string;
}

interface Rule {
  readonly names: readonly string[];
  readonly action: 'SCMP_ACT_ALLOW' | 'SCMP_ACT_ERRNO';
  readonly errnoRet?: number;
  readonly args?: readonly Argument[];
}

/**
 * What the processes of a sandbox may ask of the kernel; everything else is refused. What is merely unknown is
 * refused with ENOSYS, because that is when programs fall back to an older call (clone3 to clone, for one); what is
 * known and forbidden with EPERM. Terminal ioctls are not filtered: no terminal is ever in a sandbox.
 */
export function seccompProfile(architecture: NodeJS.Architecture = process.arch): object {
  const rules: Rule[] = [
    { names: allowedSyscalls, action: 'SCMP_ACT_ALLOW' },
    { names: refusedSyscalls, action: 'SCMP_ACT_ERRNO', errnoRet: EPERM },
    {
      names: ['clone'],
      action: 'SCMP_ACT_ALLOW',
      args: [{ index: 0, value: newNamespaceFlags, valueTwo: 0, op: 'SCMP_CMP_MASKED_EQ' }],
    },
    ...socketFamilies.map(
      (value): Rule => ({
        names: ['socket'],
        action: 'SCMP_ACT_ALLOW',
        args: [{ index: 0, value, op: 'SCMP_CMP_EQ' }],
      }),
    ),
    {
      names: ['socket'],
      action: 'SCMP_ACT_ERRNO',
      errnoRet: EAFNOSUPPORT,
      args: [{ index: 0, value: 16, op: 'SCMP_CMP_GT' }],
    },
    ...personalities.map(
      (value): Rule => ({
        names: ['personality'],
        action: 'SCMP_ACT_ALLOW',
        args: [{ index: 0, value, op: 'SCMP_CMP_EQ' }],
      }),
    ),
  ];
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    defaultErrnoRet: ENOSYS,
    architectures: [ociArchitecture(architecture)],
    syscalls: rules,
  };
}

function ociArchitecture(architecture: NodeJS.Architecture): string {
  if (architecture === 'x64') return 'SCMP_ARCH_X86_64';
  if (architecture === 'arm64') return 'SCMP_ARCH_AARCH64';
  throw new Error(`Sandboxes run on x86_64 and aarch64, not on ${architecture}`);
}
