import { incomplete, type SignatureProblem } from './signature-problem.ts';

export interface CredentialScope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
}

/** Splits `<access key id>/<date>/<region>/<service>/aws4_request`. */
export function parseScope(credential: string): CredentialScope | SignatureProblem {
  const parts = credential.split('/');
  if (parts.length !== 5 || parts.includes(''))
    return incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential.slice(0, 256)}'.`,
    );
  const [accessKeyId, date, region, service, terminator] = parts as [string, string, string, string, string];
  return { accessKeyId, date, region, service, terminator };
}

/** Names of headers as signers list them: lower case, separated by `;`. */
export function parseSignedHeaders(text: string): readonly string[] | undefined {
  const names = text.split(';');
  return names.every((name) => /^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) ? names : undefined;
}
