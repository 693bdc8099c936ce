/** Of the room `iam`. A released migration never changes. */
export const migrations: readonly string[] = [
  `
  CREATE TABLE iam_role (
    name TEXT PRIMARY KEY COLLATE NOCASE,
    id TEXT NOT NULL,
    arn TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    trust_policy TEXT NOT NULL,
    description TEXT,
    max_session_s INTEGER NOT NULL,
    tags TEXT NOT NULL,
    created_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE iam_role_policy (
    role_name TEXT NOT NULL COLLATE NOCASE REFERENCES iam_role (name),
    name TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (role_name, name)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE iam_policy (
    name TEXT PRIMARY KEY COLLATE NOCASE,
    id TEXT NOT NULL,
    arn TEXT NOT NULL UNIQUE,
    path TEXT NOT NULL,
    document TEXT NOT NULL,
    description TEXT,
    tags TEXT NOT NULL,
    created_ms INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE iam_attachment (
    role_name TEXT NOT NULL COLLATE NOCASE REFERENCES iam_role (name),
    policy_arn TEXT NOT NULL,
    PRIMARY KEY (role_name, policy_arn)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX iam_attachment_policy ON iam_attachment (policy_arn);
  `,
];
