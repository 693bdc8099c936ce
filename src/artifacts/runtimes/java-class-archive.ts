import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { classPath, javaOptions, libraryDirectory, mainClass, moduleOptions } from './java-options.ts';

/** Of the virtual machine's own, so that it starts fast: classes loaded and laid out as they are in memory. */
export const archiveName = 'runtime.jsa';

/** The first version with archives of more than its own classes that needs no licence. */
export const firstWithArchive = 11;

/** For one that hangs. Where no archive was made none will be: a slow machine has its time. */
const stepTimeoutMs = 180_000;
const maxWordBytes = 4096;

/** Any class of the virtual machine's will do, and any method that takes an event. */
const handlerOfTrial = 'java.util.ArrayList::contains';
const event = JSON.stringify({ text: 'ž', list: [1, 2.5, null, true], nested: { list: [{}] } });

/**
 * Makes the archive of the classes that a function's start and first invocation load: tries it with one event, notes
 * the classes, and has the virtual machine write them down. An archive is used only where the class path reads the
 * same, so all of it runs where the library is seen at its place in a sandbox; nobody else sees that.
 *
 * @param library the directory that will be mounted there; the archive is put into it.
 * @param prefix of the virtual machine.
 * @throws Error saying which step failed, and what the virtual machine said.
 */
export async function makeClassArchive(library: string, prefix: string, major: number): Promise<void> {
  const places = path.join(path.dirname(library), 'var');
  await mkdir(places);
  const list = `${libraryDirectory}/classes.txt`;
  const server = createServer(runtimeApiOfTrial(() => trial.stop()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const trial = javaAtItsPlaces({ library, prefix, places }, addressOf(server), [
    ...['-Xshare:off', `-XX:DumpLoadedClassList=${list}`, ...javaOptions(major)],
    ...['-classpath', classPath, mainClass, handlerOfTrial],
  ]);
  try {
    const { code, said } = await trial.ended;
    // 143: it was told to stop, because it asked for a second event.
    if (code !== 143) throw new Error(`the trial ended with exit status ${code}: ${said}`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
  const dump = javaAtItsPlaces({ library, prefix, places }, '', [
    // Objects are archived by this collector alone; others may use them.
    ...['-Xshare:dump', '-XX:+UseG1GC', '-Xlog:disable', '-Xlog:all=error:stderr', ...moduleOptions(major)],
    ...[`-XX:SharedClassListFile=${list}`, `-XX:SharedArchiveFile=${libraryDirectory}/${archiveName}`],
    ...['-classpath', classPath],
  ]);
  const { code, said } = await dump.ended;
  if (code !== 0) throw new Error(`the archive could not be written, exit status ${code}: ${said}`);
  await rm(path.join(library, 'classes.txt'));
}

/** One event, and no second one. */
function runtimeApiOfTrial(onSecondNext: () => void): RequestListener {
  let events = 0;
  return (request, response) => {
    request.resume();
    if (request.method === 'POST') response.writeHead(202).end();
    else if (events++ > 0) onSecondNext();
    else
      response
        .writeHead(200, {
          'Content-Type': 'application/json',
          'Lambda-Runtime-Aws-Request-Id': '00000000-0000-4000-8000-000000000000',
          'Lambda-Runtime-Deadline-Ms': String(Date.now() + stepTimeoutMs),
          'Lambda-Runtime-Invoked-Function-Arn': 'arn:aws:lambda:us-east-1:123456789012:function:trial',
          'Lambda-Runtime-Trace-Id':
            'Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=0',
        })
        .end(event);
  };
}

interface Places {
  readonly library: string;
  readonly prefix: string;
  /** An empty directory to mount on. */
  readonly places: string;
}

/** Their mounts go with the process. Written such that `prefix` may itself lie below /var. */
const script = `set -e
mount -t tmpfs thaw "$1"
mkdir -p "$1/runtime/lib" "$1/lang"
mount --bind "$2" "$1/runtime/lib"
mount --bind "$3" "$1/lang"
mount --rbind "$1" /var
shift 3
cd /
exec /var/lang/bin/java "$@"`;

function javaAtItsPlaces({ library, prefix, places }: Places, runtimeApi: string, args: readonly string[]) {
  const identity = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const parts = ['sh', '-c', script, 'sh', places, library, prefix, ...args];
  const child = spawn('unshare', [...identity, '--mount', ...parts], {
    env: {
      PATH: '/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin',
      LANG: 'C.UTF-8',
      AWS_LAMBDA_RUNTIME_API: runtimeApi,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: stepTimeoutMs,
    killSignal: 'SIGKILL',
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-maxWordBytes);
  });
  const ended = new Promise<{ readonly code: number | string; readonly said: string }>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code: code ?? signal ?? 'unknown', said: said.trim() }));
  });
  return { stop: () => child.kill('SIGTERM'), ended };
}

function addressOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
