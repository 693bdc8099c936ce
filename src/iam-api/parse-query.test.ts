import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { iamQuota } from '../domain/limits.ts';
import { IamError } from '../iam/iam-error.ts';
import { rules } from './parameter-rules.ts';
import { parseQuery } from './parse-query.ts';
import { queryServices } from './services.ts';

const post = (text: string, rawUrl = '/') =>
  parseQuery({ method: 'POST', rawUrl, body: Buffer.from(text) }, queryServices.iam);

test('a form, or a query', () => {
  const form = post('Action=GetRole&Version=2010-05-08&RoleName=a%2Bb+');
  assert.equal(form.action.name, 'GetRole');
  assert.throws(() => form.parameters.text('RoleName', rules.roleName), /'a\+b ' at 'roleName'/);
  const rawUrl = '/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Date=1&X-Amz-Date=2';
  const query = parseQuery({ method: 'GET', rawUrl, body: Buffer.alloc(0) }, queryServices.sts);
  assert.equal(query.action.name, 'GetCallerIdentity');
});

test('what is refused', () => {
  const code = (text: string) => (error: unknown) => error instanceof IamError && error.code === text;
  assert.throws(() => post(''), code('InvalidAction'));
  assert.throws(() => post('Action=toString'), code('InvalidAction'));
  assert.throws(() => post('Action=GetRole&Action=DeleteRole'), code('MalformedQueryString'));
  assert.throws(() => post('Action=GetRole', '/?Action=DeleteRole'), code('MalformedQueryString'));
  assert.throws(() => post('Action=GetRole&Version=2009-01-01'), code('NoSuchVersion'));
  const many = Array.from({ length: iamQuota.requestParameters }, (_, n) => `p${n}=`).join('&');
  assert.throws(() => post(`Action=GetRole&${many}`), code('MalformedQueryString'));
  const { parameters } = post('Action=GetRole&MaxItems=1e3&Path=');
  assert.throws(
    () => parameters.text('RoleName', rules.roleName),
    /Value null at 'roleName' .* must not be null/,
  );
  assert.throws(
    () => parameters.integer('MaxItems', { min: 1, max: 1000, default: 100 }),
    code('ValidationError'),
  );
  assert.throws(() => parameters.optionalText('Path', rules.path), /length greater than or equal to 1/);
});

test('whatever is sent, it parses or is refused as AWS does', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string(), (body, url) => {
      try {
        post(`Action=ListRoles&${body}`, `/${url}`);
      } catch (error) {
        assert.ok(error instanceof IamError, String(error));
      }
    }),
  );
});
