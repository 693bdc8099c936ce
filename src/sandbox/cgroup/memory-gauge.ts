import { closeSync, existsSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { MemoryReading } from '../driver.ts';

const files = {
  v1: { peak: 'memory.max_usage_in_bytes', stat: 'memory.stat', events: 'memory.oom_control' },
  v2: { peak: 'memory.peak', stat: 'memory.stat', events: 'memory.events' },
} as const;

const pageBytes = 4096;

/** The page cache, in which the kernel counts shared memory too. */
const cachePattern = { v1: /^cache (\d+)$/m, v2: /^file (\d+)$/m } as const;

/** What the page cache was at some moment, and what had been reclaimed until then. Bytes. */
interface Cache {
  readonly bytes: number;
  readonly reclaimedBytes: number;
}

/**
 * Reads how much memory a control group has used.
 *
 * The kernel's high-water mark counts the page cache as well: what the function writes to `/tmp` and the pages of
 * binaries it is the first to read. The kernel takes these back whenever memory runs short, so they are not the
 * function's use. The rule: the mark since the last reading, less the page cache. How large that was when the mark
 * was reached is not known; it is taken to be what it is now, or what it was at the last reading less what was
 * reclaimed since, whichever is more. So a reading is too low only for memory that was taken and given back between
 * two readings while files were written (or, on v1, which does not tell what it reclaimed, in place of cached
 * files; unless the OOM killer came). Shared memory counts as use.
 *
 * Before Linux 5.19, v2 has no mark: what is in use at a reading takes its place, and what came and went between two
 * readings is missed. Each reading starts the mark anew where the kernel can do that (v1; v2 since Linux 6.12). It costs three small
 * reads, about 10 µs.
 */
export class MemoryGauge {
  readonly #version: 'v1' | 'v2';
  readonly #peak: number;
  readonly #stat: number;
  readonly #events: number;
  readonly #buffer = Buffer.alloc(16 * 1024);
  readonly #canRestart: boolean;
  #peakBytes = 0;
  #before: Cache = { bytes: 0, reclaimedBytes: 0 };
  #oomKills = 0;

  constructor(path: string, version: 'v1' | 'v2') {
    this.#version = version;
    const peak = join(path, files[version].peak);
    this.#peak = existsSync(peak) ? openSync(peak, 'r+') : openSync(join(path, 'memory.current'), 'r');
    this.#stat = openSync(join(path, files[version].stat), 'r');
    this.#events = openSync(join(path, files[version].events), 'r');
    this.#canRestart = this.#tryRestart();
  }

  read(): MemoryReading {
    const now = this.#cache();
    const oomKills = field(this.#text(this.#events), /^oom_kill (\d+)$/m);
    const reclaimedBytes = now.reclaimedBytes - this.#before.reclaimedBytes;
    // The OOM killer comes when the cache is gone.
    const left = oomKills > this.#oomKills ? 0 : this.#before.bytes - reclaimedBytes;
    const cacheBytes = Math.max(now.bytes, left);
    this.#peakBytes = Math.max(this.#peakBytes, Number(this.#text(this.#peak)) - cacheBytes);
    this.#oomKills = oomKills;
    // A mark that goes on may have been reached with as much cache as was ever seen.
    this.#before = this.#canRestart ? now : { ...now, bytes: cacheBytes };
    if (this.#canRestart) this.#tryRestart();
    return { peakBytes: this.#peakBytes, oomKills };
  }

  /** Starts the mark anew without counting what it holds, where the kernel can do that. */
  restart(): void {
    if (!this.#canRestart) return;
    this.#tryRestart();
    this.#before = this.#cache();
  }

  close(): void {
    for (const fd of [this.#peak, this.#stat, this.#events]) closeSync(fd);
  }

  #cache(): Cache {
    const stat = this.#text(this.#stat);
    return {
      bytes: field(stat, cachePattern[this.#version]) - field(stat, /^shmem (\d+)$/m),
      reclaimedBytes: field(stat, /^pgsteal (\d+)$/m) * pageBytes,
    };
  }

  #tryRestart(): boolean {
    try {
      writeSync(this.#peak, '0', 0);
      return true;
    } catch {
      // A v2 kernel before 6.12.
      return false;
    }
  }

  #text(fd: number): string {
    return this.#buffer.toString('latin1', 0, readSync(fd, this.#buffer, 0, this.#buffer.length, 0));
  }
}

function field(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? 0);
}
