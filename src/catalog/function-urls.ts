import type { Database } from '../foundation/database.ts';
import { type Attached, FunctionDocuments } from './function-documents.ts';

/** A function URL, of a function or of an alias. */
export interface FunctionUrl {
  /** 32 of `[a-z0-9]`: the first label of its host name. Stays for as long as the URL does. */
  readonly urlId: string;
  readonly authType: 'NONE' | 'AWS_IAM';
  readonly invokeMode: 'BUFFERED' | 'RESPONSE_STREAM';
  readonly cors?: FunctionUrlCors;
  /** RFC 3339 with ms and `Z`. */
  readonly creationTime: string;
  readonly lastModifiedTime: string;
}

/** As the service API shows it ("Cors"). */
export interface FunctionUrlCors {
  readonly AllowCredentials?: boolean | undefined;
  readonly AllowHeaders?: readonly string[] | undefined;
  readonly AllowMethods?: readonly string[] | undefined;
  readonly AllowOrigins?: readonly string[] | undefined;
  readonly ExposeHeaders?: readonly string[] | undefined;
  /** Seconds. */
  readonly MaxAge?: number | undefined;
}

export class FunctionUrls extends FunctionDocuments<FunctionUrl> {
  readonly #database: Database;

  constructor(database: Database) {
    super(database, 'function_urls');
    this.#database = database;
  }

  /** The function, or the alias of it, that a request to the URL is for. The qualifier of a function itself is `$LATEST`. */
  byId(urlId: string): Attached<FunctionUrl> | undefined {
    const row = this.#database
      .prepare("SELECT * FROM function_urls WHERE json_extract(document, '$.urlId') = ?")
      .get(urlId);
    if (row === undefined) return undefined;
    const document = JSON.parse(String(row.document)) as FunctionUrl;
    return { functionName: String(row.function_name), qualifier: String(row.qualifier), document };
  }
}
