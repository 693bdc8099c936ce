import { isIP } from 'node:net';
import { isLoopbackAddress } from '../foundation/address.ts';

/** Where a service is to listen. */
export interface ServiceAddress {
  /** An address of this machine, or a name of one. */
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

/** What programs on this machine reach it by: of all addresses at once, the loopback one. */
export function serviceUrl({ host, port }: ServiceAddress): string {
  const name = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return `http://${isIP(name) === 6 ? `[${name}]` : name}:${port}`;
}

/** Whether only programs of this machine reach it. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || isLoopbackAddress(host);
}

/** Why nothing can listen there, in words. */
export function listenError(error: NodeJS.ErrnoException, { host, port }: ServiceAddress): Error {
  const what = `the service cannot listen on ${host}, port ${port}`;
  switch (error.code) {
    case 'EADDRINUSE':
      return new Error(
        `${what}: something else listens there. Give another port with --port, or --port 0 for any.`,
      );
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new Error(`${what}: that is no address of this machine. Give one with --host.`);
    default:
      return new Error(`${what}: ${error.message}`);
  }
}
