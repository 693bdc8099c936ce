import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { ScriptedStory } from './testing/scripted-story.ts';
import type { TextStyle } from './text-style.ts';
import { Timeline } from './timeline.ts';
import { timelineText } from './timeline-text.ts';

const plain: TextStyle = { width: 200, unicode: true, colour: false };

type Tell = (story: ScriptedStory) => void;

function text(tell: Tell, style: TextStyle = plain): string {
  const timeline = new Timeline();
  tell(new ScriptedStory(timeline.read));
  return timelineText(timeline.view(), style);
}

/** The one line that begins with `label`, in the picture or below it. */
function lineOf(output: string, label: string): string {
  const lines = output.split('\n').filter((line) => line.startsWith(label));
  assert.equal(lines.length, 1, `lines that begin with ${label}:\n${output}`);
  return lines[0]!;
}

/** The cells of a process's row. */
function cellsOf(output: string, label: string): string[] {
  return lineOf(output, `${label} `).split(/[│|]/).slice(1, -1);
}

const held: Tell = (story) => {
  story.init({ 'sentry-extension': [45.2, 3] });
  story
    .invoke('a', { runtime: 3.4, 'sentry-extension': 815.4 }, 1200)
    .invoke('b', { runtime: 2.1, 'sentry-extension': 1 }, 5);
  story.shutdown({ runtime: 12, 'sentry-extension': 340 });
};

const timedOut: Tell = (story) => {
  story
    .init({ stuck: [45, 3] })
    .phase('Invoke', 'a')
    .process('runtime', 'event', 'INVOKE')
    .process('stuck', 'event', 'INVOKE');
  story
    .at(2.8)
    .process('runtime', 'responded')
    .at(3.1)
    .process('runtime', 'ready')
    .runtimeDone('a', 'success')
    .at(3000);
  story.tell({
    type: 'thaw.diagnosis',
    record: { subject: 'stuck', message: 'stuck holds its event: ask for the next one' },
  });
  story
    .shutdown({ runtime: 5, stuck: 2000 }, 'Reset')
    .report('a', 'timeout', 'Sandbox.Timedout')
    .phase('Freeze');
  story
    .at(100)
    .init({ stuck: [45, 3] }, 'b')
    .invoke('b', { runtime: 3, stuck: 8 }, 500)
    .shutdown({ runtime: 1, stuck: 2 });
};

const crashed: Tell = (story) => {
  story
    .phase('Extension init')
    .process('good', 'started')
    .process('bad.sh', 'started')
    .at(8)
    .process('good', 'registered');
  story
    .at(12)
    .process('bad.sh', 'exited', 'exit status 1')
    .initReport('error', 'Extension.Crash')
    .shutdown({ good: 3 }, 'Reset');
  story.phase('Closed');
};

const many: Tell = (story) => {
  story.init({ otlp: [45, 3], 'a-rather-long-name-of-an-extension-\u001b[31mfrom-a-vendor.sh': [3, 3] });
  for (let turn = 1; turn <= 200; turn += 1)
    story.invoke(`id-${turn}`, { runtime: 3, otlp: turn === 77 ? 812 : 5 }, 86_400_000);
  story.shutdown({ runtime: 1, otlp: 2 });
};

test('an invocation says when the answer was there, when the runtime was done, and whom it waited for then', () => {
  const output = text(held);
  assert.match(
    lineOf(output, 'Invoke #1'),
    /815\.4 ms {2}response after 3\.1 ms; runtime done 3\.4 ms; waited 812\.0 ms more for sentry-extension$/,
  );
  assert.match(
    lineOf(output, 'Invoke #2'),
    /2\.1 ms {2}response after 1\.8 ms; runtime done 2\.1 ms; no extension was waited for$/,
  );
  assert.match(lineOf(output, 'Timeline of hello'), /2 invocations, 2\.5\d s in all$/);
  assert.match(lineOf(output, '  sentry-extension:'), /init 45\.2 ms, invocations 812\.0 ms$/);
});

test('several late extensions: the last is waited for, the others are named', () => {
  const output = text((story) =>
    story.init({ a: [1, 1], b: [2, 2] }).invoke('i', { runtime: 3, a: 43, b: 103 }, 5),
  );
  assert.match(lineOf(output, 'Invoke #1'), /waited 100\.0 ms more for b \(a 40\.0 ms\)$/);
});

