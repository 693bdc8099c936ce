/**
 * The catalog's tables. A released migration never changes: what comes later is added at the end.
 *
 * Documents are JSON; the columns beside them are what queries need. Everything a function owns goes with it.
 */
export const catalogMigrations: readonly string[] = [
  `
  CREATE TABLE functions (
    name TEXT PRIMARY KEY,
    -- The number published last: one is never given twice in a function's life.
    last_version INTEGER NOT NULL DEFAULT 0
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE function_versions (
    function_name TEXT NOT NULL REFERENCES functions (name) ON DELETE CASCADE,
    -- 0 is $LATEST.
    number INTEGER NOT NULL,
    -- 0 while its creation or its update is in progress.
    is_settled INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (function_name, number)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX latest_versions ON function_versions (function_name) WHERE number = 0;
  CREATE INDEX unsettled_versions ON function_versions (is_settled) WHERE is_settled = 0;

  -- The packages of a version, its layers' among them.
  CREATE TABLE version_packages (
    digest TEXT NOT NULL,
    function_name TEXT NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (digest, function_name, number),
    FOREIGN KEY (function_name, number) REFERENCES function_versions (function_name, number) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX packages_of_versions ON version_packages (function_name, number);

  -- What $LATEST was when a version was published, for telling whether it has changed since.
  CREATE TABLE published_contents (
    function_name TEXT NOT NULL,
    number INTEGER NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (function_name, number),
    FOREIGN KEY (function_name, number) REFERENCES function_versions (function_name, number) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE aliases (
    function_name TEXT NOT NULL REFERENCES functions (name) ON DELETE CASCADE,
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (function_name, name)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE reserved_concurrency (
    function_name TEXT PRIMARY KEY REFERENCES functions (name) ON DELETE CASCADE,
    executions INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE provisioned_concurrency (
    function_name TEXT NOT NULL REFERENCES functions (name) ON DELETE CASCADE,
    qualifier TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (function_name, qualifier)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE runtime_management (
    function_name TEXT NOT NULL REFERENCES functions (name) ON DELETE CASCADE,
    qualifier TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (function_name, qualifier)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE recursion (
    function_name TEXT NOT NULL REFERENCES functions (name) ON DELETE CASCADE,
    qualifier TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (function_name, qualifier)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE function_tags (
    function_name TEXT NOT NULL REFERENCES functions (name) ON DELETE CASCADE,
    qualifier TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (function_name, qualifier)
  ) STRICT, WITHOUT ROWID;
  `,
];
