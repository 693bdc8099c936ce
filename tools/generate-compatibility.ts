/** Writes docs/compatibility.md. Run it after src/lambda-api/operations.ts, or the service model, changed. */
import { writeFileSync } from 'node:fs';
import { serviceModel } from '../src/lambda-api/model/service-model.ts';
import { operations } from '../src/lambda-api/operations.ts';
import { renderCompatibility } from './render-compatibility.ts';

const implemented = new Set(operations.map(({ name }) => name));
writeFileSync(
  new URL('../docs/compatibility.md', import.meta.url),
  renderCompatibility(serviceModel, implemented),
);
