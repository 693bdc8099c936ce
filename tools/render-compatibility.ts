import type { ServiceModel } from '../src/lambda-api/model/service-model.ts';

type Class = 'later' | 'not planned';

/** Why operations are missing, by what their names have in common. What is not named here comes later. */
const reasons: readonly [names: RegExp, klass: Class, reason: string][] = [
  [/EventSourceMapping/, 'later', 'event sources come with the queues and streams they read'],
  [/ResourcePolicy$/, 'later', 'whole policies; AddPermission and RemovePermission make the same statements'],
  [/DurableExecution/, 'not planned', 'durable functions need AWS’s checkpoint service'],
  [/CapacityProvider/, 'not planned', 'capacity providers are AWS’s own machines'],
  [/FunctionScalingConfig/, 'not planned', 'about capacity providers, which are AWS’s own machines'],
];

/** docs/compatibility.md: every operation of the model, and whether Thaw implements it. */
export function renderCompatibility(model: ServiceModel, implemented: ReadonlySet<string>): string {
  const names = Object.keys(model.operations).sort();
  const count = names.filter((name) => implemented.has(name)).length;
  const { package: source, version } = model.provenance;
  const rows = names.map((name) => {
    const { method, requestUri } = model.operations[name]!.http;
    return `| ${name} | \`${method} ${requestUri}\` | ${implemented.has(name) ? 'yes' : missing(name)} |`;
  });
  return `# Operations of the Lambda API

Made by \`node tools/generate-compatibility.ts\` from the service model (${source} ${version}) and
\`src/lambda-api/operations.ts\`; a test fails when it is stale. Thaw implements ${count} of ${names.length} operations. The others
answer 400 \`NotImplementedException\`, which names the operation and which SDKs do not retry.

| Operation | Request | Implemented |
|---|---|---|
${rows.join('\n')}
`;
}

function missing(name: string): string {
  const [, klass, reason] = reasons.find(([names]) => names.test(name)) ?? [];
  return reason === undefined ? 'later' : `${klass}: ${reason}`;
}
