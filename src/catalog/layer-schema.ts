/** The tables of layers. A released migration never changes: what comes later is added at the end. */
export const layerMigrations: readonly string[] = [
  `
  CREATE TABLE layers (
    -- Stays when all versions are gone: a number is never given twice.
    name TEXT PRIMARY KEY,
    last_version INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE layer_versions (
    layer_name TEXT NOT NULL REFERENCES layers (name),
    version INTEGER NOT NULL,
    digest TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (layer_name, version)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX layer_packages ON layer_versions (digest);

  CREATE TABLE layer_policies (
    layer_name TEXT NOT NULL,
    version INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (layer_name, version),
    FOREIGN KEY (layer_name, version) REFERENCES layer_versions (layer_name, version) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  `,
];
