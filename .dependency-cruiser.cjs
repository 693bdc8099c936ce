// The floors of the house. A room of src/ imports rooms on lower floors only; rooms on one floor never import
// each other. A new room must be given its floor here before it can import anything.
const floors = [
  ['foundation'],
  ['domain', 'sigv4'],
  ['lifecycle'],
  ['sandbox', 'artifacts', 'catalog', 'telemetry', 'iam'],
  ['environment'],
  ['scheduler'],
  ['invoke', 'deploy'],
  ['lambda-api', 'iam-api', 'observatory'],
  ['assembly'],
  ['cli'],
];

const rules = floors.flatMap((rooms, floor) =>
  rooms.map((room) => {
    const below = floors.slice(0, floor).flat();
    return {
      name: `floor-${floor}-${room}`,
      comment: `${room}/ stands on floor ${floor}: it may import ${below.join(', ') || 'nothing of ours'}.`,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: [`^src/${room}/`, ...below.map((lower) => `^src/${lower}/`)] },
    };
  }),
);

module.exports = {
  forbidden: [
    ...rules,
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'src-is-self-contained',
      comment:
        'What runs inside a sandbox, benchmarks and conformance suites are never imported by the product.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(bootstraps|bench|conformance|examples)/' },
    },
    {
      name: 'no-dev-dependencies-in-the-product',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    // The native TypeScript compiler offers no API to read imports with: without another parser no .ts file is seen.
    parser: 'swc',
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs', '.cjs', '.json'],
    },
  },
};
