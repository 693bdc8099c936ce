import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { Database } from './database.ts';

const pairs = [
  'CREATE TABLE pairs (id INTEGER PRIMARY KEY, word TEXT NOT NULL) STRICT; CREATE TABLE mates (id INTEGER PRIMARY KEY REFERENCES pairs (id)) STRICT',
];

function file(t: TestContext): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'thaw-database-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  return path.join(directory, 'thaw.db');
}

function open(t: TestContext, at = ':memory:'): Database {
  const database = new Database(at);
  t.after(() => database.close());
  database.migrate('pairs', pairs);
  return database;
}

function insert(database: Database, id: number): void {
  database.prepare('INSERT INTO pairs (id, word) VALUES (?, ?)').run(id, `word ${id}`);
}

function ids(database: Database, table = 'pairs'): number[] {
  return database
    .prepare(`SELECT id FROM ${table} ORDER BY id`)
    .all()
    .map((row) => Number(row.id));
}

test('work that throws leaves nothing', (t) => {
  const database = open(t);
  assert.throws(
    () =>
      database.transaction(() => {
        insert(database, 1);
        throw new Error('no');
      }),
    /no/,
  );
  assert.deepEqual(ids(database), []);
  database.transaction(() => insert(database, 2));
  assert.deepEqual(ids(database), [2]);
});

test('a transaction inside another is undone with it', (t) => {
  const database = open(t);
  assert.throws(() =>
    database.transaction(() => {
      database.transaction(() => insert(database, 1));
      throw new Error('no');
    }),
  );
  assert.deepEqual(ids(database), []);
});

test('a transaction inside another that fails is undone alone', (t) => {
  const database = open(t);
  database.transaction(() => {
    insert(database, 1);
    assert.throws(() =>
      database.transaction(() => {
        insert(database, 2);
        insert(database, 2);
      }),
    );
    insert(database, 3);
  });
  assert.deepEqual(ids(database), [1, 3]);
});

test('asynchronous work is refused and undone', (t) => {
  const database = open(t);
  const work = async () => {
    insert(database, 1);
    throw new Error('a failure nobody waits for');
  };
  assert.throws(() => database.transaction(work), /asynchronous work/);
  assert.deepEqual(ids(database), []);
});

test('what is to be told after the commit is told then, in order, and never of what was undone', (t) => {
  const database = open(t);
  const told: string[] = [];
  database.afterCommit(() => told.push('at once'));
  database.transaction(() => {
    database.afterCommit(() => told.push(`1 of ${ids(database).length}`));
    assert.throws(() =>
      database.transaction(() => {
        database.afterCommit(() => told.push('undone'));
        throw new Error('no');
      }),
    );
    insert(database, 1);
    database.transaction(() => database.afterCommit(() => told.push('2')));
    assert.deepEqual(told, ['at once']);
  });
  assert.deepEqual(told, ['at once', '1 of 1', '2']);
  assert.throws(() =>
    database.transaction(() => {
      database.afterCommit(() => told.push('undone'));
      throw new Error('no');
    }),
  );
  database.transaction(() => insert(database, 2));
  assert.deepEqual(told, ['at once', '1 of 1', '2']);
});

test('the file is for its owner alone', (t) => {
  const at = file(t);
  open(t, at).transaction(() => {});
  for (const suffix of ['', '-wal', '-shm']) assert.equal(statSync(at + suffix).mode & 0o777, 0o600, suffix);
});

test('a newer migration is made once, an older Thaw refuses what it wrote', (t) => {
  const at = file(t);
  const database = open(t, at);
  insert(database, 1);
  const newer = [...pairs, "ALTER TABLE pairs ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'"];
  database.migrate('pairs', newer);
  database.migrate('pairs', newer);
  assert.equal(database.prepare('SELECT colour FROM pairs').get()?.colour, 'red');
  assert.throws(() => open(t, at), /written by a newer Thaw \(schema 2, this one knows 1\)/);
  database.migrate('another room', []);
});

test('a migration that fails changes nothing', (t) => {
  const database = open(t);
  const broken = [...pairs, 'CREATE TABLE extra (id INTEGER) STRICT; CREATE TABLE pairs (id INTEGER) STRICT'];
  assert.throws(() => database.migrate('pairs', broken), /already exists/);
  assert.throws(() => database.prepare('SELECT * FROM extra'), /no such table/);
  database.migrate('pairs', pairs);
});

test('kill -9 during commits: what was acknowledged is there, the rest whole or absent', async (t) => {
  const at = file(t);
  const url = new URL('./database.ts', import.meta.url).href;
  const script = `
    import { writeSync } from 'node:fs';
    import { Database } from '${url}';
    const database = new Database('${at}');
    database.migrate('pairs', ${JSON.stringify(pairs)});
    for (let id = Number(process.argv[1]); ; id += 1) {
      database.transaction(() => {
        database.prepare('INSERT INTO pairs (id, word) VALUES (?, ?)').run(id, 'x'.repeat(3000));
        database.prepare('INSERT INTO mates (id) VALUES (?)').run(id);
      });
      writeSync(1, id + '\\n');
    }`;
  let next = 1;
  for (let round = 0; round < 8; round += 1) {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, String(next)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    t.after(() => child.kill('SIGKILL'));
    const deadline = setTimeout(() => child.kill('SIGKILL'), 60_000);
    const exited = once(child, 'exit');
    let acknowledged = 0;
    // Another number of commits each round, so that kills fall into different places of the journal's life.
    const enough = next + round * 7;
    for await (const line of createInterface(child.stdout)) {
      acknowledged = Number(line);
      if (acknowledged >= enough) child.kill('SIGKILL');
    }
    await exited;
    clearTimeout(deadline);
    assert.ok(acknowledged >= enough, `round ${round}: the child acknowledged ${acknowledged} of ${enough}`);
    const database = new Database(at);
    const found = ids(database);
    assert.deepEqual(ids(database, 'mates'), found, 'both rows of a transaction or none');
    assert.ok(found.length >= acknowledged, `${acknowledged} acknowledged, ${found.length} there`);
    assert.deepEqual(
      found,
      [...found.keys()].map((index) => index + 1),
    );
    assert.equal(database.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
    next = found.length + 1;
    database.close();
  }
});
