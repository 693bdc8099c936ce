import { clientJars, nativeLibrary } from './java-client.ts';

/** Where a sandbox shows the client, and what belongs to it. */
export const libraryDirectory = '/var/runtime/lib';

const clientPackage = 'com.amazonaws.services.lambda.runtime.api.client';
export const classPath = clientJars.map((jar) => `${libraryDirectory}/${jar}`).join(':');
export const mainClass = `${clientPackage}.AWSLambda`;

/**
 * What a virtual machine is started with besides what depends on the function: as recorded from the service, and what
 * newer ones want so that the client runs without warnings.
 *
 * @param major of the virtual machine that runs, whatever the runtime's identifier says.
 */
export function javaOptions(major: number): readonly string[] {
  return [
    '-XX:+UseSerialGC',
    ...since(17, major, ['-XX:+TieredCompilation', '-XX:TieredStopAtLevel=1']),
    ...moduleOptions(major),
    ...since(11, major, ['-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac']),
    ...since(17, major, ['-XX:+ErrorFileToStderr']),
    ...since(24, major, ['--sun-misc-unsafe-memory-access=allow']),
    // Otherwise the client unpacks it to /tmp, which is the function's.
    `-D${clientPackage}.runtimeapi.NativeClient.JNI=${libraryDirectory}/${nativeLibrary}`,
  ];
}

/** An archive of classes serves best where these are what they were when it was made. */
export function moduleOptions(major: number): readonly string[] {
  return [
    // The client opens the log descriptor by its number.
    ...since(17, major, ['--add-opens=java.base/java.io=ALL-UNNAMED']),
    ...since(24, major, ['--enable-native-access=ALL-UNNAMED']),
  ];
}

/**
 * Uses an archive of classes where it can be used. Where the customer's own options keep it from being used the virtual
 * machine only starts slower, and must not write of that into the function's log.
 */
export function archiveOptions(archive: string, major: number): readonly string[] {
  return [
    `-XX:SharedArchiveFile=${libraryDirectory}/${archive}`,
    '-Xlog:cds=off',
    ...since(25, major, ['-Xlog:aot=off']),
  ];
}

function since(first: number, major: number, options: readonly string[]): readonly string[] {
  return major >= first ? options : [];
}
