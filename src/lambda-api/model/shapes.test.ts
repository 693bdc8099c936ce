import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { pruneModel } from '../../../tools/prune-model.ts';
import { renderShapes } from '../../../tools/render-shapes.ts';
import { serviceModel } from './service-model.ts';

describe('the service model', () => {
  it('is what shapes.ts was generated from', () => {
    const generated = readFileSync(new URL('shapes.ts', import.meta.url), 'utf8');
    assert.equal(generated, renderShapes(serviceModel), 'run: node tools/generate-service-model.ts');
  });

  it('says where it comes from and carries no documentation', () => {
    const { package: name, version, licence, copyright } = serviceModel.provenance;
    assert.deepEqual([name, licence], ['botocore', 'Apache-2.0']);
    assert.match(version ?? '', /^\d+\.\d+\.\d+$/);
    assert.match(copyright ?? '', /Amazon/);
    assert.doesNotMatch(readFileSync(new URL('lambda.json', import.meta.url), 'utf8'), /"documentation/);
  });

  it('has every shape that it names', () => {
    const { operations, shapes } = serviceModel;
    const named = [
      ...Object.values(operations).flatMap(({ input, output }) => [input, output ?? input]),
      ...Object.values(shapes).flatMap((shape) => {
        if (shape.type === 'structure') return Object.values(shape.members).map((member) => member.shape);
        if (shape.type === 'list') return [shape.member];
        return shape.type === 'map' ? [shape.key, shape.value] : [];
      }),
    ];
    assert.deepEqual(
      named.filter((name) => shapes[name] === undefined),
      [],
    );
  });

  it('is refused at generation where it uses what the protocol does not know', () => {
    const published = (shapes: object) => ({
      metadata: { protocol: 'rest-json', apiVersion: '2015-03-31' },
      operations: {},
      shapes,
    });
    const unknown: [shapes: object, message: RegExp][] = [
      [{ A: { type: 'string', timestampFormat: 'iso8601' } }, /A: the trait timestampFormat is not known/],
      [{ A: { type: 'document' } }, /A: shapes of type document are not known/],
      [
        { A: { type: 'structure', members: { B: { shape: 'C', jsonvalue: true } } } },
        /A\.B: the trait jsonvalue/,
      ],
      [
        { A: { type: 'structure', members: { B: { shape: 'C', locationName: 'b' } } } },
        /A\.B: another name in the body/,
      ],
    ];
    for (const [shapes, message] of unknown) assert.throws(() => pruneModel(published(shapes), {}), message);
  });
});
