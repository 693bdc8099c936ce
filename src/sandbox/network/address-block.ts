/**
 * Each live Thaw process has a /22 of link-local addresses: the bridge is its first one, environments have the
 * others. The first block starts at 169.254.100.0. The block with the cloud metadata and credential addresses
 * (169.254.169.254, 169.254.170.2) is never used.
 */
export interface AddressBlock {
  /** 0, 1, …: also the number of the bridge. */
  readonly number: number;
  readonly bridge: string;
  readonly prefixBits: 22;
}

/** Where a bridge's address serves the inner APIs: Lambda's own port, reserved inside an environment. */
export const innerApiPort = 9001;

/** Where a bridge's address serves the service's own API, for those who ask for it. */
export const serviceApiPort = 9002;

const firstThirdOctet = 100;
const blockThirdOctets = 4;
const metadataThirdOctets = [168, 169, 170, 171];

/** Blocks that fit below 169.254.255.0, the metadata block left out. */
export const blockNumbers: readonly number[] = Array.from({ length: 38 }, (_, number) => number).filter(
  (number) => !metadataThirdOctets.includes(firstThirdOctet + number * blockThirdOctets),
);

/** Environments that one block has addresses for; slots are 0 … slotsPerBlock - 1. */
export const slotsPerBlock = 1021;

export function addressBlock(number: number): AddressBlock {
  return { number, bridge: addressAt(number, 1), prefixBits: 22 };
}

/** The address of one environment. */
export function environmentAddress(block: AddressBlock, slot: number): string {
  if (slot < 0 || slot >= slotsPerBlock) throw new RangeError(`slot ${slot}`);
  return addressAt(block.number, slot + 2);
}

/** The whole block, as nftables wants it. */
export function subnet(block: AddressBlock): string {
  return `${addressAt(block.number, 0)}/${block.prefixBits}`;
}

function addressAt(number: number, offset: number): string {
  const third = firstThirdOctet + number * blockThirdOctets + (offset >> 8);
  return `169.254.${third}.${offset & 0xff}`;
}
