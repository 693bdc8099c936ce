import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PolicyDocument, PrincipalElement, Statement } from './document.ts';
import { type AccessRequest, type Decision, evaluate } from './evaluate.ts';
import type { Requester } from './requester.ts';

const account = '123456789012';
const roleArn = `arn:aws:iam::${account}:role/team/worker`;
const sessionArn = `arn:aws:sts::${account}:assumed-role/worker/f`;
const requester: Requester = { kind: 'aws', accountId: account, arns: [sessionArn, roleArn] };
const functionArn = `arn:aws:lambda:us-east-1:${account}:function:hello`;
const request: AccessRequest = {
  requester,
  action: 'lambda:InvokeFunction',
  resourceArn: functionArn,
  context: new Map([
    ['aws:principalarn', [roleArn]],
    ['aws:sourceip', ['10.1.2.3']],
  ]),
};

const policy = (...statements: Statement[]): PolicyDocument => ({
  Version: '2012-10-17',
  Statement: statements,
});
const identityDecision = (...statements: Statement[]): Decision =>
  evaluate({ ofIdentity: [policy(...statements)], ofResource: [] }, request);
const resourceDecision = (Effect: 'Allow' | 'Deny', Principal: PrincipalElement, who: Requester): Decision =>
  evaluate(
    { ofIdentity: [], ofResource: [policy({ Effect, Principal, Action: 'lambda:*', Resource: '*' })] },
    { ...request, requester: who },
  );

test('actions and resources', () => {
  const table: [Partial<Statement>, Decision][] = [
    [{ Action: 'lambda:InvokeFunction', Resource: functionArn }, 'allow'],
    [{ Action: 'LAMBDA:invokefunction', Resource: functionArn }, 'allow'],
    [{ Action: ['s3:*', 'lambda:Invoke*'], Resource: ['arn:aws:s3:::b', '*'] }, 'allow'],
    [{ Action: 'lambda:Invoke?unction', Resource: functionArn.replace('hello', 'h?l*') }, 'allow'],
    [{ Action: '*', Resource: 'arn:aws:lambda' }, 'allow'],
    [{ Action: '*', Resource: 'arn:aws:lambda:*' }, 'allow'],
    [{ Action: '*', Resource: 'arn:aws:lambda:*:*:function:*' }, 'allow'],
    [{ Action: 'lambda:Invoke', Resource: '*' }, 'implicit-deny'],
    [{ Action: 'lambda:InvokeFunction', Resource: functionArn.toUpperCase() }, 'implicit-deny'],
    [{ Action: '*', Resource: `${functionArn}:*` }, 'implicit-deny'],
    [{ Action: '*', Resource: 'arn:aws:lambda:*:function:hello' }, 'implicit-deny'],
    [{ NotAction: 'lambda:Invoke*', Resource: '*' }, 'implicit-deny'],
    [{ NotAction: ['s3:*', 'lambda:Get*'], Resource: '*' }, 'allow'],
    [{ Action: '*', NotResource: 'arn:aws:lambda:*' }, 'implicit-deny'],
    [{ Action: '*', NotResource: 'arn:aws:s3:::*' }, 'allow'],
    [{ Action: '*', NotResource: [] }, 'allow'],
    [{ Action: [], Resource: '*' }, 'implicit-deny'],
    [{ Resource: '*' }, 'implicit-deny'],
  ];
  for (const [statement, decision] of table)
    assert.equal(identityDecision({ Effect: 'Allow', ...statement }), decision, JSON.stringify(statement));
});

test('a wildcard ends with its field', () => {
  const resourceArn = `arn:aws:lambda:us-east-1:999999999999:function:x:${account}:function:hello`;
  const allowed = policy({
    Effect: 'Allow',
    Action: '*',
    Resource: `arn:aws:lambda:*:${account}:function:hello`,
  });
  assert.equal(
    evaluate({ ofIdentity: [allowed], ofResource: [] }, { ...request, resourceArn }),
    'implicit-deny',
  );
});

test('variables stand for themselves; one without a value grants nothing and denies', () => {
  const arn = (variable: string) => `arn:aws:lambda:us-east-1:${account}:function:${variable}`;
  const decide = (Effect: 'Allow' | 'Deny', Resource: string, name: string) =>
    evaluate(
      { ofIdentity: [policy({ Effect, Action: '*', Resource })], ofResource: [] },
      { ...request, resourceArn: arn(name), context: new Map([['aws:principaltag/team', ['a*']]]) },
    );
  // biome-ignore-start lint/suspicious/noTemplateCurlyInString: AWS's policy variables.
  assert.equal(decide('Allow', arn('${aws:PrincipalTag/team}-x'), 'a*-x'), 'allow');
  assert.equal(decide('Allow', arn('${aws:PrincipalTag/team}-x'), 'abc-x'), 'implicit-deny');
  assert.equal(decide('Allow', arn('${aws:username}'), 'x'), 'implicit-deny');
  assert.equal(decide('Deny', arn('${aws:username}'), 'x'), 'explicit-deny');
  assert.equal(decide('Allow', arn("${aws:username, 'x'}"), 'x'), 'allow');
  assert.equal(decide('Allow', arn('${*}'), '*'), 'allow');
  assert.equal(decide('Allow', arn('${*}'), 'x'), 'implicit-deny');
  const notResource: Statement = { Effect: 'Allow', Action: '*', NotResource: arn('${aws:username}') };
  assert.equal(identityDecision(notResource), 'implicit-deny');
  // biome-ignore-end lint/suspicious/noTemplateCurlyInString: see above.
});