test('an init and an ending say who was last, and when', () => {
  const output = text(held);
  assert.match(
    lineOf(output, 'Extension init'),
    /45\.2 ms {2}waited for sentry-extension, registered after 45\.2 ms$/,
  );
  assert.match(lineOf(output, 'Runtime init'), /48\.5 ms {2}waited for runtime$/);
  assert.match(
    lineOf(output, 'Function init'),
    /waited for runtime, ready after 120\.0 ms \(sentry-extension after 3\.0 ms\)$/,
  );
  assert.match(
    lineOf(output, 'Shutdown'),
    /waited for sentry-extension, gone after 340\.0 ms \(runtime after 12\.0 ms\)$/,
  );
});

test('the picture has a column per phase and shows where a process alone was waited for', () => {
  const output = text(held);
  const runtime = cellsOf(output, 'runtime');
  const extension = cellsOf(output, 'sentry-extension');
  assert.equal(runtime.length, 8);
  assert.match(runtime[0]!, /^ +$/);
  assert.match(extension[0]!, /^█+$/);
  assert.match(runtime[3]!, /^▒·+$/);
  assert.match(extension[3]!, /^▒?█+$/);
  assert.match(runtime[4]!, /^┄+$/);
  assert.match(runtime[5]!, /^▒+█+$/);
  assert.match(extension[5]!, /^▒+·+$/);
  assert.deepEqual(
    runtime.map((cell) => cell.length),
    extension.map((cell) => cell.length),
  );
});

test('without extensions there is no Extension init to see, and nobody is waited for after the runtime', () => {
  const output = text((story) => story.init({}).invoke('a', { runtime: 3.4 }, 5).shutdown({ runtime: 1 }));
  assert.doesNotMatch(output, /Extension|more for|no extension/);
  assert.match(lineOf(output, 'Invoke #1'), /runtime done 3\.4 ms$/);
  assert.equal(cellsOf(output, 'runtime').length, 5);
});

test('a timeout names the one that held it, marks it in the picture and repeats the finding; the next life is the same row', () => {
  const output = text(timedOut);
  assert.match(
    lineOf(output, 'Invoke #1'),
    /TIMED OUT; response after 2\.8 ms; runtime done 3\.1 ms; waited 3\.00 s more for stuck, which never asked for its next event$/,
  );
  assert.match(output, /^ +stuck holds its event: ask for the next one$/m);
  assert.match(
    lineOf(output, 'Reset'),
    /2\.00 s {2}stuck did not stop in time and was killed after 2\.00 s; gone: runtime after 5\.0 ms$/,
  );
  assert.match(lineOf(output, 'Extension init for #2'), /waited for stuck/);
  assert.match(lineOf(output, 'Timeline of hello'), /2 invocations, 1 failed/);
  const stuck = cellsOf(output, 'stuck');
  assert.match(stuck[3]!, /^▒?█+»$/);
  assert.match(stuck[4]!, /█✗$/);
  assert.match(stuck[5]!, /^ +$/);
  assert.match(stuck[6]!, /^█+$/);
  assert.match(output, /» did not finish/);
});

