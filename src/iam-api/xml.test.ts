import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toXml } from './xml.ts';

test('elements in order, lists of members, nothing for undefined', () => {
  assert.equal(
    toXml('Answer', 'urn:x', { B: 'b', A: [1, { C: true }], D: undefined, E: [], F: {} }),
    '<Answer xmlns="urn:x"><B>b</B><A><member>1</member><member><C>true</C></member></A><E></E><F></F></Answer>\n',
  );
});

test('no text breaks the document', () => {
  assert.equal(
    toXml('A', 'u', { B: '</B>&"\r\n\u0000\u001F\uD800 ü😀' }),
    '<A xmlns="u"><B>&lt;/B&gt;&amp;&quot;&#xD;\n\uFFFD\uFFFD\uFFFD ü😀</B></A>\n',
  );
});
