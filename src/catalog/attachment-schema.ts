/**
 * The tables of what is attached to functions, after those of the catalog. A released migration never changes: what
 * comes later is added at the end.
 */
export const attachmentMigrations: readonly string[] = [
  `
  CREATE TABLE function_policies (
    function_name TEXT NOT NULL REFERENCES functions (name) ON DELETE CASCADE,
    qualifier TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (function_name, qualifier)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE function_urls (
    function_name TEXT NOT NULL REFERENCES functions (name) ON DELETE CASCADE,
    qualifier TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (function_name, qualifier)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX function_url_ids ON function_urls (json_extract(document, '$.urlId'));

  CREATE TABLE event_invoke_configs (
    function_name TEXT NOT NULL REFERENCES functions (name) ON DELETE CASCADE,
    qualifier TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (function_name, qualifier)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE code_signing_configs (
    arn TEXT PRIMARY KEY,
    document TEXT NOT NULL,
    tags TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE code_signing (
    function_name TEXT PRIMARY KEY REFERENCES functions (name) ON DELETE CASCADE,
    -- One that a function uses cannot be deleted.
    config_arn TEXT NOT NULL REFERENCES code_signing_configs (arn)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX code_signing_users ON code_signing (config_arn, function_name);
  `,
];
