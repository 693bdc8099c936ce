import { checkStatement } from './check-statement.ts';
import { many, type PolicyDocument, type PolicyUse, type Statement } from './document.ts';
import { MalformedPolicy } from './malformed-policy.ts';

const members = ['Version', 'Id', 'Statement'];

/** @throws MalformedPolicy for all that AWS would not store, in its words where it has some. */
export function parsePolicyDocument(text: string, use: PolicyUse): PolicyDocument {
  const document = parseJson(text);
  for (const name of Object.keys(document))
    if (!members.includes(name))
      throw new MalformedPolicy(`Syntax errors in policy: '${name.slice(0, 64)}' is no element of a policy.`);
  if (document.Version !== undefined && !['2012-10-17', '2008-10-17'].includes(document.Version as string))
    throw new MalformedPolicy('The policy must contain a valid version string: 2012-10-17.');
  if (document.Id !== undefined && typeof document.Id !== 'string')
    throw new MalformedPolicy('Syntax errors in policy: Id must be a string.');
  const statements = many(document.Statement);
  if (statements.length === 0) throw new MalformedPolicy('Syntax errors in policy: it has no Statement.');
  for (const statement of statements) checkStatement(statement, use);
  const sids = (statements as Statement[]).flatMap(({ Sid }) => (Sid ? [Sid] : []));
  if (new Set(sids).size !== sids.length)
    throw new MalformedPolicy('Statement IDs (SID) in a single policy must be unique.');
  return document as unknown as PolicyDocument;
}

function parseJson(text: string): Record<string, unknown> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new MalformedPolicy(`This policy contains invalid Json: ${(error as Error).message}`);
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document))
    throw new MalformedPolicy('Syntax errors in policy: it must be a JSON object.');
  return document as Record<string, unknown>;
}