test('principals of a resource policy', () => {
  const role = requester;
  const root: Requester = { kind: 'aws', accountId: account, arns: [`arn:aws:iam::${account}:root`] };
  const events: Requester = { kind: 'service', service: 'events.amazonaws.com' };
  const anonymous: Requester = { kind: 'anonymous' };
  const table: [PrincipalElement, Requester, Decision, Decision][] = [
    ['*', anonymous, 'allow', 'explicit-deny'],
    [{ AWS: '*' }, anonymous, 'allow', 'explicit-deny'],
    [{ AWS: roleArn }, anonymous, 'implicit-deny', 'implicit-deny'],
    [{ AWS: ['arn:aws:iam::123456789012:role/other', roleArn] }, role, 'allow', 'explicit-deny'],
    [{ AWS: sessionArn }, role, 'allow', 'explicit-deny'],
    [{ AWS: account }, role, 'implicit-deny', 'explicit-deny'],
    [{ AWS: `arn:aws:iam::${account}:root` }, role, 'implicit-deny', 'explicit-deny'],
    [{ AWS: account }, root, 'allow', 'explicit-deny'],
    [{ AWS: '999999999999' }, role, 'implicit-deny', 'implicit-deny'],
    [{ AWS: roleArn.replace('worker', 'work*') }, role, 'implicit-deny', 'implicit-deny'],
    [{ Service: 'events.amazonaws.com' }, events, 'allow', 'explicit-deny'],
    [{ Service: 's3.amazonaws.com' }, events, 'implicit-deny', 'implicit-deny'],
    [{ Service: 'events.amazonaws.com' }, role, 'implicit-deny', 'implicit-deny'],
    [{ Federated: '*' }, role, 'implicit-deny', 'implicit-deny'],
  ];
  for (const [principal, who, allowed, denied] of table) {
    assert.equal(resourceDecision('Allow', principal, who), allowed, JSON.stringify(principal));
    assert.equal(resourceDecision('Deny', principal, who), denied, JSON.stringify(principal));
  }
  const nameless = policy({ Effect: 'Allow', Action: '*', Resource: '*' });
  assert.equal(evaluate({ ofIdentity: [], ofResource: [nameless] }, request), 'implicit-deny');
});

const statement: fc.Arbitrary<Statement> = fc
  .record({
    Effect: fc.constantFrom('Allow' as const, 'Deny' as const),
    action: fc.constantFrom('*', 'lambda:*', 'lambda:InvokeFunction', 's3:*', 'lambda:Get*'),
    resource: fc.constantFrom('*', functionArn, 'arn:aws:lambda:*', 'arn:aws:s3:::*'),
    notAction: fc.boolean(),
    notResource: fc.boolean(),
    Condition: fc.constantFrom(
      {},
      { StringEquals: { 'aws:PrincipalArn': roleArn } },
      { StringNotEquals: { 'aws:PrincipalArn': roleArn } },
      { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      { IpAddress: { 'aws:SourceIp': 'nonsense' } },
      { Unheard: { 'aws:SourceIp': 'x' } },
      { Bool: { 'aws:absent': 'true' } },
    ),
  })
  .map(({ Effect, action, resource, notAction, notResource, Condition }) => ({
    Effect,
    Principal: '*' as const,
    ...(notAction ? { NotAction: action } : { Action: action }),
    ...(notResource ? { NotResource: resource } : { Resource: resource }),
    Condition,
  }));
const statements = fc.array(statement, { maxLength: 5 });

test('a Deny more never allows more, an Allow more never denies more, and nothing comes from nothing', () => {
  fc.assert(
    fc.property(statements, statements, statement, fc.boolean(), (own, theirs, added, toIdentity) => {
      const decide = (extra: Statement[]) =>
        evaluate(
          {
            ofIdentity: [policy(...own, ...(toIdentity ? extra : []))],
            ofResource: [policy(...theirs, ...(toIdentity ? [] : extra))],
          },
          request,
        );
      const before = decide([]);
      const withDeny = decide([{ ...added, Effect: 'Deny' }]);
      assert.ok(withDeny === 'explicit-deny' || withDeny === before);
      const withAllow = decide([{ ...added, Effect: 'Allow' }]);
      assert.ok(withAllow === before || (before === 'implicit-deny' && withAllow === 'allow'));
      if (![...own, ...theirs].some(({ Effect }) => Effect === 'Allow')) assert.notEqual(before, 'allow');
    }),
    { numRuns: 1000 },
  );
});

test('the order of statements and of policies does not count', () => {
  fc.assert(
    fc.property(statements, (all) => {
      const forwards = evaluate({ ofIdentity: [policy(...all)], ofResource: [] }, request);
      const apart = all.toReversed().map((one) => policy(one));
      assert.equal(evaluate({ ofIdentity: apart, ofResource: [] }, request), forwards);
      assert.equal(evaluate({ ofIdentity: [], ofResource: apart }, request), forwards);
    }),
  );
});

test('what cannot be understood does not grant, and denies', () => {
  for (const Condition of [
    { Unheard: { 'aws:SourceIp': 'x' } },
    { NumericLessThan: { 'aws:SourceIp': 'x' } },
    { Bool: { 'aws:SourceIp': 'yes' } },
  ]) {
    assert.equal(
      identityDecision({ Effect: 'Allow', Action: '*', Resource: '*', Condition }),
      'implicit-deny',
    );
    assert.equal(
      identityDecision({ Effect: 'Deny', Action: '*', Resource: '*', Condition }),
      'explicit-deny',
    );
  }
});
