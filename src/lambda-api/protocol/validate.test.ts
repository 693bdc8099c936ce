import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ServiceError } from '../../domain/service-error.ts';
import { serviceModel, structureOf } from '../model/service-model.ts';
import { constraintsOf } from './constraints.ts';
import { validateInput } from './validate.ts';

const patternOf = (shape: string): string => {
  const found = serviceModel.shapes[shape];
  return found?.type === 'string' ? (found.pattern ?? '') : '';
};

/** What is wrong with the input, each finding of its own. */
function findings(shape: string, input: Record<string, unknown>): string[] {
  try {
    validateInput(serviceModel, shape, input);
    return [];
  } catch (error) {
    assert.ok(error instanceof ServiceError);
    assert.equal(error.type, 'ValidationException');
    const [, count, list = ''] = /^(\d+ validation errors?) detected: (.*)$/s.exec(error.message) ?? [];
    const found = list.split(/; (?=Value )/);
    assert.equal(count, found.length === 1 ? '1 validation error' : `${found.length} validation errors`);
    return found;
  }
}

const create = { FunctionName: 'f', Role: 'arn:aws:iam::123456789012:role/r', Code: {} };

describe('validateInput', () => {
  it('says what is missing, in the order of the model', () => {
    assert.deepEqual(findings('CreateFunctionRequest', {}), [
      "Value null at 'functionName' failed to satisfy constraint: Member must not be null",
      "Value null at 'role' failed to satisfy constraint: Member must not be null",
      "Value null at 'code' failed to satisfy constraint: Member must not be null",
    ]);
  });

  it('lists every constraint a value breaks', () => {
    const name = `${'a'.repeat(140)}!`;
    assert.deepEqual(findings('CreateFunctionRequest', { ...create, FunctionName: name }), [
      `Value '${name}' at 'functionName' failed to satisfy constraint: Member must have length less than or equal to 140`,
      `Value '${name}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${patternOf('FunctionName')}`,
    ]);
  });

  it('knows ranges, lengths and enumerations, and spells paths in camel case', () => {
    const input = {
      ...create,
      MemorySize: 127,
      PackageType: 'Tar',
      KMSKeyArn: 'x',
      Code: { S3Bucket: 'ab' },
      EphemeralStorage: {},
    };
    assert.deepEqual(findings('CreateFunctionRequest', input), [
      "Value 'ab' at 'code.s3Bucket' failed to satisfy constraint: Member must have length greater than or equal to 3",
      "Value '127' at 'memorySize' failed to satisfy constraint: Member must have value greater than or equal to 128",
      "Value 'Tar' at 'packageType' failed to satisfy constraint: Member must satisfy enum value set: [Zip, Image]",
      `Value 'x' at 'kMSKeyArn' failed to satisfy constraint: Member must satisfy regular expression pattern: ${patternOf('KMSKeyArn')}`,
      "Value null at 'ephemeralStorage.size' failed to satisfy constraint: Member must not be null",
    ]);
  });

  it('says of a list, once, what its members must satisfy', () => {
    const layers = ['arn:aws:lambda:us-east-1:123456789012:layer:a', 'b'];
    assert.deepEqual(findings('CreateFunctionRequest', { ...create, Layers: layers }), [
      `Value '[${layers.join(', ')}]' at 'layers' failed to satisfy constraint: Member must satisfy constraint: [Member must have length less than or equal to 2048, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: ${patternOf('LayerVersionArn')}, Member must not be null]`,
    ]);
    assert.deepEqual(findings('CreateFunctionRequest', { ...create, Architectures: ['arm'] }), [
      "Value '[arm]' at 'architectures' failed to satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: [x86_64, arm64], Member must not be null]",
    ]);
  });

  it('names the member where members are structures', () => {
    const input = {
      FunctionName: 'f',
      FilterCriteria: { Filters: [{ Pattern: '' }, null, { Pattern: 'x'.repeat(4097) }] },
    };
    assert.deepEqual(
      findings('CreateEventSourceMappingRequest', input).map((finding) => finding.replace(/x{2,}/, '…')),
      [
        "Value null at 'filterCriteria.filters.2.member' failed to satisfy constraint: Member must not be null",
        "Value '…' at 'filterCriteria.filters.3.member.pattern' failed to satisfy constraint: Member must have length less than or equal to 4096",
      ],
    );
  });

  it('checks keys and values of maps, and does not repeat what is sensitive', () => {
    assert.deepEqual(
      findings('CreateFunctionRequest', { ...create, Environment: { Variables: { '1a': 'secret' } } }),
      [
        "Value at 'environment.variables' failed to satisfy constraint: Map keys must satisfy constraint: [Member must satisfy regular expression pattern: [a-zA-Z]([a-zA-Z0-9_])+, Member must not be null]",
      ],
    );
    const alias = { FunctionName: 'f', Name: 'live', FunctionVersion: '1' };
    assert.deepEqual(
      findings('CreateAliasRequest', { ...alias, RoutingConfig: { AdditionalVersionWeights: { 2: 1.5 } } }),
      [
        "Value '{2=1.5}' at 'routingConfig.additionalVersionWeights' failed to satisfy constraint: Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value greater than or equal to 0.0, Member must not be null]",
      ],
    );
  });

  it('takes the runtime as the service does: its own error on functions, the model’s on layers', () => {
    assert.deepEqual(findings('CreateFunctionRequest', { ...create, Runtime: 'perl5' }), []);
    assert.deepEqual(findings('UpdateFunctionConfigurationRequest', { FunctionName: 'f', Runtime: 'p' }), []);
    const [finding] = findings('PublishLayerVersionRequest', {
      LayerName: 'l',
      Content: {},
      CompatibleRuntimes: ['perl5'],
    });
    assert.match(
      finding ?? '',
      /^Value '\[perl5\]' at 'compatibleRuntimes' failed to satisfy constraint: Member must satisfy enum value set: \[nodejs, .*\]$/,
    );
  });

  it('lets names differ between creation and use, as the model does', () => {
    const names: [name: string, create: boolean, use: boolean][] = [
      ['hello', true, true],
      ['hello.world', false, true],
      ['hello:$LATEST', true, true],
      ['hello:$LATEST.PUBLISHED', false, true],
      ['function:hello', true, true],
      ['hello world', false, false],
      ['hello\n', false, false],
    ];
    for (const [FunctionName, isCreated, isUsed] of names) {
      assert.equal(
        findings('CreateFunctionRequest', { ...create, FunctionName }).length === 0,
        isCreated,
        FunctionName,
      );
      assert.equal(findings('InvocationRequest', { FunctionName }).length === 0, isUsed, FunctionName);
    }
  });

  // A pattern that backtracks without end would end the test by its deadline.
  it('compiles every pattern of the model, and comes to an end with hostile texts', () => {
    const hostile = ['a', '0', '-', 'a-', 'arn:aws', 'a.', '/', ':', ' ', '𝔸', '%', 'aws-a'];
    for (const shape of Object.values(serviceModel.shapes)) {
      if (shape.type !== 'string' || shape.pattern === undefined) continue;
      const length = 2 * (shape.max ?? 4096);
      for (const unit of hostile) {
        const text = `${unit.repeat(length).slice(0, length - 1)}\n`;
        const isMet: boolean = constraintsOf(shape).every((constraint) => constraint.isMet(text));
        const takesAnything: boolean =
          ['[\\s\\S]*', '[\\s\\S]+'].includes(shape.pattern) && shape.max === undefined;
        assert.equal(isMet, takesAnything, shape.pattern);
      }
    }
  });

  it('leaves what the model does not constrain alone', () => {
    for (const { input } of Object.values(serviceModel.operations)) {
      const { required = [] } = structureOf(serviceModel, input);
      assert.equal(findings(input, {}).length, required.length, input);
    }
  });
});
