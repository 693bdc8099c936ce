import { enableCompileCache } from 'node:module';
import path from 'node:path';
import { cacheDirectory } from '../sandbox/places.ts';

// Compiling takes longer than everything else `thaw --help` does. The cache is Thaw's own directory: what lies in a
// directory others can write to would be code run as root.
enableCompileCache(path.join(cacheDirectory(), 'compiled'));
await import('./main.ts');