test('an init that is part of an invocation says of which, and only then there is a word about it', () => {
  const again = text(timedOut);
  assert.match(again, /^ +init +init +init .* init for #2 +init for #2/m);
  assert.match(
    again,
    /^init for #N: after a failed Init or a reset, Init ran again as part of invocation N/m,
  );
  assert.doesNotMatch(text(held), /for #|suppressed/);
});

test('a process that ends by the SIGTERM it was sent is gone; another end is named', () => {
  const gone = (detail: string) => {
    const output = text((story) => {
      story.init({}).phase('Shutdown').process('runtime', 'signalled', 'SIGTERM').at(5.5);
      story.process('runtime', 'exited', detail).phase('Closed');
    });
    return /waited for runtime, (.*)$/.exec(lineOf(output, 'Shutdown'))?.[1];
  };
  assert.equal(gone('signal: terminated'), 'gone after 5.5 ms');
  assert.equal(gone('signal: aborted'), 'gone after 5.5 ms, ended by a signal: aborted');
  assert.equal(gone('exit status 7'), 'gone after 5.5 ms with exit status 7');
});

test('an invocation that the runtime never answered says so', () => {
  const output = text((story) => {
    story.init({}).phase('Invoke', 'a').process('runtime', 'event', 'INVOKE').at(3000);
    story.runtimeDone('a', 'timeout', 'Sandbox.Timedout').phase('Reset').phase('Closed');
  });
  assert.match(lineOf(output, 'Invoke #1'), /TIMED OUT; runtime never responded in 3\.00 s$/);
});

test('an init that ran out of time names who never registered', () => {
  const output = text((story) => {
    story
      .phase('Extension init')
      .process('good', 'started')
      .process('typo', 'started')
      .at(8)
      .process('good', 'registered');
    story.at(10_000).initReport('timeout', 'Runtime.Unknown').phase('Reset').phase('Closed');
  });
  assert.match(
    lineOf(output, 'Extension init'),
    /TIMED OUT; typo never registered; registered: good after 8\.0 ms$/,
  );
});

test('a crash names process, exit and time, and marks phase and row', () => {
  const output = text(crashed);
  assert.match(
    lineOf(output, 'Extension init'),
    /FAILED with Extension\.Crash; bad\.sh exited unexpectedly \(exit status 1\) after 12\.0 ms; registered: good after 8\.0 ms$/,
  );
  assert.match(output, /^ +init ✗/m);
  assert.match(cellsOf(output, 'bad.sh')[0]!, /✗$/);
  assert.doesNotMatch(cellsOf(output, 'good').join(''), /✗/);
});

test('a kill without grace, where none is due, is no death', () => {
  const output = text((story) => {
    story.init({}).phase('Shutdown').process('runtime', 'signalled', 'SIGKILL').at(0.4);
    story.process('runtime', 'exited', 'signal: killed').phase('Closed');
  });
  assert.doesNotMatch(output, /✗|killed/);
  assert.match(lineOf(output, 'Shutdown'), /waited for runtime, gone after 0\.4 ms$/);
});

test('whoever is too busy to be asked to stop is waited for, and its kill is a death', () => {
  const output = text((story) => {
    story
      .init({ stuck: [5, 5] })
      .phase('Invoke', 'a')
      .process('runtime', 'event', 'INVOKE');
    story.process('stuck', 'event', 'INVOKE').at(3).process('runtime', 'ready').at(3000);
    story.phase('Reset', 'a').process('runtime', 'signalled', 'SIGTERM').at(20);
    story
      .process('runtime', 'exited', 'signal: terminated')
      .at(2000)
      .process('stuck', 'signalled', 'SIGKILL');
    story.at(2001).process('stuck', 'exited', 'signal: killed').report('a', 'timeout', 'Sandbox.Timedout');
    story.phase('Closed');
  });
  assert.match(
    lineOf(output, 'Reset'),
    /stuck was still busy and was killed after 2\.00 s; gone: runtime after 20\.0 ms$/,
  );
  assert.match(cellsOf(output, 'stuck').at(-1)!, /█✗$/);
  assert.match(lineOf(output, 'Invoke #1'), /TIMED OUT/);
});

test('many invocations: the middle is one column and one sentence', () => {
  const output = text(many);
  const [, first, last] = /Invoke #(\d+)-#(\d+)/.exec(output) ?? [];
  const count = Number(last) - Number(first) + 1;
  assert.ok(count > 190);
  assert.match(
    output,
    new RegExp(`${count} invocations: p50 5\\.0 ms, p90 5\\.0 ms, max 812\\.0 ms \\(#77, for otlp\\)`),
  );
  assert.match(output, new RegExp(`waited last for otlp ${count} times`));
  assert.ok(output.split('\n').length < 50, `${output.split('\n').length} lines`);
});

test('no line is wider than asked, in ASCII no character is not, and without colour nothing is escaped', () => {
  for (const tell of [held, timedOut, crashed, many]) {
    for (const width of [60, 80, 100, 133, 200]) {
      const unicode = text(tell, { width, unicode: true, colour: false });
      const ascii = text(tell, { width, unicode: false, colour: false });
      for (const line of [...unicode.split('\n'), ...ascii.split('\n')]) {
        assert.ok(line.length <= width, `${line.length} > ${width}: ${line}`);
      }
      assert.match(ascii, /^[\x20-\x7e\n]*$/);
      assert.equal(unicode.includes('\u001b'), false);
      assert.equal(stripVTControlCharacters(text(tell, { width, unicode: true, colour: true })), unicode);
    }
  }
});

test('the same story gives the same text; no story gives none', () => {
  assert.equal(text(timedOut), text(timedOut));
  assert.equal(
    text(() => {}),
    '',
  );
});

test('a life that goes on can be shown, too', () => {
  const output = text((story) =>
    story
      .init({})
      .phase('Invoke', 'a')
      .process('runtime', 'event', 'INVOKE')
      .at(5)
      .tell({ type: 'function', record: 'x', origin: 'runtime' }),
  );
  assert.match(lineOf(output, 'Timeline of hello'), /1 invocation,/);
  assert.match(cellsOf(output, 'runtime').at(-1)!, /^█+$/);
});
