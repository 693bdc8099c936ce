import { openKeyFile } from '../key-file.ts';

process.stdout.write(openKeyFile(process.argv[2]!).accessKeyId);
